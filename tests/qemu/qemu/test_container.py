"""QEMU in a container of the real podman: descriptors reach it, and it ends when the study ends, however that is."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Thread

import pytest
from oracle import real_qemu
from support.processes import soon
from support.releases import release
from support.tools import tool, unavailable

from accelkit import tcg
from accelkit.cli import main
from accelkit.errors import QemuError
from accelkit.guests import guest
from accelkit.guests.makers import AnyGuest, command
from accelkit.measure import supervise
from accelkit.measure.plain_boot import boot
from accelkit.qemu.binary import version
from accelkit.qemu.identity import digest
from accelkit.schemas.probe import probe
from accelkit.study import study
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

pytestmark = [
    pytest.mark.qemu,
    pytest.mark.skipif(sys.platform != "linux", reason="podman is local on Linux"),
]

TCG = ("-accel", "tcg")
SERIES = "10.0"

LIMITS = ("--ulimit=nofile=1024:4096", "--ulimit=nproc=1000:1000")
WAYS = (((), ()), ((), LIMITS), (("--runtime", "runc"), LIMITS))
"""Options of podman and of its run; the latter ones for a host that is itself a container."""

WORKING = guest("cpu").with_work(n=100_000_000, slices=100)
CLOSING = ("import os, sys; os.closerange(3, 256); os.execvp(sys.argv[1], sys.argv[1:])",)


@cache
def podman_run() -> tuple[tuple[str, ...], tuple[str, ...]] | str:
    """The words before and after a container's own options."""
    chroot, folder, *_ = release(SERIES).command
    if chroot != "chroot":
        return f"QEMU {SERIES} has no root here; .ci/qemu-matrix makes one"
    root = ("--rootfs", f"{folder}:O", "qemu-system-x86_64")
    message = ""
    for before, after in WAYS:
        words = (tool("podman"), *before, "run", "--rm", "-i", "--network=none", *after)
        process = subprocess.run(
            [*words, *root, "--version"], capture_output=True, text=True, timeout=600, check=False
        )
        if process.returncode == 0:
            return words, root
        message = process.stderr
    return f"podman runs nothing here: {message}"


class Container:
    """Commands that run QEMU in containers with a label of their own."""

    def __init__(self) -> None:
        found = podman_run()
        assert not isinstance(found, str)
        self.label = f"--label=accelkit-test={uuid.uuid4().hex}"
        self._words, self._root = found

    def command(self, *options: str) -> tuple[str, ...]:
        return (*self._words, self.label, *options, *self._root)

    @property
    def build(self) -> Build:
        return Build("container", self.command("--preserve-fds=3"), SERIES)

    def running(self, *options: str) -> list[str]:
        """The ids of the containers that run; with ``--all``, of all that exist."""
        mark = self.label.removeprefix("--label=")
        line = ["podman", "ps", "--quiet", *options, "--filter", f"label={mark}"]
        return subprocess.run(line, capture_output=True, text=True, check=True, timeout=600).stdout.split()

    def is_gone(self) -> bool:
        """Whether no container is left, soon after podman has ended: podman removes it by itself."""
        return soon(lambda: not self.running("--all"))

    def record_of(self, work: AnyGuest, timeout: float = 600) -> Record:
        trial = Trial("container", work.name, "it", 0, 0)
        return measure(trial, self.build, stored_configuration("it", TCG), work, timeout=timeout)


@pytest.fixture
def container() -> Iterator[Container]:
    if isinstance(why := podman_run(), str):
        unavailable(why)
    here = Container()
    yield here
    gone = here.is_gone()
    for container in here.running("--all"):
        subprocess.run(["podman", "rm", "--force", container], check=True, timeout=600, capture_output=True)
    assert gone


# ---- descriptors ----


@pytest.mark.parametrize(("series", "target"), real_qemu.BINARIES)
def test_a_prefix_that_passes_no_descriptors_on_is_an_error_with_advice(series: str, target: str) -> None:
    qemu = release(series, target)
    with pytest.raises(QemuError) as caught:
        probe((sys.executable, "-S", "-c", *CLOSING, *qemu.command))
    assert "no descriptor reaches this QEMU" in str(caught.value)
    assert "podman run --preserve-fds=3 --rm -i IMAGE qemu-system-x86_64" in str(caught.value)


def test_podman_without_the_option_is_an_error_with_the_command_to_write(
    container: Container, tmp_path: Path
) -> None:
    store = tmp_path / "s.sqlite"
    with pytest.raises(QemuError) as caught:
        study(tcg(), ["cpu"], qemu=[container.command()], store=str(store), blocks=1, watch=False)
    advice = str(caught.value).rpartition("; write: ")[2]
    assert " run --preserve-fds=3 --rm " in advice
    assert not store.exists()
    assert probe(advice).version[:2] == (10, 0)


def test_a_command_in_front_of_podman_that_closes_descriptors_is_an_error_of_its_own(
    container: Container,
) -> None:
    with pytest.raises(QemuError, match="a command in front of podman closes them, as sudo does"):
        probe((sys.executable, "-S", "-c", *CLOSING, *container.build.command))


# ---- runs ----


def test_a_study_compares_a_container_with_the_qemu_on_path(container: Container, tmp_path: Path) -> None:
    builds = ["qemu-system-x86_64", " ".join(container.command("--preserve-fds=3"))]
    result = study(
        tcg(),
        ["cpu"],
        qemu=builds,
        store=str(tmp_path / "s.sqlite"),
        blocks=2,
        run_seconds=0.05,
        anyway=True,
        watch=False,
    )
    assert [record.why for record in result.records] == [""] * 4
    assert {record.trial.build.split(".")[0] for record in result.records} == {"7", "10"}
    for record in result.records:
        assert record.ok
        assert record.accelerator == "tcg"
        assert record.counters["tbs"] > 0
    assert container.is_gone()


def test_boot_and_commands_run_in_a_container(container: Container) -> None:
    small = guest("cpu").with_work(n=1000, slices=2)
    assert boot(container.build.command, TCG, small).why == ""
    assert container.record_of(command(["-M", "none", "-display", "none", "-version"])).why == ""


def test_a_program_that_podman_cannot_start_is_missing_with_podmans_message(container: Container) -> None:
    missing = Build("container", (*container.build.command[:-1], "qemu-system-none"), SERIES)
    record = measure(
        Trial("container", "cpu", "it", 0, 0),
        missing,
        stored_configuration("it", TCG),
        guest("cpu"),
        timeout=600,
    )
    assert record.cause == "missing"
    assert "qemu-system-none" in record.why


def test_the_version_of_a_qemu_in_a_container_is_shown(
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
    record = container.record_of(WORKING)
    killer.join()
    assert (record.cause, record.status) == ("crashed", -signal.SIGKILL)
    assert record.why.startswith("ended by SIGKILL")


# ---- its end ----


@pytest.mark.parametrize(
    "work", [WORKING, command(["-M", "none", "-S", "-display", "none"])], ids=["bundled", "command"]
)
def test_a_timeout_ends_the_container_with_its_qemu(container: Container, work: AnyGuest) -> None:
    record = container.record_of(work, timeout=2)
    assert record.cause == "timeout"
    assert container.is_gone()


def test_a_timeout_before_the_container_runs_leaves_none_behind(container: Container) -> None:
    for hundredths in (1, 5, 10, 15, 20):
        assert container.record_of(WORKING, timeout=hundredths / 100).cause == "timeout"
    assert container.is_gone()


def test_an_interrupt_ends_the_container(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        assert soon(container.running)
        raise KeyboardInterrupt

    monkeypatch.setattr(supervise, "_watch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        container.record_of(WORKING)
    assert container.is_gone()


def test_a_killed_study_leaves_no_qemu_running(container: Container, tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(
        "import sys\n"
        "from accelkit.guests import guest\n"
        "from accelkit.measure.plain_boot import boot\n"
        "boot(sys.argv[1:], ['-accel', 'tcg'], guest('cpu').with_work(n=100_000_000, slices=100))\n"
    )
    with subprocess.Popen([sys.executable, str(script), *container.build.command]) as killed:
        assert soon(container.running)  # its QEMU may still ignore SIGTERM: the guard sends it again
        killed.send_signal(signal.SIGKILL)
    assert soon(lambda: not container.running())


def test_podmans_timeout_ends_a_container_whose_podman_was_killed(container: Container) -> None:
    """The last resort that the README names: podman itself is killed, and QEMU still ends in time."""
    line = [*container.command("--timeout=10"), "-M", "none", "-S", "-display", "none"]
    with subprocess.Popen(line, start_new_session=True) as podman:
        assert soon(container.running)
        podman.kill()
    assert container.running()
    assert soon(lambda: not container.running())


def test_the_digest_is_that_of_the_binary_in_the_container(container: Container) -> None:
    assert digest(container.command("--preserve-fds=3")) == digest(release(SERIES).command) != ""
    assert container.is_gone()
