"""One writer per store: a lock that the kernel drops when its holder dies; and who holds it.

The lock is flock(2) on a file beside the store. The file lives as long as SQLite's own ``-wal`` and
``-shm``: a writer makes it, a clean end removes it, and one left by a killed writer is harmless. The store
itself cannot be locked: closing any descriptor of that file would drop SQLite's own locks on it
(sqlite.org/howtocorrupt.html, 2.2), and on macOS and NFS both kinds of lock exclude each other.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from accelkit.errors import StudyError

SUFFIX: Final = "-lock"
"""The lock file of ``s.sqlite`` is ``s.sqlite-lock``; it holds the writer's process id."""


class WriterLock:
    """The writer's lock, held until :meth:`release`. Raises StudyError if another writer holds it.

    ``store`` is the name for messages, ``real`` the path without symbolic links, the same for everyone.
    """

    def __init__(self, store: str, real: str) -> None:
        self._path = real + SUFFIX
        self._descriptor: int | None = _acquire(self._path, store)

    def release(self) -> None:
        """Release the lock, so that the next writer can take it."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.unlink(self._path)
            os.close(self._descriptor)
            self._descriptor = None


def _acquire(path: str, store: str) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The last holder unlinked its file: we may have locked that one, which nobody else will open.
            if _is_at(descriptor, path):
                with suppress(OSError):  # a full disk: only the holder's id is lost
                    os.ftruncate(descriptor, 0)
                    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                return descriptor
            os.close(descriptor)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise StudyError(_lock_message(store, holder)) from None
        except BaseException:
            os.close(descriptor)
            raise


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _lock_message(store: str, holder: str) -> str:
    if holder == str(os.getpid()):
        who = "this process has it open for writing already; close it first"
    else:
        who = f"{_describe(holder)} is writing it; wait until it has ended, or end it"
    return f"store={store!r}: {who}; or give another store=. It can be read meanwhile"


def _describe(holder: str) -> str:
    try:
        words = Path(f"/proc/{int(holder)}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except (OSError, ValueError):  # no /proc, or a process in another container
        return f"process {holder}" if holder else "another process"
    return f"process {holder} ({b' '.join(words).decode(errors='replace')[:80]})"


def writer_of(store: str) -> int | None:
    """The id of the process that is writing the store now, or None.

    Reads who holds the lock and never takes it: that could refuse a study that begins just then.
    """
    try:
        with open(os.path.realpath(store) + SUFFIX, encoding="ascii", errors="replace") as file:
            process, inode = int(file.read()), os.fstat(file.fileno()).st_ino
    except (OSError, ValueError):
        return None
    return process if _is_locked(inode, process) else None


def _is_locked(inode: int, process: int) -> bool:
    """Whether the lock file is locked; a file left by a killed process is not."""
    try:
        with open("/proc/locks", encoding="ascii", errors="replace") as locks:
            return any(" FLOCK " in line and f":{inode} " in line for line in locks)
    except OSError:  # not Linux: take a process with that id for the holder
        try:
            os.kill(process, 0)
        except OSError as error:
            return isinstance(error, PermissionError)
        return True
