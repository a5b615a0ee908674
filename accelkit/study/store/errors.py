"""Messages for a store that cannot be written or read: what happened, what is kept, what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from accelkit.errors import StudyError
from accelkit.syntax.shell_words import shell_line

MIN_FREE_BYTES: Final = 1 << 20
"""With less free space, a failed write is blamed on the full disk."""


class DamageError(Exception):
    """A part of a store without which it cannot be read is not as it was written."""


@contextmanager
def as_study_error(store: str) -> Generator[None]:
    """A context that turns damage, errors of SQLite and of the system into StudyError."""
    try:
        yield
    except DamageError as error:
        raise StudyError(f"store={store!r}: {error}; {way_out(store)}") from error
    except UnicodeDecodeError as error:  # Python's, where SQLite quotes damaged text in its message
        raise StudyError(f"store={store!r}: its tables are damaged; {way_out(store)}") from error
    except sqlite3.Error as error:
        raise StudyError(f"store={store!r}: {_what(store, error)}") from error
    except OSError as error:
        raise StudyError(
            f"store={store!r}: {error.strerror}; give a place where you may write, with free space"
        ) from error


def way_out(store: str) -> str:
    """What to do about a damaged store, as text."""
    name = shell_line([store])
    return (
        f"accelkit store check {name} lists what is damaged, and accelkit store check --repair {name} keeps"
        " all that can be read"
    )


def refusal(store: str, holds: str, differences: Sequence[str], command: Sequence[str]) -> str:
    """Why a store that ``holds`` something else cannot be resumed, and what to do, as text."""
    first = differences[:5]
    more = len(differences) - len(first)
    lines = "".join(f"\n  {line}" for line in (*first, *([f"and {more} more"] if more else ())))
    resume = f", or resume what it holds: {shell_line(command)}" if command else ""
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
            return f"{error}; {way_out(store)}"
        case sqlite3.SQLITE_ERROR:  # a table, a column or a function that every store has is not there
            return f"its tables are damaged ({error}); {way_out(store)}"
        case sqlite3.SQLITE_TOOBIG:
            return f"{error}: a field may have 16 MiB; shorten it"
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
