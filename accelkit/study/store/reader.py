"""Read a store, also while a study writes it: for reports, dashboards and exports."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import Final, Self

from accelkit.errors import StudyError
from accelkit.study.model import NOT_DONE, Cell, Record
from accelkit.study.plan import Plan
from accelkit.study.store.connection import connect_reading, known_format, newest_copy
from accelkit.study.store.errors import as_study_error
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
"""Records that are read at once, so that memory is bounded and each read is short."""

SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM trial WHERE number > ? ORDER BY number LIMIT {PAGE}"  # noqa: S608


class StoreReader:
    """A store open for reading: made by :func:`read_store`, closed by ``with`` or :meth:`close`.

    ``path`` is the file, ``plan`` the stored plan (it has of a guest the name, fingerprint and code),
    ``info`` where, when and with which command the study began. Each call sees what is stored by then.
    """

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers = read_numbers(connection)
        self._names = names_of(self._numbers)
        self.path: Final = path
        self.plan: Final[Plan] = read_plan(connection)
        self.info: Final[StudyInfo] = read_info(connection)

    def __enter__(self) -> Self:  # of a subclass, too, which AbstractContextManager cannot say
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count(self) -> int:
        """The number of records, including those of trials that are to be measured again."""
        with as_study_error(self.path):
            return self._connection.execute("SELECT coalesce(max(number), 0) FROM trial").fetchone()[0]

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records in the order stored, without the first ``after``; read in pages.

        Records that are stored meanwhile come at the end: a dashboard counts, and asks for the rest.
        """
        while True:
            with as_study_error(self.path):
                rows = self._connection.execute(SELECT, (after,)).fetchall()
            yield from (record_of(row, self._names) for row in rows)
            if len(rows) < PAGE:
                return
            after += PAGE

    def trial_ids(self) -> set[str]:
        """The ids of the trials that are done and not to be measured again."""
        marks = ", ".join("?" * len(NOT_DONE))
        query = f"SELECT id FROM trial WHERE cause NOT IN ({marks})"  # noqa: S608 - marks only
        with as_study_error(self.path):
            return {row[0] for row in self._connection.execute(query, NOT_DONE)}

    def dropped(self) -> dict[Cell, int]:
        """The cells that were dropped, each with the first block in which it is not measured."""
        builds, guests, points = self._names
        with as_study_error(self.path):
            rows = self._connection.execute("SELECT build, guest, configuration, block FROM dropped")
            return {Cell(builds[b], guests[g], points[c]): block for b, g, c, block in rows}

    def spent(self) -> float:
        """Seconds from the start of each session to its last stored trial, summed over sessions."""
        with as_study_error(self.path):
            return self._connection.execute(
                """SELECT coalesce(sum(max(0, last - started)), 0.0) FROM session JOIN
                (SELECT session, max(stored) AS last FROM trial GROUP BY session)
                ON session = session.number"""
            ).fetchone()[0]

    def mark(self) -> tuple[object, ...]:
        """A value that changes whenever something is stored.

        SQLite computes it: its files change before their new content can be read.
        """
        with as_study_error(self.path):
            return self._connection.execute(
                """SELECT created, delta, confidence, anytime, (SELECT max(number) FROM trial),
                (SELECT count(*) FROM dropped), (SELECT max(number) FROM session),
                (SELECT sum(ended) FROM session) FROM study"""
            ).fetchone()

    def close(self) -> None:
        """Close the store; a second call does nothing."""
        self._connection.close()


def read_store(path: str | os.PathLike[str]) -> StoreReader:
    """The store at ``path``, open for reading, also while a study writes it or where nobody may write.

    A store of an older format is read from a copy in memory. Raises StudyError if the file does not
    exist, is no store, or has a newer format.

    >>> read_store("/nonexistent.sqlite")
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: store='/nonexistent.sqlite': no such file; name the store of a study
    """
    shown = os.fspath(path)
    if not os.path.isfile(path):
        why = "names no file" if not shown else "is a folder" if os.path.isdir(path) else "no such file"
        raise StudyError(f"store={shown!r}: {why}; name the store of a study")
    with as_study_error(shown):
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
    number = known_format(connection, shown)
    if number == 0:
        raise StudyError(f"store={shown!r}: is empty, no study has begun in it; name another")
    return number < STORE_FORMAT
