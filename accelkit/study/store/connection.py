"""Connections to the SQLite file of a store: to write it, to read it, or to read a copy in memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Final
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.host.files import special_kind
from accelkit.study.store.lock import writer_of
from accelkit.study.store.log import log_damage
from accelkit.study.store.schema import STORE_FORMAT, format_of, migrate
from accelkit.study.store.upgrade import (
    add_checksum,
    add_checksums,
    add_checksums_of,
    whole_drops,
    whole_trials,
)

LARGEST_FIELD: Final = 16 << 20
"""Most bytes of a field or row that SQLite reads or writes: a damaged length must not take all memory."""

COPIED_TO_MEMORY: Final = 64 << 20
"""Most bytes of an older store that is read from a copy in memory; the copy of a larger one is a temporary file."""

FIRST_PAGE: Final = 4096
"""Bytes of the first page, which SQLite writes when a store is begun."""

MAGIC: Final = b"SQLite format 3\0"


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
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_FIELD)
    # Bytes that are not UTF-8 are damage, which the checksums show; shown as \xff they can be read.
    connection.text_factory = partial(str, encoding="utf-8", errors="backslashreplace")
    return connection


def connect_reading(real: str) -> sqlite3.Connection:
    """A connection to read the file at ``real``, also where it cannot be written.

    A connection that may write removes ``-wal`` and ``-shm`` when it closes, so that is tried first.
    Where these files cannot be made, as on read-only media, a store that was closed is complete without
    them. A log that is damaged stays as it is: SQLite would drop it, and with it the sign of what is lost.
    """
    modes = ("mode=ro",) if lost_log(real) else ("mode=rw", "mode=ro", "immutable=1")
    for mode in modes:
        if mode == "immutable=1" and os.path.exists(f"{real}-wal") and os.path.getsize(f"{real}-wal"):
            break
        with suppress(sqlite3.OperationalError):
            connection = connect(f"file:{quote(os.fsencode(real))}?{mode}")
            try:
                connection.execute("SELECT count(*) FROM sqlite_master")
            except BaseException:
                connection.close()
                raise
            return connection
    return connect(f"file:{quote(os.fsencode(real))}?mode=ro")  # this fails with SQLite's own message


def lost_log(real: str) -> str:
    """What is wrong with the log of the store at ``real``; empty while it is being written, when its end is not whole."""
    return log_damage(real) if writer_of(real) is None else ""


def newest_copy(old: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of an older store, migrated to the newest format; ``old`` is closed."""
    with closing(old):
        size = old.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()[0]
        copy = connect("file::memory:" if size <= COPIED_TO_MEMORY else "")
        try:
            old.backup(copy)
            with transaction(copy):
                bring_up_to_date(copy)
        except BaseException:
            copy.close()
            raise
    return copy


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Migrate a store to the newest format, with checksums, inside the caller's transaction."""
    old_format = format_of(connection)
    whole = whole_drops(connection) if old_format == 5 else []
    trials = whole_trials(connection) if old_format in (5, 6) else []
    migrate(connection)
    if 0 < old_format < 5:
        add_checksums(connection)
    for row in whole:
        add_checksum(connection, "race", row)
    add_checksums_of(connection, trials)


def refuse_special(path: str) -> None:
    """Raises StudyError for a folder, a FIFO, a device: SQLite would wait for some of them."""
    if kind := special_kind(path):
        raise StudyError(f"store={path!r}: is {kind}; give the name of a file")


def is_unbegun(path: str) -> bool:
    """Whether the file at ``path`` holds nothing: it does not exist or is empty, or its first page was not written.

    A study that was killed, or that found the disk full, between making the file and its first commit leaves
    such a file.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(FIRST_PAGE)
    except FileNotFoundError:
        return True
    return len(head) < FIRST_PAGE and (head[: len(MAGIC)] == MAGIC[: len(head)] or not any(head))


def file_damage(connection: sqlite3.Connection, thorough: bool = False) -> list[str]:
    """What SQLite finds wrong with the structure of a store, a line each; ``thorough`` compares its indexes, too."""
    check = "integrity_check" if thorough else "quick_check"
    try:
        lines = [str(line) for (line,) in connection.execute(f"PRAGMA {check}(20)")]
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ) as error:  # the second where SQLite quotes damaged text
        return [str(error)]
    return [] if lines == ["ok"] else [part for line in lines for part in line.splitlines()]


def known_format(connection: sqlite3.Connection, shown: str) -> int:
    """The format of a store, 0 for an empty one. Raises StudyError if it is no store, or its format is too new."""
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
