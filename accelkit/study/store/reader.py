"""The reading side of a store, for reports, dashboards and exports, also while a study writes it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from accelkit.errors import StudyError
from accelkit.study.model import NOT_DONE, Cell, Record
from accelkit.study.plan import Plan
from accelkit.study.store.connection import connect_reading, known_format, newest_copy
from accelkit.study.store.errors import telling
from accelkit.study.store.rows import (
    COLUMNS,
    StudyInfo,
    names_of,
    read_info,
    read_numbers,
    read_plan,
    record_of,
)
from accelkit.study.store.schema import STORE_FORMAT

PAGE: Final = 500
"""Records that are read at once, so that memory is bounded and no read lasts."""

SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM trial WHERE number > ? ORDER BY number LIMIT {PAGE}"  # noqa: S608


class StoreReader:
    """A store that is read: made by :func:`read_store`, closed by ``with`` or :meth:`close`.

    ``path`` is the file, ``plan`` what was asked (of a guest it knows name and fingerprint),
    ``info`` where, when and by which command. A study that runs is seen as it grows.
    """

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers = read_numbers(connection)
        self._names = names_of(self._numbers)
        self.path: Final = path
        self.plan: Final[Plan] = read_plan(connection)
        self.info: Final[StudyInfo] = read_info(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def count(self) -> int:
        """How many records there are, those of trials to be measured again among them."""
        with telling(self.path):
            return self._connection.execute("SELECT coalesce(max(number), 0) FROM trial").fetchone()[0]

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records in the order stored, but for the first ``after``; read in pages as asked for.

        What is stored meanwhile comes at the end: a dashboard keeps count, and asks for the rest.
        """
        while True:
            with telling(self.path):
                rows = self._connection.execute(SELECT, (after,)).fetchall()
            yield from (record_of(row, self._names) for row in rows)
            if len(rows) < PAGE:
                return
            after += PAGE

    def trial_ids(self) -> set[str]:
        """The ids of the trials that need not be measured again."""
        marks = ", ".join("?" * len(NOT_DONE))
        query = f"SELECT id FROM trial WHERE cause NOT IN ({marks})"  # noqa: S608 - marks only
        with telling(self.path):
            return {row[0] for row in self._connection.execute(query, NOT_DONE)}

    def dropped(self) -> dict[Cell, int]:
        """What was given up, and the block from which on it was not measured any more."""
        builds, guests, points = self._names
        with telling(self.path):
            rows = self._connection.execute("SELECT build, guest, configuration, block FROM dropped")
            return {Cell(builds[b], guests[g], points[c]): block for b, g, c, block in rows}

    def spent(self) -> float:
        """Seconds from the begin of each session to the last trial it stored, summed."""
        with telling(self.path):
            return self._connection.execute(
                """SELECT coalesce(sum(max(0, last - started)), 0.0) FROM session JOIN
                (SELECT session, max(stored) AS last FROM trial GROUP BY session)
                ON session = session.number"""
            ).fetchone()[0]

    def mark(self) -> tuple[object, ...]:
        """What changes whenever something is stored.

        It is asked of SQLite: its files change before what was written to them can be read.
        """
        with telling(self.path):
            return self._connection.execute(
                """SELECT created, delta, confidence, anytime, (SELECT max(number) FROM trial),
                (SELECT count(*) FROM dropped), (SELECT max(number) FROM session),
                (SELECT sum(ended) FROM session) FROM study"""
            ).fetchone()

    def close(self) -> None:
        """Ends reading; what is open is closed once."""
        self._connection.close()


def read_store(path: str | os.PathLike[str]) -> StoreReader:
    """The store at ``path`` for reading only, also while a study writes it, and where nobody may write.

    A store of an older format is read from a copy in memory. Raises StudyError if there is none, or
    it is no store, or one of a newer format.

    >>> read_store("/nonexistent.sqlite")
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: store='/nonexistent.sqlite': no such file; name the store of a study
    """
    shown = os.fspath(path)
    if not os.path.isfile(path):
        why = "names no file" if not shown else "is a folder" if os.path.isdir(path) else "no such file"
        raise StudyError(f"store={shown!r}: {why}; name the store of a study")
    with telling(shown):
        connection = connect_reading(os.path.realpath(path))
        try:
            if _is_old(connection, shown):
                connection = newest_copy(connection)
            connection.execute("PRAGMA query_only = ON")
            return StoreReader(shown, connection)
        except BaseException:
            connection.close()
            raise


def _is_old(connection: sqlite3.Connection, shown: str) -> bool:
    found = known_format(connection, shown)
    if found == 0:
        raise StudyError(f"store={shown!r}: is empty, no study was begun in it; name another")
    return found < STORE_FORMAT
