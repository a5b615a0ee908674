"""A child's output, up to a limit: through a pipe, or in a file in memory that no write wakes us to read."""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import ExitStack
from typing import Final

MAX_STDERR_BYTES: Final = 1 << 16
"""Bytes of stderr that are kept, from its beginning."""

SPARE: Final = 1 << 20
"""Bytes that a report's file has beyond its limit. A write that crosses the end of the file fails as a whole, and
this is the most that a pipe passes on at once (pipe(7)): so a flood always gets beyond the limit."""


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

    @property
    def floods(self) -> bool:
        """Whether there was more than the limit."""
        return self.dropped > 0

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
    """A file without a name that is read as it grows: keeps the first ``limit`` bytes in ``kept``, and one more of a flood.

    A guest writes its report byte by byte. Through a pipe, each byte would wake the reader, which
    would take CPU time from the guest that is being measured. So on Linux it is a file in memory, whose
    size is fixed and sealed (fcntl(2), F_SEAL_GROW): a write beyond it fails with EPERM, which QEMU's
    character devices ignore. However long nobody looks, a flood takes no more memory than that. Elsewhere it
    is a pipe, which fills up and lets the writer wait.
    """

    def __init__(self, limit: int, parent_ends: ExitStack) -> None:
        self.kept = bytearray()
        self._limit = limit
        if sys.platform == "linux":
            self.writer = self._reader = os.memfd_create("accelkit", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            os.ftruncate(self.writer, limit + SPARE)
            fcntl.fcntl(self.writer, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
        else:
            self._reader, self.writer = os.pipe()
            parent_ends.callback(os.close, self._reader)
            os.set_blocking(self._reader, False)
        parent_ends.callback(os.close, self.writer)

    @property
    def floods(self) -> bool:
        """Whether more than the limit was there at the last :meth:`read`."""
        return len(self.kept) > self._limit

    def read(self) -> bool:
        """Read what is new; True if there was any. One byte more than the limit is read, to tell a flood."""
        room = self._limit + 1 - len(self.kept)
        if sys.platform == "linux":
            # The child writes through the same open file, so its offset is the length of what was written.
            length = os.lseek(self.writer, 0, os.SEEK_CUR)
            data = os.pread(self._reader, max(0, min(room, length - len(self.kept))), len(self.kept))
        else:
            try:
                data = os.read(self._reader, max(0, room))
            except BlockingIOError:
                data = b""
        self.kept += data
        return bool(data)
