"""One writer a store: a lock that the kernel drops when its holder dies, however that dies.

It is flock(2) on a file beside the store, as long-lived as SQLite's own ``-wal`` and ``-shm``: there
while a writer is, gone after a clean end, and harmless if it is left over. On the store itself it
could not be: closing any descriptor of that file would take away SQLite's own locks on it
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


class WriterLock:
    """Held from its making until :meth:`release`; StudyError if another holds it.

    ``store`` is the name to show, ``real`` the one path by which all know the file.
    """

    def __init__(self, store: str, real: str) -> None:
        self._path = real + SUFFIX
        self._descriptor: int | None = _take(self._path, store)

    def release(self) -> None:
        """Lets the next writer in."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.unlink(self._path)
            os.close(self._descriptor)
            self._descriptor = None


def _take(path: str, store: str) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its holder unlinks it: what was locked may be a file that no other will ever find.
            if _is_at(descriptor, path):
                with suppress(OSError):  # a full disk: only the name of the holder is lost
                    os.ftruncate(descriptor, 0)
                    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                return descriptor
            os.close(descriptor)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise StudyError(_taken(store, holder)) from None
        except BaseException:
            os.close(descriptor)
            raise


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _taken(store: str, holder: str) -> str:
    if holder == str(os.getpid()):
        who = "this very process has it open for writing; close that first"
    else:
        who = f"{_describe(holder)} is writing it; wait until it has ended, or end it"
    return f"store={store!r}: {who}; or give another store=. Reading it is possible meanwhile"


def _describe(holder: str) -> str:
    try:
        words = Path(f"/proc/{int(holder)}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except (OSError, ValueError):  # no /proc, or a process in another container
        return f"process {holder}" if holder else "another process"
    return f"process {holder} ({b' '.join(words).decode(errors='replace')[:80]})"


def writer_of(store: str) -> int | None:
    """The id of the process that is writing the store now, None if there is none.

    The lock is looked at and never taken: taking it could turn away a study that begins just then.
    """
    try:
        with open(os.path.realpath(store) + SUFFIX, encoding="ascii", errors="replace") as file:
            process, inode = int(file.read()), os.fstat(file.fileno()).st_ino
    except (OSError, ValueError):
        return None
    return process if _held(inode, process) else None


def _held(inode: int, process: int) -> bool:
    """Whether the file is locked: one that is left over from a process that was killed is not."""
    try:
        with open("/proc/locks", encoding="ascii", errors="replace") as locks:
            return any(" FLOCK " in line and f":{inode} " in line for line in locks)
    except OSError:  # no Linux, where the process' being there has to do
        try:
            os.kill(process, 0)
        except OSError as error:
            return isinstance(error, PermissionError)
        return True
