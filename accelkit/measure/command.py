"""One measured run of a user's own command, timed from its start to its end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from accelkit.guests.custom import CommandGuest
from accelkit.measure.outcome import EXEC_FAILED_STATUSES, Cause, Ending, signal_name
from accelkit.measure.supervise import Run, supervise
from accelkit.qemu.pipes import MAX_STDERR_BYTES, Stream

MAX_OUTPUT_BYTES: Final = 16 << 20
"""More bytes on standard output are a flood."""


class OutputWatcher:
    """Reads and drops the output, so that the command never waits for a full pipe; ends a flood."""

    pause = 0.5

    def __init__(self, output: Stream) -> None:
        self.wakes = output.reader
        self._output = output

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """See :meth:`accelkit.measure.supervise.Watcher.look`."""
        self._output.read()
        return "flood" if self._output.dropped > MAX_OUTPUT_BYTES else None


def run_command(command: Sequence[str], argv: Sequence[str], guest: CommandGuest, *, timeout: float) -> Run:
    """One run of the command; its standard output is dropped. Raises OSError if it cannot be started."""
    with ExitStack() as parent_ends, ExitStack() as child_ends:
        output = Stream(MAX_STDERR_BYTES, parent_ends, child_ends)
        return supervise(
            guest.line(command, argv),
            OutputWatcher(output),
            stdout=output.writer,
            keep=(),
            timeout=timeout,
            accelerators=None,
            on_start=child_ends.close,
        )


def judge_command(guest: CommandGuest, run: Run) -> tuple[Cause, str]:
    """The cause of a run, and why, in one line."""
    lines = [line for line in run.stderr.splitlines() if line.strip()]
    message = f"; it said: {lines[-1]}" if lines else ""
    match run.ending:
        case "flood":
            return "flood", f"more than {MAX_OUTPUT_BYTES} bytes of output; killed"
        case "timeout":
            return "timeout", f"not ended in time{message}"
        case "stop" | "exit":
            pass
    if run.status < 0:
        return "crashed", f"ended by {signal_name(-run.status)}{message}"
    if run.status in guest.passing:
        return "ok", ""
    if run.status in EXEC_FAILED_STATUSES and lines:
        return "missing", lines[-1]
    if guest.is_qemu and run.status == 1 and lines:  # QEMU's status when it rejects an option
        return "refused", lines[-1]
    return "crashed", f"exit status {run.status}, not one of {guest.passing}{message}"
