"""Failures of a trial: each failure has its cause, QEMU's messages are kept, and no QEMU is left behind."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.processes import catches, long_enough, qemu, running, soon, stopped

from accelkit.errors import GuestError
from accelkit.guests import guest
from accelkit.guests.custom import SerialGuest
from accelkit.guests.makers import AnyGuest, command, linux
from accelkit.measure import supervise
from accelkit.qemu.counters import ask
from accelkit.qemu.pipes import MAX_STDERR_BYTES
from accelkit.qemu.qmp import Qmp
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

pytestmark = [pytest.mark.qemu, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

TCG = ("-accel", "tcg")


def tried(
    work: AnyGuest,
    mark: str,
    *argv: str,
    build: tuple[str, ...] | None = None,
    timeout: float = 600,
    enough: float | None = None,
) -> Record:
    target = getattr(work, "target", "x86_64")
    asked = Trial("here", work.name, "it", 0, 0)
    configuration = stored_configuration("it", (*TCG, "-name", mark, *argv))
    return measure(
        asked, Build("here", build or qemu(target), ""), configuration, work, timeout=timeout, enough=enough
    )


# ---- the guest ----


@pytest.mark.parametrize(
    ("name", "target", "cause", "status", "why"),
    [
        ("hang", "x86_64", "timeout", -9, "not ended in time; 0 of 1 slices were reported"),
        ("halt", "aarch64", "timeout", -9, "not ended in time; 0 of 1 slices were reported"),
        ("triple", "x86_64", "silent", 0, "0 of 1 slices were reported; exit status 0"),
        ("flood", "x86_64", "flood", -9, "more output than any report has; killed"),
        ("fault", "x86_64", "exception", 37, "CPU exception 14, "),
        ("fault", "aarch64", "exception", 37, "CPU exception 4, "),
    ],
)
def test_a_guest_that_fails_has_its_cause(
    name: str, target: str, cause: str, status: int, why: str, mark: str
) -> None:
    record = tried(guest(name, target), mark, timeout=1.5 if cause == "timeout" else 600)
    assert (record.cause, record.status) == (cause, status)
    assert record.why.startswith(why)
    assert record.value is None
    assert record.accelerator == "tcg"
    assert not running(mark)


def test_a_wrong_answer_fails_after_any_number_of_slices(mark: str) -> None:
    """There is no value if the guest does other work than its report is verified against."""
    work = guest("exc").with_work(n=1000, slices=2000)
    other = ("-device", "loader,addr=0x200020,data=1,data-len=4")  # another seed
    record = tried(work, mark, *other, enough=0.01)
    assert record.cause == "wrong-checksum"
    assert record.why.startswith("the guest did (workload, n, size, cpus, seed, slices) = ")
    assert record.value is None


def test_too_few_slices_by_the_timeout_give_no_value(mark: str) -> None:
    record = tried(guest("cpu").with_work(n=4_000_000_000, slices=5), mark, timeout=1.5, enough=0.1)
    assert (record.cause, record.status, record.value) == ("timeout", -9, None)


# ---- QEMU ----


def test_a_refused_option_keeps_qemus_words(mark: str) -> None:
    record = tried(guest("none"), mark, "-device", "tb-sice")
    assert (record.cause, record.status, record.accelerator) == ("refused", 1, "")
    assert "tb-sice" in record.why
    assert record.why in record.stderr


def test_a_missing_program_is_a_record(mark: str, tmp_path: Path) -> None:
    record = tried(guest("none"), mark, build=("no-such-qemu",))
    assert (record.cause, record.why, record.status) == ("missing", "no-such-qemu: no such program", None)
    behind = tried(guest("none"), mark, build=("env", "no-such-qemu"))
    assert (behind.cause, behind.status) == ("missing", 127)
    nonsense = tmp_path / "qemu"
    nonsense.write_bytes(b"\x7fELF nonsense")
    nonsense.chmod(0o755)
    assert tried(guest("none"), mark, build=(str(nonsense),)).cause == "missing"


@pytest.mark.parametrize(
    ("number", "cause", "status"), [(signal.SIGKILL, "crashed", -9), (signal.SIGTERM, "silent", 0)]
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
    record = tried(guest("hang"), mark)
    other.join()
    assert (record.cause, record.status) == (cause, status)


def test_a_qemu_that_does_not_answer_is_killed(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "ANSWER_SECONDS", 300.0)

    def ask_a_stopped_one(qmp: Qmp, asked: Sequence[str]) -> tuple[str, dict[str, float]]:
        assert qmp.execute("query-status")["running"]  # it has answered until now
        (pid,) = running(mark)
        os.kill(pid, signal.SIGSTOP)
        assert soon(lambda: stopped(pid))
        monkeypatch.setattr(qmp, "_timeout", 0.3)
        monkeypatch.setattr(qmp, "_deadline", None)  # the clock starts again
        return ask(qmp, asked)

    monkeypatch.setattr(supervise, "ask", ask_a_stopped_one)
    record = tried(guest("cpu").with_work(n=1000, slices=2), mark)
    assert (record.cause, record.status) == ("timeout", -signal.SIGKILL)
    assert record.why == "the work was done, but: QMP x-query-jit: no answer within 0.3 s"
    assert record.value is None
    assert len(record.slices) == 2


def test_endless_stderr_is_cut_and_does_not_stop_the_guest(mark: str) -> None:
    work = guest("tb-thrash").with_work(n=1, size=20_000, slices=1)
    record = tried(work, mark, "-d", "in_asm")
    assert record.ok
    assert (
        abs(len(record.stderr) - MAX_STDERR_BYTES) < 300
    )  # without the warning about arguments that accelkit adds


def test_a_full_disk_has_its_own_cause(mark: str) -> None:
    full = ("sh", "-c", 'echo "qemu: writing: No space left on device" >&2; exit 1', "sh")
    record = tried(guest("cpu"), mark, build=full)
    assert (record.cause, record.why) == ("no-space", "qemu: writing: No space left on device")


def test_a_full_disk_before_the_start_has_its_own_cause(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(supervise, "start", full)
    record = tried(guest("cpu"), mark, build=("qemu",))
    assert record.cause == "no-space"


def test_a_qemu_left_behind_by_its_prefix_is_killed(mark: str) -> None:
    record = tried(guest("hang"), mark, build=("sh", "-c", '"$@" & exit 3', "sh", *qemu()))
    assert record.status == 3


# ---- a user's own guests ----


def bare(**settings: object) -> SerialGuest:
    """A bundled guest in place of a kernel: its report is the text on the console."""
    work = guest("hang", "aarch64")
    told = [part for word in work.argv() if word.startswith("loader,") for part in ("-device", word)]
    return linux(work.image, target="aarch64", memory=64, extra=told, **settings)  # type: ignore[arg-type]


def test_a_word_on_the_console_ends_the_run(mark: str) -> None:
    record = tried(bare(until="^AK1 B", phases={"whole": ""}), mark)
    assert (record.cause, record.why, record.status) == ("ok", "", 0)
    assert record.unit == "s"
    assert record.value is not None
    assert 0 < record.phases["whole"] == record.value < record.wall
    assert record.counters["tbs"] > 0


def test_a_word_that_never_comes_is_a_timeout_with_the_last_line(mark: str) -> None:
    record = long_enough(
        lambda seconds: tried(bare(until="login:"), mark, timeout=seconds), lambda record: "AK1" in record.why
    )
    assert (record.cause, record.status, record.value) == ("timeout", -9, None)
    assert record.why.startswith("not ended in time; 'login:' was not seen; last on the console: 'AK1 B ")


def test_a_command_that_hangs_or_floods_is_killed(mark: str) -> None:
    hangs = tried(command(["sh", "-c", "sleep 600; : {accel}"]), mark, timeout=0.5)
    assert (hangs.cause, hangs.status) == ("timeout", -9)
    floods = tried(command(["sh", "-c", "yes; : {accel}"]), mark)
    assert (floods.cause, floods.status) == ("flood", -9)


def test_a_file_that_is_gone_is_an_error_of_the_guest(mark: str, tmp_path: Path) -> None:
    kernel = tmp_path / "vmlinuz"
    kernel.write_text("")
    gone = linux(str(kernel))
    kernel.unlink()
    with pytest.raises(GuestError, match="vmlinuz': No such file or directory; name a file that can be read"):
        tried(gone, mark)


# ---- this process ----


def test_an_interrupt_leaves_no_qemu(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        assert soon(lambda: running(mark))
        raise KeyboardInterrupt

    monkeypatch.setattr(supervise, "_watch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tried(guest("hang"), mark)
    assert not running(mark)
