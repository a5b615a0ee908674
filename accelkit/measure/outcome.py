"""What one run came to: the measurements, and one word for the cause. Pure."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import BAD_WORKLOAD, Report

Cause = Literal[
    "ok", "refused", "missing", "crashed", "timeout", "silent", "wrong-checksum", "exception", "flood",
    "fell-back", "no-space", "error",
]  # fmt: skip
"""Why a run ended as it did; :data:`CAUSES` has what each word means. Stores keep these words."""


@dataclass(frozen=True, slots=True)
class CauseText:
    """A cause in words: ``meaning`` is what happened, ``remedy`` what to do, empty where that depends on the case.

    ``done`` is False where the host failed and not the trial, which is then measured again.
    """

    meaning: str
    remedy: str = ""
    done: bool = True


CAUSES: Final[Mapping[Cause, CauseText]] = {
    "ok": CauseText("the guest did its work, and its answer is right"),
    "refused": CauseText(
        "QEMU rejected an option or the machine, or the guest does not have the work asked for",
        "read QEMU's own words; accelkit check says which option is at fault",
    ),
    "missing": CauseText(
        "the program does not exist or cannot be executed", "correct the command that starts QEMU", done=False
    ),
    "crashed": CauseText("QEMU was ended by a signal, or exited with another status than the guest asks for"),
    "timeout": CauseText("it did not end in time and was killed", "give more time, or the guest less work"),
    "silent": CauseText(
        "it ended before its report was complete: a triple fault in the guest, or something told QEMU to stop"
    ),
    "wrong-checksum": CauseText("the guest did its work wrong, or other work than was asked for"),
    "exception": CauseText("the guest's CPU raised an exception, or the guest reported a failure"),
    "flood": CauseText("it wrote more output than any report has and was killed"),
    "fell-back": CauseText(
        "another accelerator ran than the first one asked for",
        "accelkit doctor says why the first one does not work here",
    ),
    "no-space": CauseText("the disk is full", "make room on it", done=False),
    "error": CauseText("the measurement itself failed; stderr has the traceback", done=False),
}
"""Every cause with its words. All but ``ok`` are failures, kept with QEMU's own words."""

NOT_DONE: Final[tuple[Cause, ...]] = tuple(cause for cause, text in CAUSES.items() if not text.done)
"""Causes that say nothing about the trial, only that the host could not measure it."""

NO_VALUE: Final = "no-value"
"""The failure of a run whose cause is ``ok`` and whose value is no number above 0."""

FAILURES: Final[Mapping[str, str]] = {
    **{cause: text.meaning for cause, text in CAUSES.items() if cause != "ok"},
    NO_VALUE: "the run was good, but its value is not a number above 0, so it cannot be compared",
}
"""What each failure means; the keys are those of :attr:`accelkit.study.model.Record.failure`."""

Ending = Literal["exit", "timeout", "flood", "stop"]
"""What ended QEMU: it exited by itself; we killed it for one of two reasons; or we stopped it, as the guest was done."""

EXEC_FAILED_STATUSES: Final = (125, 126, 127)
"""Exit statuses of sh, env, chroot, podman, … when what they are to start cannot be run."""

STOP_STATUSES: Final = (0, -signal.SIGKILL)
"""Statuses of a QEMU that we stopped: by QMP's quit, or by the kill that follows it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One boot. Times are in seconds, memory in KiB; CPU times and counts are those of QEMU.

    ``why`` is one line, empty when the cause is ok. ``max_rss`` is None where it cannot be measured:
    on Linux a program starts with the peak of the process that started it, so a QEMU that stays below
    this process' own peak hides behind it. ``status`` is QEMU's exit status, minus the signal if
    a signal ended it, None if QEMU never started. ``stderr`` has QEMU's own words. ``command`` is what
    to type to repeat the boot.
    """

    cause: Cause
    why: str
    wall: float
    user: float
    system: float
    max_rss: int | None
    voluntary_switches: int
    involuntary_switches: int
    status: int | None
    report: Report
    stderr: str
    command: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the guest did all of its work, with the right answer."""
        return self.cause == "ok"


def judge(
    guest: Guest, report: Report, status: int, ending: Ending, stderr: str, least: int | None = None
) -> tuple[Cause, str]:
    """The cause of a boot, and why, in one line; ``least`` is that of ``Guest.verify``.

    >>> from accelkit.guests import guest
    >>> judge(guest("cpu"), Report(), 1, "exit", "qemu: -accel tcg,x=1: Property not found")
    ('refused', 'qemu: -accel tcg,x=1: Property not found')
    """
    lines = [line for line in stderr.splitlines() if line.strip()]
    last = lines[-1] if lines else f"exit status {status} and no message"
    qemu_message = f"; QEMU said: {last}" if lines else ""
    wrong = guest.verify(report, least)
    match ending:
        case "flood":
            return "flood", "more output than any report has; killed"
        case "timeout":
            return "timeout", f"not ended in time; {wrong or 'its report is complete'}{qemu_message}"
        case "stop" if wrong is not None and status in STOP_STATUSES:
            return "wrong-checksum", wrong
        case "stop" if status in STOP_STATUSES:
            return "ok", ""
        case "stop" | "exit":
            pass
    if status < 0:
        return "crashed", f"ended by {signal_name(-status)}{qemu_message}"
    if report.exception is not None:
        return "exception", wrong or "a CPU exception after the report"
    if report.begin is None and status in EXEC_FAILED_STATUSES:
        return "missing", last
    if report.begin is None and status == BAD_WORKLOAD:
        return "refused", f"the guest does not have this work: {guest.words()}"
    if report.begin is None and status != 0:
        return "refused", last
    if wrong is None and status in guest.passing:
        return "ok", ""
    if wrong is None:
        return "crashed", f"exit status {status} after a complete report{qemu_message}"
    if len(report.slices) < guest.slices:
        return "silent", f"{wrong}; exit status {status}{qemu_message}"
    return "wrong-checksum", wrong


def signal_name(number: int) -> str:
    """The signal's name, such as SIGKILL."""
    names = {member.value: member.name for member in signal.Signals}
    return names.get(number, f"signal {number}")
