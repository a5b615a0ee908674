"""What one boot came to: the facts, and the one word for them. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Final, Literal

from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import BAD_WORKLOAD, Report

Cause = Literal[
    "ok",  # the work was done and proven
    "refused",  # QEMU did not start the machine, or the guest has no such work
    "missing",  # there is no such program
    "crashed",  # QEMU was ended by a signal, or left otherwise than the guest told it to
    "timeout",  # it did not end in time, and was killed
    "silent",  # it ended before the report was complete: a triple fault, a QEMU told to stop
    "wrong-checksum",  # the work was not the one asked for, or done wrong
    "exception",  # a CPU exception in the guest
    "flood",  # more output than any report has; killed
]

Ending = Literal["itself", "timeout", "flood", "told"]
"""Who ended QEMU: itself or its guest; we, for one of two reasons; or itself, told to by us."""

EXEC_FAILED_STATUSES: Final = (125, 126, 127)
"""Exit statuses of sh, env, chroot, podman, … when what they are to start cannot be run."""

BY_US: Final = (0, -signal.SIGKILL)
"""How a QEMU ends whose guest was done: by our quit, or by the kill that follows it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One boot. Times are in seconds, memory in KiB; CPU times and counts are those of QEMU.

    ``why`` is one line, empty when the cause is ok. ``max_rss`` is None where it cannot be told: on
    Linux a program starts with the peak of the one that started it, and a QEMU that stays below
    this process' own peak hides behind it. ``status`` is QEMU's exit status, minus the signal if
    one ended it, None if it was never started. ``stderr`` has QEMU's own words. ``command`` is what
    to type to run the same again.
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
        """Whether the guest did its work, all of it, right."""
        return self.cause == "ok"


def judge(
    guest: Guest, report: Report, status: int, ending: Ending, stderr: str, least: int | None = None
) -> tuple[Cause, str]:
    """The cause of a boot that ended so, and why, in one line; ``least`` is that of ``Guest.verify``.

    >>> from accelkit.guests import guest
    >>> judge(guest("cpu"), Report(), 1, "itself", "qemu: -accel tcg,x=1: Property not found")
    ('refused', 'qemu: -accel tcg,x=1: Property not found')
    """
    words = [line for line in stderr.splitlines() if line.strip()]
    last = words[-1] if words else f"exit status {status} without a word"
    said = f"; QEMU said: {last}" if words else ""
    wrong = guest.verify(report, least)
    match ending:
        case "flood":
            return "flood", "more output than any report has; killed"
        case "timeout":
            return "timeout", f"not ended in time; {wrong or 'its report is complete'}{said}"
        case "told" if wrong is not None and status in BY_US:
            return "wrong-checksum", wrong
        case "told" if status in BY_US:
            return "ok", ""
        case "told" | "itself":
            pass
    if status < 0:
        return "crashed", f"ended by {signal_name(-status)}{said}"
    if report.exception is not None:
        return "exception", wrong or "a CPU exception after the report"
    if report.begin is None and status in EXEC_FAILED_STATUSES:
        return "missing", last
    if report.begin is None and status == BAD_WORKLOAD:
        return "refused", f"the guest knows no such work; it was told {guest.words()}"
    if report.begin is None and status != 0:
        return "refused", last
    if wrong is None and status in guest.passing:
        return "ok", ""
    if wrong is None:
        return "crashed", f"exit status {status} after a complete report{said}"
    if len(report.slices) < guest.slices:
        return "silent", f"{wrong}; exit status {status}{said}"
    return "wrong-checksum", wrong


def signal_name(number: int) -> str:
    """The signal's name, as SIGKILL."""
    names = {known.value: known.name for known in signal.Signals}
    return names.get(number, f"signal {number}")
