"""A worker without a QEMU: names, errors that are not a trial's, and exceptions as records."""

from __future__ import annotations

import errno
import os
import pickle
from typing import Any

import pytest

from accelkit.errors import GuestError, QemuError
from accelkit.guests import Begin, Report, Slice, guest
from accelkit.measure import bundled
from accelkit.measure.supervise import Run
from accelkit.study import worker as worker_module
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import Worker, attempt, measure

TCG = ("-accel", "tcg")
CPU = guest("cpu").with_work(n=100_000, slices=5)
TRIAL = Trial("here", "cpu", "tcg", 0, 0)


def test_a_name_that_the_worker_does_not_know_is_refused() -> None:
    worker = Worker.of([Build("here", ("qemu",), "")], [stored_configuration("tcg", TCG)], [CPU])
    for trial, error, message in (
        (Trial("there", "cpu", "tcg", 0, 0), QemuError, "trial of build 'there', which this worker does not know; did you mean 'here'?"),
        (Trial("here", "cpus", "tcg", 0, 0), GuestError, "trial of guest 'cpus', which this worker does not know; did you mean 'cpu'?"),
        (Trial("here", "cpu", "kvm", 0, 0), QemuError, "trial of configuration 'kvm', which this worker does not know; one of tcg"),
    ):  # fmt: skip
        with pytest.raises(error) as refused:
            worker(trial)
        assert str(refused.value) == message


def test_two_guests_of_one_name_are_refused() -> None:
    with pytest.raises(
        GuestError, match="guests: two are named 'cpu'; names must differ: rename one of them"
    ):
        Worker.of([], [], [CPU, CPU])


def test_qemu_must_not_run_in_the_background() -> None:
    trial = Trial("here", "cpu", "it", 0, 0)
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        measure(trial, Build("here", ("qemu",), ""), stored_configuration("it", ("-daemonize",)), CPU)


def test_a_worker_can_be_pickled() -> None:
    worker = Worker.of([Build("here", ("qemu",), "")], [stored_configuration("tcg", TCG)], [CPU], enough=0.5)
    assert pickle.loads(pickle.dumps(worker)) == worker


def test_an_exception_becomes_a_record() -> None:
    def broken(_: Trial) -> Record:
        raise ValueError("no such thing")

    record = attempt(broken, TRIAL)
    assert (record.trial, record.cause, record.why) == (TRIAL, "error", "ValueError: no such thing")
    assert "in broken" in record.stderr
    assert record.started > 0


def test_a_full_disk_is_its_own_cause() -> None:
    def full(_: Trial) -> Record:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    assert attempt(full, TRIAL).cause == "no-space"


def test_an_interrupt_passes() -> None:
    def interrupted(_: Trial) -> Record:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, TRIAL)


@pytest.mark.parametrize(
    ("number", "cause", "why"),
    [
        (errno.ENOENT, "missing", "qemu: No such file or directory"),
        (errno.ENOSPC, "no-space", "[Errno 28] No space left on device"),
    ],
)
def test_a_command_that_cannot_start_is_a_record(
    number: int, cause: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(bundled, "supervise", fails)
    record = measure(TRIAL, Build("here", ("qemu",), ""), stored_configuration("tcg", TCG), CPU)
    assert (record.cause, record.why, record.value) == (cause, why, None)


def run(**settings: Any) -> Run:
    usual = {"ending": "stop", "status": -9, "wall": 1.0, "user": 1.0, "system": 0.0, "max_rss": None,
             "voluntary_switches": 0, "involuntary_switches": 0, "stderr": ""}  # fmt: skip
    return Run(**{**usual, **settings})


@pytest.mark.parametrize(
    ("settings", "cause", "accelerator", "why"),
    [
        ({}, "ok", "kvm", ""),
        ({"accelerator": "kvm"}, "ok", "kvm", ""),
        ({"accelerator": "tcg", "stderr": "no kvm\n"}, "fell-back", "tcg", "kvm was asked for, tcg ran; QEMU said: no kvm"),
        ({"stderr": "qemu: falling back to tcg\n"}, "fell-back", "tcg",
         "kvm was asked for, tcg ran; QEMU said: qemu: falling back to tcg"),
        ({"trouble": "no answer within 5 s"}, "timeout", "kvm", "the work was done, but: no answer within 5 s"),
        ({"ending": "exit", "status": 1, "stderr": "qemu: no\n"}, "refused", "", "qemu: no"),
        ({"ending": "exit", "status": 1, "stderr": "write: No space left on device\n"}, "no-space", "",
         "write: No space left on device"),
        ({"implausible": "the counter x is -1"}, "implausible", "kvm", "the work was done, but: the counter x is -1"),
        ({"left": ("sh", "qemu-system-x86")}, "crashed", "kvm",
         "the command ended and left qemu-system-x86 running, so its time says nothing; leave -daemonize out"),
        ({"left": ("sleep", "qemu-nbd", "kvm-helper")}, "ok", "kvm", ""),
    ],
)  # fmt: skip
def test_qemus_messages_and_its_accelerator_decide_over_the_guests_answer(
    settings: dict[str, Any], cause: str, accelerator: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = guest("exc").with_work(n=16, slices=5)
    report = Report(Begin(9, 16, 0, 0, 0, 5, 0), (Slice(5, 16),) * 5)
    if settings.get("ending") == "exit":
        report = Report()
    monkeypatch.setattr(worker_module, "run_bundled", lambda *_, **__: (run(**settings), report, None))
    configuration = stored_configuration("both", ("-accel", "kvm", "-accel", "tcg"))
    record = measure(TRIAL, Build("here", ("qemu",), ""), configuration, work)
    assert (record.cause, record.accelerator, record.why) == (cause, accelerator, why)
    assert record.value == (5.0 if cause == "ok" else None)
