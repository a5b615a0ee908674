"""QEMU in a container, by the real podman: descriptors reach it, and it ends however the study does."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread

import pytest
from oracle import real_qemu
from processes import soon
from support.releases import release
from support.tools import tool, unavailable

from accelkit import tcg
from accelkit.cli import main
from accelkit.errors import QemuError
from accelkit.guests import guest
from accelkit.guests.foreign import AnyGuest, command
from accelkit.live import probe
from accelkit.qemu import supervise
from accelkit.qemu.binary import version
from accelkit.qemu.boot import boot
from accelkit.qemu.container import numbers, passed_on, started
from accelkit.qemu.measure import measure
from accelkit.study import study
from accelkit.study.trial import Build, Configuration, Record, Trial

pytestmark = [pytest.mark.qemu, pytest.mark.skipif(sys.platform != "linux", reason="podman is local on Linux")]

TCG = ("-accel", "tcg")
SERIES = "10.0"

LIMITS = ("--ulimit=nofile=1024:4096", "--ulimit=nproc=1000:1000")
WAYS = (((), ()), ((), LIMITS), (("--runtime", "runc"), LIMITS))
"""Options of podman and of its run; the latter ones for a host that is itself a container."""

WORKING = guest("cpu").with_work(n=100_000_000, slices=100)
CLOSING = ("import os, sys; os.closerange(3, 256); os.execvp(sys.argv[1], sys.argv[1:])",)


@cache
def podman_run() -> tuple[tuple[str, ...], tuple[str, ...]] | str:
    """What stands before a container's own options, and what stands after them; or why there is none."""
    chroot, folder, *_ = release(SERIES).command
    if chroot != "chroot":
        return f"QEMU {SERIES} has no root here; .ci/qemu-matrix makes one"
    root = ("--rootfs", f"{folder}:O", "qemu-system-x86_64")
    said = ""
    for before, after in WAYS:
        words = (tool("podman"), *before, "run", "--rm", "-i", "--network=none", *after)
        done = subprocess.run(
            [*words, *root, "--version"], capture_output=True, text=True, timeout=600, check=False
        )
        if done.returncode == 0:
            return words, root
        said = done.stderr
    return f"podman runs nothing here: {said}"


class Container:
    """Commands that run QEMU in containers, which are found by a label of their own."""

    def __init__(self) -> None:
        found = podman_run()
        assert not isinstance(found, str)
        self.label = f"--label=accelkit-test={uuid.uuid4().hex}"
        self._words, self._root = found

    def command(self, *options: str) -> tuple[str, ...]:
        return (*self._words, self.label, *options, *self._root)

    @property
    def build(self) -> Build:
        return Build("there", self.command("--preserve-fds=3"), SERIES)

    def running(self, *options: str) -> list[str]:
        """The ids of those that run; with ``--all``, of those that are there."""
        mark = self.label.removeprefix("--label=")
        asked = ["podman", "ps", "--quiet", *options, "--filter", f"label={mark}"]
        return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=600).stdout.split()

    def is_gone(self) -> bool:
        """Whether none runs any more, soon after podman has ended: it cleans up by itself."""
        return soon(lambda: not self.running("--all"))

    def tried(self, work: AnyGuest, timeout: float = 600) -> Record:
        trial = Trial("there", work.name, "it", 0, 0)
        return measure(trial, self.build, Configuration("it", TCG), work, timeout=timeout)


@pytest.fixture
def container() -> Iterator[Container]:
    if isinstance(why := podman_run(), str):
        unavailable(why)
    here = Container()
    yield here
    gone = here.is_gone()
    for each in here.running("--all"):
        subprocess.run(["podman", "rm", "--force", each], check=True, timeout=600, capture_output=True)
    assert gone


# ---- descriptors ----


def test_a_command_finds_its_descriptors_from_3_on_and_no_others() -> None:
    code = (
        "import os, sys\n"
        "for number in range(3, 10):\n"
        "    try: seen = os.fstat(number)\n"
        "    except OSError: continue\n"
        "    print(number, seen.st_ino, seen.st_rdev)\n"
    )
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(12)]
        output = stack.enter_context(TemporaryFile())
        # Numbers that stand in each other's way: what is to become 3 and 4 is 4 and 3, or near it.
        for pair in ((files[0], files[1]), (files[1], files[0]), (files[11], files[0])):
            keep = tuple(file.fileno() for file in pair)
            line = [sys.executable, "-S", "-c", code, "--preserve-fds=4"]
            output.seek(0)
            output.truncate()
            with started(line, stdout=output.fileno(), stderr=output.fileno(), keep=keep) as child:
                assert child.reap()[0] == 0
            output.seek(0)
            seen = [tuple(map(int, row.split())) for row in output.read().decode().splitlines()]
            null = os.stat(os.devnull)
            assert numbers(line, keep) == (3, 4)
            assert stat.S_ISCHR(null.st_mode)
            assert seen == [
                *((number, os.fstat(each).st_ino, 0) for number, each in enumerate(keep, 3)),
                *((number, null.st_ino, null.st_rdev) for number in (5, 6)),
            ]


@pytest.mark.parametrize("given", [("--preserve-fds=2",), ("--preserve-fds", "x"), ("--preserve-fds",),
                                   ("--preserve-fds=1000",)])  # fmt: skip
def test_too_few_descriptors_are_refused_before_anything_runs(given: tuple[str, ...]) -> None:
    with pytest.raises(QemuError, match="QEMU is given up to 3 descriptors; write --preserve-fds=3"):
        passed_on(("podman", "run", *given))


@pytest.mark.parametrize("target", real_qemu.TARGETS)
@pytest.mark.parametrize("series", real_qemu.SERIES)
def test_a_prefix_that_passes_no_descriptors_on_is_told_so(series: str, target: str) -> None:
    qemu = release(series, target)
    with pytest.raises(QemuError) as caught:
        probe((sys.executable, "-S", "-c", *CLOSING, *qemu.command))
    assert "no descriptor reaches this QEMU" in str(caught.value)
    assert "podman run --preserve-fds=3 --rm -i IMAGE qemu-system-x86_64" in str(caught.value)


def test_podman_without_the_option_is_told_the_whole_command_to_write(container: Container, tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    with pytest.raises(QemuError) as caught:
        study(tcg(), ["cpu"], qemu=[container.command()], store=str(store), blocks=1, watch=False)
    written = str(caught.value).rpartition("; write: ")[2]
    assert " run --preserve-fds=3 --rm " in written
    assert not store.exists()
    assert probe(written).version[:2] == (10, 0)


def test_what_closes_descriptors_in_front_of_podman_is_told(container: Container) -> None:
    with pytest.raises(QemuError, match="what stands in front of podman closes them, as sudo does"):
        probe((sys.executable, "-S", "-c", *CLOSING, *container.build.command))


# ---- at work ----


def test_a_study_compares_a_container_with_the_qemu_on_path(container: Container, tmp_path: Path) -> None:
    builds = ["qemu-system-x86_64", " ".join(container.command("--preserve-fds=3"))]
    result = study(
        tcg(), ["cpu"], qemu=builds, store=str(tmp_path / "s.sqlite"), blocks=2, run_seconds=0.05, watch=False
    )
    assert [record.why for record in result.records] == [""] * 4
    assert {record.trial.build.split(".")[0] for record in result.records} == {"7", "10"}
    for record in result.records:
        assert record.ok
        assert record.accelerator == "tcg"
        assert record.counters["tbs"] > 0
    assert container.is_gone()


def test_boot_and_whole_commands_run_there_too(container: Container) -> None:
    small = guest("cpu").with_work(n=1000, slices=2)
    assert boot(container.build.command, TCG, small).why == ""
    assert container.tried(command(["-M", "none", "-display", "none", "-version"])).why == ""


def test_what_podman_cannot_start_is_kept_in_its_words(container: Container) -> None:
    missing = Build("there", (*container.build.command[:-1], "qemu-system-none"), SERIES)
    record = measure(
        Trial("there", "cpu", "it", 0, 0), missing, Configuration("it", TCG), guest("cpu"), timeout=600
    )
    assert record.cause == "missing"
    assert "qemu-system-none" in record.why


def test_what_a_qemu_says_of_itself_is_heard_from_a_container(
    container: Container, capsys: pytest.CaptureFixture[str]
) -> None:
    assert version(container.build.command)[:2] == (10, 0)
    assert main(["run", "tcg", "--qemu", shlex.join(container.build.command)]) == 0
    assert "QEMU 10.0." in capsys.readouterr().out


def test_a_qemu_that_is_killed_has_crashed(container: Container) -> None:
    def kill() -> None:
        assert soon(container.running)
        subprocess.run(["podman", "kill", *container.running()], check=True, timeout=600, capture_output=True)

    killer = Thread(target=kill)
    killer.start()
    record = container.tried(WORKING)
    killer.join()
    assert (record.cause, record.status) == ("crashed", -signal.SIGKILL)
    assert record.why.startswith("ended by SIGKILL")


# ---- its end ----


@pytest.mark.parametrize("work", [WORKING, command(["-M", "none", "-S", "-display", "none"])], ids=["held", "whole"])
def test_a_container_that_is_late_is_ended_with_its_qemu(container: Container, work: AnyGuest) -> None:
    record = container.tried(work, timeout=2)
    assert record.cause == "timeout"
    assert container.is_gone()


def test_one_that_is_late_before_it_runs_is_not_left_behind(container: Container) -> None:
    for hundredths in (1, 5, 10, 15, 20):
        assert container.tried(WORKING, timeout=hundredths / 100).cause == "timeout"
    assert container.is_gone()


def test_an_interrupt_ends_it(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        assert soon(container.running)
        raise KeyboardInterrupt

    monkeypatch.setattr(supervise, "_watch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        container.tried(WORKING)
    assert container.is_gone()


def test_a_killed_study_leaves_no_qemu_running(container: Container, tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(
        "import sys\n"
        "from accelkit.guests import guest\n"
        "from accelkit.qemu.boot import boot\n"
        "boot(sys.argv[1:], ['-accel', 'tcg'], guest('cpu').with_work(n=100_000_000, slices=100))\n"
    )
    with subprocess.Popen([sys.executable, str(script), *container.build.command]) as killed:
        assert soon(container.running)
        time.sleep(0.5)  # podman is to have taken over its signals
        killed.send_signal(signal.SIGKILL)
    assert soon(lambda: not container.running())


def test_podmans_own_timeout_ends_what_nothing_else_would(container: Container) -> None:
    """The guarantee of last resort that the README names: podman itself is killed, and QEMU stays in time."""
    line = [*container.command("--timeout=10"), "-M", "none", "-S", "-display", "none"]
    with subprocess.Popen(line, start_new_session=True) as podman:
        assert soon(container.running)
        podman.kill()
    assert container.running()
    assert soon(lambda: not container.running())
