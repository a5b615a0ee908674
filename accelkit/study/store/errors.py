"""Messages for a store that cannot be written or read: what happened, what is kept, what to do."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from accelkit.errors import StudyError

MIN_FREE_BYTES: Final = 1 << 20
"""With less free space, a failed write is blamed on the full disk."""


@contextmanager
def as_study_error(store: str) -> Generator[None]:
    """A context that turns errors of SQLite and of the system into StudyError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StudyError(f"store={store!r}: {_what(store, error)}") from error
    except OSError as error:
        raise StudyError(
            f"store={store!r}: {error.strerror}; give a place where you may write, with free space"
        ) from error


def refusal(store: str, holds: str, differences: Sequence[str], command: Sequence[str]) -> str:
    """Why a store that ``holds`` something else cannot be resumed, and what to do, as text."""
    first = differences[:5]
    more = len(differences) - len(first)
    lines = "".join(f"\n  {line}" for line in (*first, *([f"and {more} more"] if more else ())))
    resume = f", or resume what it holds: {shlex.join(command)}" if command else ""
    return f"store={store!r}: holds {holds}; give another store={resume}{lines}"


def _what(store: str, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:  # without the extended part, which says where
        case sqlite3.SQLITE_FULL:
            return _full(error)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if _is_full(store):
            return _full(error)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"another program keeps it locked ({error}); end its transaction, then run the same again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return f"{error}; give a place where you may write"
        case sqlite3.SQLITE_NOTADB:
            return "not an SQLite database; give another name"
        case sqlite3.SQLITE_CORRUPT:
            return f"{error}; recover what is left with: sqlite3 {shlex.quote(store)} .recover"
        case sqlite3.SQLITE_CONSTRAINT:
            return f"the trial is stored already ({error}); store each trial once"
        case _:
            return f"{error}; all stored records are kept"


def _full(error: sqlite3.Error) -> str:
    return f"the disk is full ({error}); all stored records are kept: make room, then run the same again"


def _is_full(store: str) -> bool:
    try:
        disk = os.statvfs(os.path.dirname(os.path.realpath(store)))
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < MIN_FREE_BYTES
