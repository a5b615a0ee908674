"""What a child writes, in bounds: through a pipe, or into a file that nobody wakes up to read."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from typing import Final

MOST_WORDS: Final = 1 << 16
"""Bytes of stderr that are kept, the first ones."""


class Stream:
    """A pipe of which the first ``most`` bytes are kept and the rest is counted.

    ``ours`` closes the end that is read, ``childs`` the one that is written.
    """

    def __init__(self, most: int, ours: ExitStack, childs: ExitStack) -> None:
        self.reader, self.writer = os.pipe()
        ours.callback(os.close, self.reader)
        childs.callback(os.close, self.writer)
        os.set_blocking(self.reader, False)
        self.kept = bytearray()
        self.dropped = 0
        self._most = most

    def read(self) -> bool:
        """Takes what is there; whether more may come."""
        try:
            data = os.read(self.reader, 1 << 20)  # as much as a pipe holds at most
        except BlockingIOError:
            return True
        room = self._most - len(self.kept)
        self.kept += data[:room]
        self.dropped += max(0, len(data) - room)
        return bool(data)

    def text(self) -> str:
        """What was kept, and how much was not."""
        text = self.kept.decode(errors="replace")
        return f"{text}\n… and {self.dropped} bytes more" if self.dropped else text


class MemoryFile:
    """A file without a name, in memory where there is such a thing: read now and then, as it grows.

    A guest writes its report byte by byte; through a pipe, each would wake up the reader, which
    would take CPU time from the very guest that is measured.
    """

    def __init__(self, ours: ExitStack) -> None:
        if sys.platform == "linux":
            self.writer = os.memfd_create("accelkit", os.MFD_CLOEXEC)
            ours.callback(os.close, self.writer)
        else:
            file = ours.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - ours ends it
            self.writer = file.fileno()
        self.kept = bytearray()

    def read(self, most: int) -> bool:
        """Takes what is new, up to ``most`` bytes in all; whether there was any."""
        data = os.pread(self.writer, max(0, most - len(self.kept)), len(self.kept))
        self.kept += data
        return bool(data)
