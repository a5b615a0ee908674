"""A child's output, up to a limit: through a pipe, or in a file in memory that no write wakes us to read."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from typing import Final

MAX_STDERR_BYTES: Final = 1 << 16
"""Bytes of stderr that are kept, from its beginning."""


class Stream:
    """A pipe: keeps the first ``limit`` bytes in ``kept`` and counts the rest in ``dropped``.

    ``parent_ends`` closes the reading end, ``child_ends`` the writing end.
    """

    def __init__(self, limit: int, parent_ends: ExitStack, child_ends: ExitStack) -> None:
        self.reader, self.writer = os.pipe()
        parent_ends.callback(os.close, self.reader)
        child_ends.callback(os.close, self.writer)
        os.set_blocking(self.reader, False)
        self.kept = bytearray()
        self.dropped = 0
        self._limit = limit

    def read(self) -> bool:
        """Read what the pipe holds; True while more may come, False once its writers have closed it."""
        try:
            data = os.read(self.reader, 1 << 20)  # the most a pipe can hold
        except BlockingIOError:
            return True
        room = self._limit - len(self.kept)
        self.kept += data[:room]
        self.dropped += max(0, len(data) - room)
        return bool(data)

    def text(self) -> str:
        """The kept bytes as text, then how many were dropped, if any."""
        text = self.kept.decode(errors="replace")
        return f"{text}\n… and {self.dropped} bytes more" if self.dropped else text


class MemoryFile:
    """A file without a name that is read as it grows; on Linux it is in memory, elsewhere temporary.

    A guest writes its report byte by byte. Through a pipe, each byte would wake the reader, which
    would take CPU time from the guest that is being measured.
    """

    def __init__(self, parent_ends: ExitStack) -> None:
        if sys.platform == "linux":
            self.writer = os.memfd_create("accelkit", os.MFD_CLOEXEC)
            parent_ends.callback(os.close, self.writer)
        else:
            file = parent_ends.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - parent_ends closes it
            self.writer = file.fileno()
        self.kept = bytearray()

    def read(self, limit: int) -> bool:
        """Read what is new, up to ``limit`` bytes in all; True if there was any."""
        data = os.pread(self.writer, max(0, limit - len(self.kept)), len(self.kept))
        self.kept += data
        return bool(data)
