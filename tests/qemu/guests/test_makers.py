"""A real Linux, booted and measured phase by phase."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.debian_linux import kernel_and_busybox
from support.processes import qemu

from accelkit.guests.cpio import FOLDER, PROGRAM, Entry, archive
from accelkit.guests.custom import SerialGuest
from accelkit.guests.makers import linux
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

TCG = ("-accel", "tcg")

INIT = b"""#!/bin/busybox sh
echo AK init
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox mount -t proc none /proc
case "$(/bin/busybox cat /proc/cmdline)" in
*ak-poweroff*) /bin/busybox poweroff -f ;;
*ak-panic*) exit 1 ;;
esac
echo AK ready
exec /bin/busybox sleep 1000
"""


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Debian's kernel for clouds, and an initramfs of busybox and one script."""
    folder = tmp_path_factory.mktemp("debian")
    kernel, busybox = kernel_and_busybox(folder)
    files = {"bin/busybox": Entry(PROGRAM, Path(busybox).read_bytes()), "init": Entry(PROGRAM, INIT)}
    (folder / "initrd").write_bytes(archive({"dev": Entry(FOLDER), "proc": Entry(FOLDER), **files}))
    return kernel, str(folder / "initrd")


def trial(guest: SerialGuest, timeout: float = 600) -> Record:
    planned = Trial("here", guest.name, "tcg", 0, 0)
    return measure(
        planned, Build("here", qemu(), ""), stored_configuration("tcg", TCG), guest, timeout=timeout
    )


@pytest.mark.qemu
@pytest.mark.skipif(sys.platform != "linux", reason="takes Debian's packages")
class TestLinux:
    PHASES = {"kernel": "Linux version", "memory": "Memory: ", "init": "AK init"}  # noqa: RUF012 - never changed

    def test_a_boot_is_measured_phase_by_phase(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "tsc=reliable", until="AK ready", phases=self.PHASES))
        assert (record.cause, record.why) == ("ok", "")
        assert list(record.phases) == ["kernel", "memory", "init"]
        assert 0 < sum(record.phases.values()) < (record.value or 0.0) < record.wall
        assert record.phases["memory"] > record.phases["kernel"]
        assert (record.unit, record.accelerator, record.status) == ("s", "tcg", 0)
        assert record.counters["tbs"] > 1000

    def test_without_until_the_run_ends_with_the_machine_and_qemu_is_still_asked(
        self, debian: tuple[str, str]
    ) -> None:
        record = trial(linux(*debian, "quiet ak-poweroff", phases={"firmware": "", "init": "AK init"}))
        assert (record.cause, record.why, record.status) == ("ok", "", 0)
        assert record.phases.keys() == {"firmware", "init"}
        assert sum(record.phases.values()) == pytest.approx(record.value)
        assert (record.value or 0.0) < record.wall
        assert record.counters["tbs"] > 1000

    def test_a_phase_that_never_begins_fails_the_run(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "quiet ak-poweroff", phases=self.PHASES))
        assert (record.cause, record.value) == ("silent", None)
        assert record.why.startswith(
            "it ended, and the phase 'kernel' did not begin: 'Linux version' was not seen"
        )

    def test_a_panic_is_the_cause_with_the_kernels_message(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "ak-panic", until="AK ready"))
        assert record.cause == "exception"
        assert record.why.startswith("Kernel panic - not syncing: Attempted to kill init!")
        assert record.value is None
