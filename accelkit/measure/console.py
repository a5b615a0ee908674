"""One measured run of a user's own guest: its serial console is read with time stamps."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from accelkit.errors import GuestError
from accelkit.guests.custom import File, SerialGuest
from accelkit.host.files import open_regular
from accelkit.measure.outcome import EXEC_FAILED_STATUSES, Cause, Ending, signal_name
from accelkit.measure.supervise import PAUSES, Run, supervise
from accelkit.qemu.container import fd_numbers

MAX_CONSOLE_BYTES: Final = 16 << 20
"""More bytes on a serial console are a flood."""

MAX_LINE_BYTES: Final = 1 << 16
"""Patterns are searched for in this many bytes of a line, its last ones."""

GATHER: Final = 0.001
"""Seconds to wait for more characters, as a guest writes them one by one; so times are this exact."""

LOOK_INTERVAL: Final = 0.5
"""Seconds until the next look when nothing is written."""


@dataclass(frozen=True, slots=True)
class ConsoleLog:
    """What the console showed: seconds until ``until`` and until each phase began; a failure, and the line before it.

    ``last`` is the last line that is not blank.
    """

    until: float | None = None
    begins: Mapping[str, float] = field(default_factory=dict[str, float])
    failure: str = ""
    last: str = ""
    before: str = ""

    def phases(self, end: float | None) -> dict[str, float]:
        """How many seconds each phase lasted, the last one until ``end``; if that is None, only those before it.

        >>> ConsoleLog(begins={"boot": 0.0, "work": 2.5}).phases(4.0)
        {'boot': 2.5, 'work': 1.5}
        """
        ends = [*list(self.begins.values())[1:], *([] if end is None else [end])]
        return {name: to - since for (name, since), to in zip(self.begins.items(), ends, strict=False)}


class ConsoleWatcher:
    """Watches the console, which is read from the descriptor ``wakes``, for the guest's patterns."""

    pause = LOOK_INTERVAL

    def __init__(self, guest: SerialGuest, wakes: int) -> None:
        self.wakes = wakes
        self._until = None if guest.until is None else _pattern(guest.until)
        self._fails = _pattern(guest.fails) if guest.fails else None
        self._begins = {name: 0.0 for name, pattern in guest.phases if not pattern}
        self._awaited = [(name, _pattern(pattern)) for name, pattern in guest.phases if pattern]
        self._searched = 0  # of the line that is not complete: where the search for the next phase begins
        self._until_time: float | None = None
        self._failure = self._before = self._last = self._ended = self._line = b""
        self._total = 0

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """See :meth:`accelkit.measure.supervise.Watcher.look`."""
        if not last:
            time.sleep(GATHER)
        try:
            data = os.read(self.wakes, 1 << 20)
        except BlockingIOError:
            data = b""
        self._total += len(data)
        if self._total > MAX_CONSOLE_BYTES:
            return "flood"
        text = self._line + data.replace(b"\r", b"")
        line_end = len(text) if last else text.rfind(b"\n") + 1
        self._line = text[line_end:][-MAX_LINE_BYTES:]
        self._last = _last_line(text, self._last)
        self._begin_phases(text, line_end, elapsed)
        if self._fails is not None and (match := self._fails.search(text, 0, line_end)) is not None:
            begin = text.rfind(b"\n", 0, match.start()) + 1
            self._failure, self._before = match[0], _last_line(text[:begin], self._ended)
            return "stop"
        self._ended = _last_line(text[:line_end], self._ended)
        if self._until is not None and self._until.search(text) is not None:
            self._until_time = elapsed
            return "stop"
        return None

    def log(self) -> ConsoleLog:
        """What the console has shown so far."""
        texts = (self._failure, self._last, self._before)
        failure, last, before = (text.decode(errors="replace")[:500] for text in texts)
        return ConsoleLog(self._until_time, self._begins, failure, last, before)

    def _begin_phases(self, text: bytes, line_end: int, elapsed: float) -> None:
        """Notes which phases begin in ``text``, each after the one before it."""
        while self._awaited and (match := self._awaited[0][1].search(text, self._searched)):
            self._begins[self._awaited.pop(0)[0]] = elapsed
            self._searched = match.end()
        self._searched = max(0, self._searched - line_end - max(0, len(text) - line_end - MAX_LINE_BYTES))


def _last_line(text: bytes, otherwise: bytes) -> bytes:
    return next((line for line in reversed(text.split(b"\n")) if line.strip()), otherwise)


def _pattern(text: str) -> re.Pattern[bytes]:
    return re.compile(text.encode(), re.MULTILINE)


def run_console(
    command: Sequence[str],
    argv: Sequence[str],
    guest: SerialGuest,
    *,
    accelerators: Sequence[str] = (),
    timeout: float,
) -> tuple[Run, ConsoleLog]:
    """One run of ``guest``: how it ran, and what its console showed; ``timeout`` in seconds.

    ``accelerators`` are those that ``argv`` asks for, in order; empty if unknown.

    Raises GuestError if a file of the guest cannot be read, OSError if the command cannot be started.
    """
    with ExitStack() as parent_ends, ExitStack() as child_ends:
        descriptors = {file.path: _open(guest, file, child_ends) for file in guest.files}
        keep = tuple(descriptors.values())
        child_descriptors = dict(zip(descriptors, fd_numbers(command, keep), strict=True))
        reader, writer = os.pipe()
        parent_ends.callback(os.close, reader)
        child_ends.callback(os.close, writer)
        os.set_blocking(reader, False)
        watcher = ConsoleWatcher(guest, reader)

        def place(path: str) -> str:
            return f"/proc/self/fd/{child_descriptors[path]}" if sys.platform == "linux" else path

        run = supervise(
            [*command, *argv, *guest.argv(place), *PAUSES],
            watcher,
            stdout=writer,
            keep=keep,
            timeout=timeout,
            accelerators=accelerators,
            pauses=True,
            on_start=child_ends.close,
        )
        return run, watcher.log()


def _open(guest: SerialGuest, file: File, child_ends: ExitStack) -> int:
    # QEMU inherits the descriptor, so a QEMU in a chroot can read the file, too.
    try:
        descriptor = open_regular(file.path, devices=file.device)
    except OSError as error:
        raise GuestError(
            f"guest {guest.name!r}: {file.path!r}: {error.strerror}; name a file that can be read"
        ) from None
    child_ends.callback(os.close, descriptor)
    return descriptor


def judge_console(guest: SerialGuest, run: Run, log: ConsoleLog) -> tuple[Cause, str]:
    """The cause of a run, and why, in one line."""
    lines = [line for line in run.stderr.splitlines() if line.strip()]
    message = f"; QEMU said: {lines[-1]}" if lines else ""
    last = f"; last on the console: {log.last!r}" if log.last else "; nothing on the console"
    missing = "" if guest.until is None else f"{guest.until!r} was not seen"
    match run.ending:
        case "flood":
            return "flood", f"more than {MAX_CONSOLE_BYTES} bytes on the console; killed{last}"
        case "timeout":
            return "timeout", f"not ended in time; {missing or 'the machine did not end'}{last}{message}"
        case "stop" | "exit":
            pass
    if log.failure:
        return "exception", f"{log.failure}; before it: {log.before!r}" if log.before else log.failure
    if run.status < 0:
        return "crashed", f"ended by {signal_name(-run.status)}{message}"
    if not log.last and run.status in EXEC_FAILED_STATUSES and lines:
        return "missing", lines[-1]
    if not log.last and run.status not in (0, *guest.passing):
        return "refused", lines[-1] if lines else f"exit status {run.status} and no message"
    if guest.until is not None and log.until is None:
        return "silent", f"it ended, and {missing}{last}{message}"
    if guest.until is None and run.status not in guest.passing:
        return "crashed", f"exit status {run.status}, not one of {guest.passing}{last}{message}"
    for name, pattern in guest.phases:
        if name not in log.begins:
            return "silent", f"it ended, and the phase {name!r} did not begin: {pattern!r} was not seen{last}"
    return "ok", ""


def seconds_of_run(guest: SerialGuest, run: Run, log: ConsoleLog) -> float | None:
    """The value of a run: seconds until its pattern was seen, without one until its machine ended."""
    if guest.until is not None:
        return log.until
    return run.wall if run.ended is None else run.ended
