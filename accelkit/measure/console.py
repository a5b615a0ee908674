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
from accelkit.measure.supervise import Run, supervise
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
    """What the console showed: seconds until ``until`` and until each phase; the text of a failure; the last line."""

    until: float | None = None
    phases: Mapping[str, float] = field(default_factory=dict[str, float])
    failure: str = ""
    last: str = ""


class ConsoleWatcher:
    """Watches the console, which is read from the descriptor ``wakes``, for the guest's patterns."""

    pause = LOOK_INTERVAL

    def __init__(self, guest: SerialGuest, wakes: int) -> None:
        self.wakes = wakes
        self._until = None if guest.until is None else _pattern(guest.until)
        self._fails = _pattern(guest.fails) if guest.fails else None
        self._awaited = {name: _pattern(pattern) for name, pattern in guest.phases}
        self._phases: dict[str, float] = {}
        self._until_time: float | None = None
        self._failure = self._last = self._line = b""
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
        self._last = next((line for line in reversed(text.split(b"\n")) if line.strip()), self._last)
        for name in [name for name, pattern in self._awaited.items() if pattern.search(text)]:
            del self._awaited[name]
            self._phases[name] = elapsed
        if self._fails is not None and (match := self._fails.search(text, 0, line_end)) is not None:
            self._failure = match[0]
            return "stop"
        if self._until is not None and self._until.search(text) is not None:
            self._until_time = elapsed
            return "stop"
        return None

    def log(self) -> ConsoleLog:
        """What the console has shown so far."""
        failure, last = (text.decode(errors="replace")[:500] for text in (self._failure, self._last))
        return ConsoleLog(self._until_time, self._phases, failure, last)


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
            [*command, *argv, *guest.argv(place)],
            watcher,
            stdout=writer,
            keep=keep,
            timeout=timeout,
            accelerators=accelerators,
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
        return "exception", log.failure
    if run.status < 0:
        return "crashed", f"ended by {signal_name(-run.status)}{message}"
    if not log.last and run.status in EXEC_FAILED_STATUSES and lines:
        return "missing", lines[-1]
    if not log.last and run.status not in (0, *guest.passing):
        return "refused", lines[-1] if lines else f"exit status {run.status} and no message"
    if guest.until is not None:
        return ("ok", "") if log.until is not None else ("silent", f"it ended, and {missing}{last}{message}")
    if run.status in guest.passing:
        return "ok", ""
    return "crashed", f"exit status {run.status}, not one of {guest.passing}{last}{message}"
