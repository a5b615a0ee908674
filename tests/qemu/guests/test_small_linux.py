"""linux_guest() boots on real QEMUs: a script, a program with its libraries, a failure, the counters."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.debian_linux import kernel_and_busybox
from support.processes import qemu
from support.releases import release
from support.tools import tool

from accelkit.guests.custom import SerialGuest
from accelkit.guests.small_linux import linux_guest
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

pytestmark = [pytest.mark.qemu, pytest.mark.skipif(sys.platform != "linux", reason="takes Debian's packages")]

PROGRAM = """\
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) { printf("root %.3f\\n", sqrt(atof(argv[1]))); return argc - 2; }
"""


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., SerialGuest]:
    """linux_guest() with Debian's kernel and busybox, and a cache of its own."""
    folder = tmp_path_factory.mktemp("debian")
    kernel, busybox = kernel_and_busybox(folder)

    def made(script: str, *files: str, **options: object) -> SerialGuest:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            return linux_guest(script, files, kernel=kernel, busybox=busybox, **options)  # type: ignore[arg-type]

    return made


def record_of(guest: SerialGuest, command: tuple[str, ...] | None = None) -> Record:
    build = Build("here", command or qemu(), "")
    point = stored_configuration("tcg", ("-accel", "tcg"))
    return measure(Trial("here", guest.name, "tcg", 0, 0), build, point, guest, timeout=600)


@pytest.mark.parametrize("series", ["5.2", "7.2", "10.0", "11.1"])
def test_a_script_is_measured_phase_by_phase_and_qemu_is_asked(make, series: str) -> None:
    guest = make("test $(nproc) = 2 && mount | grep -q devtmpfs && gzip -c /bin/busybox >/dev/null", cpus=2)
    record = record_of(guest, release(series).command)
    assert (record.cause, record.why, record.status, record.accelerator) == ("ok", "", 0, "tcg")
    assert list(record.phases) == ["boot", "workload", "shutdown"]
    assert min(record.phases.values()) > 0
    assert record.value == pytest.approx(sum(record.phases.values()))
    assert record.counters["tbs"] > 1000


def test_a_program_brings_its_libraries(make, tmp_path: Path) -> None:
    (tmp_path / "prog.c").write_text(PROGRAM)
    program = str(tmp_path / "prog")
    line = [tool("gcc"), "-o", program, str(tmp_path / "prog.c"), "-lm"]
    subprocess.run(line, check=True, timeout=60)
    record = record_of(make("./prog 16 | grep 'root 4.000'; prog 2", program))
    assert (record.cause, record.why) == ("ok", "")


def test_the_work_may_be_divided(make) -> None:
    record = record_of(make("echo pack; echo; echo unpack", phases={"pack": "^pack", "unpack": "^unpack"}))
    assert (record.cause, record.why) == ("ok", "")
    assert list(record.phases) == ["boot", "workload", "pack", "unpack", "shutdown"]


def test_a_script_that_fails_is_a_failure_with_what_it_said(make) -> None:
    record = record_of(make("echo begin; gzip2 x"))
    assert (record.cause, record.value) == ("exception", None)
    assert record.why.startswith("accelkit: the script ended with status 127; before it: ")
    assert "gzip2: not found" in record.why
    assert "boot" in record.phases
