"""Failures of a guest, of QEMU and of this process: each failure has its cause, and no QEMU is left behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support.processes import catches, long_enough, qemu, running, soon

from accelkit.errors import GuestError, QemuError
from accelkit.guests import CpuException, Guest, guest
from accelkit.measure import plain_boot as booting
from accelkit.measure.outcome import Outcome
from accelkit.measure.plain_boot import boot
from accelkit.qemu import process
from accelkit.qemu.pipes import MAX_STDERR_BYTES

pytestmark = [pytest.mark.qemu, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

TCG = ("-accel", "tcg")


def boot_marked(mark: str, work: Guest, timeout: float = 600) -> Outcome:
    return boot(qemu(work.target), TCG, work, timeout=timeout, extra=("-name", mark))


# ---- the guest ----


@pytest.mark.parametrize("name", ["hang", "halt"])
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_guest_that_does_not_end_is_killed_in_time(name: str, target: str, mark: str) -> None:
    outcome = boot_marked(mark, guest(name, target), timeout=1)
    assert outcome.cause == guest(name).workload.ends == "timeout"
    assert outcome.why.startswith("not ended in time; ")
    assert outcome.status == -signal.SIGKILL
    assert not running(mark)


def test_a_guest_that_holds_has_reported_before_it_is_killed(mark: str) -> None:
    work = guest("cpu").with_work(n=1000, slices=3, hold=True)
    outcome = long_enough(
        lambda seconds: boot_marked(mark, work, timeout=seconds), lambda it: it.report.slices[2:]
    )
    assert (outcome.cause, outcome.why) == ("timeout", "not ended in time; its report is complete")


def test_a_triple_fault_is_silent(mark: str) -> None:
    outcome = boot_marked(mark, guest("triple"))
    assert outcome.cause == guest("triple").workload.ends == "silent"
    assert outcome.status == 0
    assert outcome.why == "0 of 1 slices were reported; exit status 0"


@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_flood_is_cut_off(target: str, mark: str) -> None:
    outcome = boot_marked(mark, guest("flood", target))
    assert outcome.cause == guest("flood", target).workload.ends == "flood"
    assert outcome.report.junk == b"f" * 1024


@pytest.mark.parametrize(
    ("target", "vector", "error"),
    [
        ("x86_64", 14, 0),  # page fault: a read of what is not present
        ("aarch64", 4, 0x96000004),  # data abort, same level, translation fault at level 0
    ],
)
def test_a_cpu_exception_has_its_address(target: str, vector: int, error: int, mark: str) -> None:
    outcome = boot_marked(mark, guest("fault", target))
    assert outcome.cause == guest("fault", target).workload.ends == "exception"
    assert outcome.status == 37
    assert (exception := outcome.report.exception) is not None
    assert exception == CpuException(vector, error, exception.address, fault=0x123456789000)


def test_a_guest_refuses_work_that_it_does_not_have(mark: str) -> None:
    bad = ("-device", "loader,addr=0x200000,data=99,data-len=4", "-name", mark)
    outcome = boot(qemu(), TCG, guest("none"), extra=bad)
    assert (outcome.cause, outcome.status) == ("refused", 35)


# ---- QEMU ----


def test_a_refused_option_keeps_qemus_words(mark: str) -> None:
    outcome = boot(qemu(), ["-accel", "tcg,tb-sice=1"], guest("none"), extra=("-name", mark))
    assert outcome.cause == "refused"
    assert outcome.status == 1
    assert "tb-sice" in outcome.why
    assert outcome.why in outcome.stderr


def test_a_machine_without_memory_to_give_is_refused(mark: str) -> None:
    outcome = boot(qemu(), TCG, guest("none"), extra=("-name", mark, "-m", "100T"))
    assert outcome.cause == "refused"
    assert outcome.why in outcome.stderr


def test_a_missing_program_is_not_a_refusal() -> None:
    outcome = boot(["no-such-qemu"], TCG, guest("none"))
    assert (outcome.cause, outcome.why) == ("missing", "no-such-qemu: no such program")
    assert outcome.status is None
    behind_a_prefix = boot(["env", "no-such-qemu"], TCG, guest("none"))
    assert (behind_a_prefix.cause, behind_a_prefix.status) == ("missing", 127)
    assert "no-such-qemu" in behind_a_prefix.why


def test_a_file_that_is_no_program_is_missing_too(tmp_path: Path) -> None:
    nonsense = tmp_path / "qemu"
    nonsense.write_bytes(b"\x7fELF nonsense")
    nonsense.chmod(0o755)
    assert boot([str(nonsense)], TCG, guest("none")).cause == "missing"


@pytest.mark.parametrize(
    ("number", "cause", "status"),
    [(signal.SIGKILL, "crashed", -9), (signal.SIGSEGV, "crashed", -11), (signal.SIGTERM, "silent", 0)],
)
def test_a_qemu_ended_from_outside(number: int, cause: str, status: int, mark: str) -> None:
    """SIGTERM makes QEMU leave with status 0, as if all were well."""

    def strike() -> None:
        assert soon(lambda: [pid for pid in running(mark) if catches(pid, signal.SIGTERM)])
        for pid in running(mark):
            os.kill(pid, number)

    qemu()  # or there is nothing to strike
    other = threading.Thread(target=strike)
    other.start()
    outcome = boot_marked(mark, guest("hang"))
    other.join()
    assert (outcome.cause, outcome.status) == (cause, status)


def test_endless_stderr_is_cut_and_does_not_stop_the_guest(mark: str) -> None:
    work = guest("tb-thrash").with_work(n=1, size=20_000, slices=1)
    outcome = boot(qemu(), TCG, work, extra=("-name", mark, "-d", "in_asm"))
    assert outcome.ok
    assert MAX_STDERR_BYTES < len(outcome.stderr) < MAX_STDERR_BYTES + 100
    assert outcome.stderr.endswith(" bytes more")


def test_a_qemu_left_behind_by_its_prefix_is_killed(mark: str) -> None:
    outcome = boot(["sh", "-c", '"$@" & exit 3', "sh", *qemu()], TCG, guest("hang"), extra=("-name", mark))
    assert outcome.status == 3


# ---- us ----


def test_boots_at_the_same_time_do_not_interfere(mark: str) -> None:
    works = [guest("exc").with_work(n=n, slices=2) for n in range(1, 13)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = [job.result() for job in [pool.submit(boot_marked, mark, work) for work in works]]
    assert [(outcome.cause, outcome.why) for outcome in outcomes] == [("ok", "")] * 12


def test_running_out_of_descriptors_is_raised_and_leaves_no_qemu(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no answer of QEMU's, so it is no outcome: the run can be repeated."""

    def exhausted(_: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "pidfd_open", exhausted)
    with pytest.raises(OSError, match="Too many open files"):
        boot_marked(mark, guest("hang"))


def test_a_missing_image_is_an_error_of_the_guest() -> None:
    with pytest.raises(GuestError, match=r"image '/nonexistent': No such file"):
        boot(qemu(), TCG, replace(guest("none"), image="/nonexistent"))


def test_qemu_must_not_run_in_the_background() -> None:
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        boot(qemu(), TCG, guest("none"), extra=("-daemonize",))


def test_an_interrupt_leaves_no_qemu(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        assert soon(lambda: running(mark))
        raise KeyboardInterrupt

    monkeypatch.setattr(booting, "_watch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        boot_marked(mark, guest("hang"))
    assert not running(mark)


PARENT = """
import sys
from accelkit.guests import guest
from accelkit.qemu import process
from accelkit.measure.plain_boot import boot
if sys.argv[1] == "python":
    process.CHILDREN = "/nonexistent"
boot(sys.argv[3:], ["-accel", "tcg"], guest("hang"), timeout=600, extra=["-name", sys.argv[2]])
"""


@pytest.mark.parametrize("way", ["guard", "python"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_qemu_dies_with_its_parent(way: str, number: int, mark: str) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, way, mark, *qemu()]) as parent:
        try:
            assert soon(lambda: [pid for pid in running(mark) if catches(pid, signal.SIGTERM)])
        finally:
            parent.send_signal(number)


def test_a_guest_runs_behind_the_guard_in_python(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "CHILDREN", "/nonexistent")
    assert boot_marked(mark, guest("none")).ok
