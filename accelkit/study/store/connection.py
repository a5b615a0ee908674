"""Connections to the SQLite file of a store, for writing, for reading, and to a copy in memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.study.store.schema import STORE_FORMAT, format_of, migrate


def connect(uri: str) -> sqlite3.Connection:
    """A connection in which each statement is a transaction, unless told otherwise."""
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=30.0,
        isolation_level=None,
        check_same_thread=sqlite3.threadsafety != 3,
    )
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def connect_reading(real: str) -> sqlite3.Connection:
    """A connection to read the file at ``real``, also where it cannot be written.

    One that may write leaves no ``-wal`` and ``-shm`` behind. Where they cannot be made, as on
    read-only media, a store that was ended cleanly is complete without them.
    """
    for way in ("mode=rw", "mode=ro", "immutable=1"):
        if way == "immutable=1" and os.path.exists(f"{real}-wal") and os.path.getsize(f"{real}-wal"):
            break
        with suppress(sqlite3.OperationalError):
            connection = connect(f"file:{quote(real)}?{way}")
            try:
                connection.execute("SELECT count(*) FROM sqlite_master")
            except BaseException:
                connection.close()
                raise
            return connection
    return connect(f"file:{quote(real)}?mode=ro")  # to fail with SQLite's own words


def newest_copy(old: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory of an older store, brought to the newest format; ``old`` is closed."""
    with closing(old):
        copy = connect("file::memory:")
        old.backup(copy)
    with transaction(copy):
        migrate(copy)
    return copy


def known_format(connection: sqlite3.Connection, shown: str) -> int:
    """The format of a store, 0 if it is empty; StudyError if it is no store, or too new a one."""
    found = format_of(connection)
    if found < 0:
        raise StudyError(f"store={shown!r}: a database of another program; give another name")
    if found > STORE_FORMAT:
        raise StudyError(
            f"store={shown!r}: made by a newer accelkit (format {found}, this one knows {STORE_FORMAT});"
            " update accelkit"
        )
    return found


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
