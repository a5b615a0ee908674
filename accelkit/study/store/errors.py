"""What to say when a store cannot be written or read: what happened, what is kept, what to do."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from accelkit.errors import StudyError

LITTLE: Final = 1 << 20
"""Free bytes below which a write that failed is blamed on the full disk."""


@contextmanager
def telling(store: str) -> Generator[None]:
    """Turns what SQLite and the system raise into StudyError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StudyError(f"store={store!r}: {_what(store, error)}") from error
    except OSError as error:
        raise StudyError(
            f"store={store!r}: {error.strerror}; give a place where you may write, with room"
        ) from error


def refusal(store: str, holds: str, differences: Sequence[str], command: Sequence[str]) -> str:
    """Why a store that ``holds`` something else is not gone on with, and what to do."""
    shown = differences[:5]
    more = len(differences) - len(shown)
    listed = "".join(f"\n  {line}" for line in (*shown, *([f"and {more} more"] if more else ())))
    again = f", or go on with what it holds: {shlex.join(command)}" if command else ""
    return f"store={store!r}: holds {holds}; give another store={again}{listed}"


def _what(store: str, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:  # the extended part says where
        case sqlite3.SQLITE_FULL:
            return _full(error)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if _is_full(store):
            return _full(error)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"another program keeps it locked ({error}); end its transaction, then go on"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return f"{error}; give a place where you may write"
        case sqlite3.SQLITE_NOTADB:
            return "not an SQLite database; give another name"
        case sqlite3.SQLITE_CORRUPT:
            return f"{error}; save what can be saved with: sqlite3 {shlex.quote(store)} .recover"
        case sqlite3.SQLITE_CONSTRAINT:
            return f"the trial is stored already ({error}); each is stored once"
        case _:
            return f"{error}; what was stored is kept"


def _full(error: sqlite3.Error) -> str:
    return f"the disk is full ({error}); what was stored is kept: make room, then run the same again"


def _is_full(store: str) -> bool:
    try:
        disk = os.statvfs(os.path.dirname(os.path.realpath(store)))
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < LITTLE
