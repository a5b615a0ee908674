"""One measured run of a command of the user's own, timed from its start to its end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from accelkit.guests.custom import CommandGuest
from accelkit.measure.outcome import EXEC_FAILED_STATUSES, Cause, Ending, signal_name
from accelkit.measure.pipes import MOST_WORDS, Stream
from accelkit.measure.supervise import Run, supervise

MOST_SAID: Final = 16 << 20
"""Bytes on standard output beyond which it is a flood."""


class Draining:
    """Watches only that the output does not pile up, and has an end."""

    pause = 0.5

    def __init__(self, output: Stream) -> None:
        self.wakes = output.reader
        self._output = output

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """As :class:`accelkit.measure.supervise.Watcher` has it."""
        self._output.read()
        return "flood" if self._output.dropped > MOST_SAID else None


def run_command(command: Sequence[str], argv: Sequence[str], guest: CommandGuest, *, timeout: float) -> Run:
    """How one run went; its standard output is thrown away. Raises OSError if it cannot be started."""
    with ExitStack() as ours, ExitStack() as childs:
        output = Stream(MOST_WORDS, ours, childs)
        return supervise(
            guest.line(command, argv),
            Draining(output),
            stdout=output.writer,
            keep=(),
            timeout=timeout,
            asked=None,
            begun=childs.close,
        )


def judge_command(guest: CommandGuest, run: Run) -> tuple[Cause, str]:
    """The cause of a run that went so, and why, in one line."""
    words = [line for line in run.stderr.splitlines() if line.strip()]
    said = f"; it said: {words[-1]}" if words else ""
    match run.ending:
        case "flood":
            return "flood", f"more than {MOST_SAID} bytes of output; killed"
        case "timeout":
            return "timeout", f"not ended in time{said}"
        case "told" | "itself":
            pass
    if run.status < 0:
        return "crashed", f"ended by {signal_name(-run.status)}{said}"
    if run.status in guest.passing:
        return "ok", ""
    if run.status in EXEC_FAILED_STATUSES and words:
        return "missing", words[-1]
    if guest.is_qemu and run.status == 1 and words:  # as QEMU leaves when it does not take an option
        return "refused", words[-1]
    return "crashed", f"exit status {run.status}, not one of {guest.passing}{said}"
