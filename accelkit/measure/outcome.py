"""What one run came to: the measurements, and one word for the cause. Pure."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import BAD_WORKLOAD, Report

Cause = Literal[
    "ok", "refused", "missing", "crashed", "timeout", "silent", "wrong-checksum", "implausible", "exception",
    "flood", "fell-back", "no-space", "error",
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
    "implausible": CauseText(
        "the work was done, but a number that came with it cannot be true",
        "give the guest more work if a slice took no time; otherwise a clock or a counter of that QEMU is wrong",
    ),
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
    outside Linux a QEMU that stays below this process' own peak may hide behind it. ``status`` is QEMU's exit
    status, minus the signal if a signal ended it, None if QEMU never started. ``stderr`` has QEMU's own words.
    ``command`` is what to type to repeat the boot.
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


MAX_TICKS: Final = 1 << 63
"""No clock has counted that far: at 10 GHz it takes 29 years."""

MAX_HZ: Final = 10_000_000_000
"""No clock of a guest is faster: Arm's counts with at most 1 GHz, as QEMU's does (target/arm/helper.c), and a time
stamp counter about as fast as its CPU."""

MARGIN, MARGIN_SECONDS = 1.1, 0.1
"""A guest's clock may run this many times as fast as ours, and be ahead by this many seconds."""


def has_own_clock(argv: Sequence[str]) -> bool:
    """Whether a guest's time may pass faster than ours: under -icount it follows the number of its instructions.

    >>> has_own_clock(["-accel", "tcg", "-icount", "shift=4"]), has_own_clock(["-accel", "tcg"])
    (True, False)
    """
    return any(word.lstrip("-") in ("icount", "readconfig") for word in argv if word.startswith("-"))


def implausible(guest: Guest, report: Report, wall: float | None = None) -> str | None:
    """Why the times in ``report`` cannot be true, in one line; None if they can.

    ``wall`` is how many seconds QEMU ran; None where the guest has a clock of its own. A guest that does no
    work may take no time for it.

    >>> from accelkit.guests import Begin, Slice, guest
    >>> report = Report(Begin(1, 1000, 0, 0, 0, 0, hz=1000), (Slice(ticks=5000, checksum=0),))
    >>> implausible(guest("cpu"), report, wall=2.0)
    'the slices took 5 s together, but QEMU ran for 2 s only'
    """
    hz = 0 if report.begin is None else report.begin.hz
    if hz > MAX_HZ:
        return f"the guest's clock has {hz} Hz; no clock is faster than {MAX_HZ}"
    for number, part in enumerate(report.slices, 1):
        if part.ticks >= MAX_TICKS or (part.ticks == 0 and guest.n > 0):
            return f"slice {number} took {part.ticks} ticks"
    seconds = sum(part.ticks for part in report.slices) / (hz or MAX_HZ)
    if wall is not None and seconds > MARGIN * wall + MARGIN_SECONDS:
        least = "" if hz else "at least "
        return f"the slices took {least}{seconds:.4g} s together, but QEMU ran for {wall:.4g} s only"
    return None


def judge(
    guest: Guest,
    report: Report,
    status: int,
    ending: Ending,
    stderr: str,
    least: int | None = None,
    wall: float | None = None,
) -> tuple[Cause, str]:
    """The cause of a boot, and why, in one line.

    ``least`` is that of ``Guest.verify``, ``wall`` that of :func:`implausible`.

    >>> from accelkit.guests import guest
    >>> judge(guest("cpu"), Report(), 1, "exit", "qemu: -accel tcg,x=1: Property not found")
    ('refused', 'qemu: -accel tcg,x=1: Property not found')
    """
    cause, why = _judge(guest, report, status, ending, stderr, least)
    if cause == "ok" and (doubt := implausible(guest, report, wall)) is not None:
        return "implausible", doubt
    return cause, why


def _judge(
    guest: Guest, report: Report, status: int, ending: Ending, stderr: str, least: int | None
) -> tuple[Cause, str]:
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
