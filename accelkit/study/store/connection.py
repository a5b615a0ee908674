"""Connections to the SQLite file of a store: to write it, to read it, or to read a copy in memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.study.store.schema import STORE_FORMAT, format_of, migrate


def connect(uri: str) -> sqlite3.Connection:
    """A connection in which each statement is a transaction of its own, outside :func:`transaction`."""
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

    A connection that may write removes ``-wal`` and ``-shm`` when it closes, so that is tried first.
    Where these files cannot be made, as on read-only media, a store that was closed is complete without
    them.
    """
    for mode in ("mode=rw", "mode=ro", "immutable=1"):
        if mode == "immutable=1" and os.path.exists(f"{real}-wal") and os.path.getsize(f"{real}-wal"):
            break
        with suppress(sqlite3.OperationalError):
            connection = connect(f"file:{quote(real)}?{mode}")
            try:
                connection.execute("SELECT count(*) FROM sqlite_master")
            except BaseException:
                connection.close()
                raise
            return connection
    return connect(f"file:{quote(real)}?mode=ro")  # this fails with SQLite's own message


def newest_copy(old: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory of an older store, migrated to the newest format; ``old`` is closed."""
    with closing(old):
        copy = connect("file::memory:")
        old.backup(copy)
    with transaction(copy):
        migrate(copy)
    return copy


def known_format(connection: sqlite3.Connection, shown: str) -> int:
    """The format of a store, 0 for an empty file. Raises StudyError if it is no store, or its format is too new."""
    number = format_of(connection)
    if number < 0:
        raise StudyError(f"store={shown!r}: is the database of another program; give another name")
    if number > STORE_FORMAT:
        raise StudyError(
            f"store={shown!r}: made by a newer accelkit (format {number}, this one reads up to {STORE_FORMAT});"
            " update accelkit"
        )
    return number


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """A transaction around the block: committed at its end, rolled back if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
