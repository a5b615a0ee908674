"""One measured run of a guest of the user's own: its serial console is read with time stamps."""

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
from accelkit.guests.custom import SerialGuest
from accelkit.measure.outcome import EXEC_FAILED_STATUSES, Cause, Ending, signal_name
from accelkit.measure.supervise import Run, supervise
from accelkit.qemu.container import fd_numbers
from accelkit.qemu.counters import accelerators

MOST_SERIAL: Final = 16 << 20
"""Bytes on a serial console beyond which it is a flood."""

LONGEST_LINE: Final = 1 << 16
"""Bytes of one line in which patterns are found."""

GATHER: Final = 0.001
"""Seconds for which characters are gathered, as a guest writes them one by one: the error of a time."""

SELDOM: Final = 0.5
"""Seconds until the next look when nothing is written."""


@dataclass(frozen=True, slots=True)
class ConsoleLog:
    """What the console said: when ``until`` came and each phase, in seconds; which failure; the last line."""

    until: float | None = None
    phases: Mapping[str, float] = field(default_factory=dict[str, float])
    failure: str = ""
    last: str = ""


class Listening:
    """Watches the console that is read at the descriptor ``wakes``."""

    pause = SELDOM

    def __init__(self, guest: SerialGuest, wakes: int) -> None:
        self.wakes = wakes
        self._until = None if guest.until is None else _pattern(guest.until)
        self._fails = _pattern(guest.fails) if guest.fails else None
        self._awaited = {name: _pattern(pattern) for name, pattern in guest.phases}
        self._phases: dict[str, float] = {}
        self._done: float | None = None
        self._failure = self._last = self._line = b""
        self._total = 0

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """As :class:`accelkit.measure.supervise.Watcher` has it."""
        if not last:
            time.sleep(GATHER)
        try:
            data = os.read(self.wakes, 1 << 20)
        except BlockingIOError:
            data = b""
        self._total += len(data)
        if self._total > MOST_SERIAL:
            return "flood"
        text = self._line + data.replace(b"\r", b"")
        whole = len(text) if last else text.rfind(b"\n") + 1
        self._line = text[whole:][-LONGEST_LINE:]
        self._last = next((line for line in reversed(text.split(b"\n")) if line.strip()), self._last)
        for name in [name for name, pattern in self._awaited.items() if pattern.search(text)]:
            del self._awaited[name]
            self._phases[name] = elapsed
        if self._fails is not None and (found := self._fails.search(text, 0, whole)) is not None:
            self._failure = found[0]
            return "told"
        if self._until is not None and self._until.search(text) is not None:
            self._done = elapsed
            return "told"
        return None

    def heard(self) -> ConsoleLog:
        """What it came to."""
        failure, last = (text.decode(errors="replace")[:500] for text in (self._failure, self._last))
        return ConsoleLog(self._done, self._phases, failure, last)


def _pattern(text: str) -> re.Pattern[bytes]:
    return re.compile(text.encode(), re.MULTILINE)


def run_console(
    command: Sequence[str], argv: Sequence[str], guest: SerialGuest, *, timeout: float
) -> tuple[Run, ConsoleLog]:
    """How one run of ``guest`` went, and what its console said; ``timeout`` in seconds.

    Raises GuestError if a file of the guest cannot be read, OSError if nothing can be started.
    """
    with ExitStack() as ours, ExitStack() as childs:
        opened = {file.path: _open(guest, file.path, childs) for file in guest.files}
        keep = tuple(opened.values())
        found = dict(zip(opened, fd_numbers(command, keep), strict=True))
        reader, writer = os.pipe()
        ours.callback(os.close, reader)
        childs.callback(os.close, writer)
        os.set_blocking(reader, False)
        listening = Listening(guest, reader)

        def place(path: str) -> str:
            return f"/proc/self/fd/{found[path]}" if sys.platform == "linux" else path

        run = supervise(
            [*command, *argv, *guest.argv(place)],
            listening,
            stdout=writer,
            keep=keep,
            timeout=timeout,
            asked=accelerators(argv),
            begun=childs.close,
        )
        return run, listening.heard()


def _open(guest: SerialGuest, path: str, childs: ExitStack) -> int:
    # Passed on by descriptor: a QEMU in a chroot finds it, too.
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise GuestError(
            f"guest {guest.name!r}: {path!r}: {error.strerror}; name a file that can be read"
        ) from None
    childs.callback(os.close, descriptor)
    return descriptor


def judge_console(guest: SerialGuest, run: Run, heard: ConsoleLog) -> tuple[Cause, str]:
    """The cause of a run that went so, and why, in one line."""
    words = [line for line in run.stderr.splitlines() if line.strip()]
    said = f"; QEMU said: {words[-1]}" if words else ""
    last = f"; last on the console: {heard.last!r}" if heard.last else "; nothing on the console"
    missed = "" if guest.until is None else f"{guest.until!r} was not seen"
    match run.ending:
        case "flood":
            return "flood", f"more than {MOST_SERIAL} bytes on the console; killed{last}"
        case "timeout":
            return "timeout", f"not ended in time; {missed or 'the machine did not end'}{last}{said}"
        case "told" | "itself":
            pass
    if heard.failure:
        return "exception", heard.failure
    if run.status < 0:
        return "crashed", f"ended by {signal_name(-run.status)}{said}"
    if not heard.last and run.status in EXEC_FAILED_STATUSES and words:
        return "missing", words[-1]
    if not heard.last and run.status not in (0, *guest.passing):
        return "refused", words[-1] if words else f"exit status {run.status} without a word"
    if guest.until is not None:
        return ("ok", "") if heard.until is not None else ("silent", f"it ended, and {missed}{last}{said}")
    if run.status in guest.passing:
        return "ok", ""
    return "crashed", f"exit status {run.status}, not one of {guest.passing}{last}{said}"
