"""Read a store, also while a study writes it: for reports, dashboards and exports."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final, Self

from accelkit.errors import StudyError
from accelkit.host.identity import Host
from accelkit.study.budget import BUDGET_UNKNOWN, look
from accelkit.study.drops import Drops
from accelkit.study.model import Damage, Record
from accelkit.study.plan import Plan
from accelkit.study.store.connection import (
    connect_reading,
    file_damage,
    is_unbegun,
    known_format,
    lost_log,
    newest_copy,
    refuse_special,
)
from accelkit.study.store.errors import DamageError, as_study_error
from accelkit.study.store.rows import (
    OVERSIZE,
    StudyInfo,
    pages,
    read_budgets,
    read_drops,
    read_hosts,
    read_info,
    read_numbers,
    read_plan,
    rows_of,
)
from accelkit.study.store.schema import STORE_FORMAT
from accelkit.study.store.search import SearchReader
from accelkit.study.store.trials import names_of, read_trial
from accelkit.syntax.shell_words import shell_line


class StoreReader:
    """A store open for reading: made by :func:`read_store`, closed by ``with`` or :meth:`close`.

    ``path`` is the file, ``plan`` the stored plan (it has of a guest the name, fingerprint and code),
    ``info`` where, when and with which command the study began. Each call sees what is stored by then.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, lost: str = "") -> None:
        self._connection = connection
        self._lost = lost  # what is wrong with the log that the store was opened with
        self._numbers = read_numbers(connection)
        self._names = names_of(self._numbers)
        self.path: Final = path
        self.plan: Plan = read_plan(connection)
        self.info: Final[StudyInfo] = read_info(connection)

    def __enter__(self) -> Self:  # of a subclass, too, which AbstractContextManager cannot say
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def search(self) -> SearchReader:
        """The search of a tuning, of which the plan is that of the confirming study; empty for a plain study."""
        return SearchReader(self.path, self._connection, self._numbers)

    def count(self) -> int:
        """The number of trials stored, including damaged ones and those that are to be measured again."""
        with as_study_error(self.path):
            return self._connection.execute("SELECT count(*) FROM trial").fetchone()[0]

    def blocks(self) -> int:
        """The number of blocks of which a trial is stored."""
        with as_study_error(self.path):
            return self._connection.execute("SELECT count(DISTINCT block) FROM trial").fetchone()[0]

    def read(self, after: int = 0) -> Iterator[Record | Damage]:
        """The record of each trial, or how it is damaged, in the order stored, those after number ``after``.

        Records that are stored meanwhile come at the end.
        """
        reading = pages(self._connection, after)
        while True:
            with as_study_error(self.path):
                number, row = next(reading, (0, None))
            if not number:
                return
            record = OVERSIZE if row is None else read_trial(row, self._names)
            yield Damage(f"trial {number}", record) if isinstance(record, str) else record

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records of :meth:`read`, without damaged trials."""
        return (record for record in self.read(after) if isinstance(record, Record))

    def other_damage(self) -> tuple[Damage, ...]:
        """What is damaged besides trials: the structure of the file, sessions, drops, budgets, a search.

        A damaged plan is an error of :func:`read_store`.
        """
        with as_study_error(self.path):
            lines = [*filter(None, [self._lost]), *file_damage(self._connection)]
            rest = rows_of(self._connection, "session")[1] + read_drops(self._connection, self._names)[1]
            rest += read_budgets(self._connection)[1] + read_hosts(self._connection)[1]
        rest += self.search.damage()
        return (*(Damage("the file", line) for line in lines), *rest)

    def trial_ids(self) -> set[str]:
        """The ids of the trials that are done and not to be measured again."""
        return {record.trial.id for record in self.records() if record.done}

    def drops(self) -> Drops:
        """Which cells are measured only in one of some blocks, and since when; and which have returned."""
        with as_study_error(self.path):
            return read_drops(self._connection, self._names)[0]

    def hosts(self) -> dict[str, Host]:
        """The hosts besides the study's own that ran its trials, by the names that records have."""
        with as_study_error(self.path):
            return read_hosts(self._connection)[0]

    def look(self) -> str:
        """Why the intervals of the trials so far must hold at any time, as :func:`accelkit.study.budget.look` says it."""
        with as_study_error(self.path):
            budgets, damage = read_budgets(self._connection)
        return BUDGET_UNKNOWN if damage else look(budgets, self.count())

    def spent(self) -> float:
        """Seconds from the start of each session to its last stored trial, those of a search too, summed over sessions.

        A session whose start is damaged counts from its first stored trial.
        """
        with as_study_error(self.path):
            started = {row[0]: row[1] for row in rows_of(self._connection, "session")[0]}
            spans = self._connection.execute(
                """SELECT session, min(stored), max(stored) FROM
                (SELECT session, stored FROM trial UNION ALL SELECT session, stored FROM search)
                WHERE stored > 0 GROUP BY session"""
            ).fetchall()
        return sum((max(0.0, last - started.get(session, first)) for session, first, last in spans), 0.0)

    def mark(self) -> tuple[object, ...]:
        """A value that changes whenever something is stored.

        SQLite computes it: its files change before their new content can be read.
        """
        with as_study_error(self.path):
            return self._connection.execute(
                """SELECT created, delta, confidence, anytime, (SELECT max(number) FROM trial),
                (SELECT count(*) FROM race), (SELECT sum(every) FROM race),
                (SELECT count(*) FROM budget), (SELECT sum(ended) FROM budget), (SELECT max(number) FROM session),
                (SELECT sum(ended) FROM session), (SELECT max(number) FROM search), (SELECT first FROM tuning)
                FROM study"""
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
    refuse_special(shown)
    if not os.path.isfile(path):
        why = "no such file" if shown else "names no file"
        raise StudyError(f"store={shown!r}: {why}; name the store of a study")
    with as_study_error(shown):
        real = os.path.realpath(path)
        if is_unbegun(real):
            raise StudyError(_empty(shown))
        lost = lost_log(real)
        connection = connect_reading(real)
        try:
            if _is_old(connection, shown, lost):
                connection = newest_copy(connection)
            connection.execute("PRAGMA query_only = ON")
            return StoreReader(shown, connection, lost)
        except BaseException:
            connection.close()
            raise


def stored_plan(path: str | os.PathLike[str]) -> Plan | None:
    """The plan of the store at ``path``; None if no study has begun in it, or there is no file.

    Raises StudyError as :func:`read_store`.
    """
    shown, real = os.fspath(path), os.path.realpath(path)
    refuse_special(shown)
    if is_unbegun(real):
        return None
    if os.path.isfile(real):
        with as_study_error(shown), closing(connect_reading(real)) as connection:
            if known_format(connection, shown) == 0:
                return None
    with read_store(path) as stored:
        return stored.plan


def _is_old(connection: sqlite3.Connection, shown: str, lost: str) -> bool:
    number = known_format(connection, shown)
    if number == 0 and lost:
        raise DamageError(lost)
    if number == 0:
        raise StudyError(_empty(shown))
    return number < STORE_FORMAT


def _empty(shown: str) -> str:
    return (
        f"store={shown!r}: is empty, no study has begun in it; name another, or begin one:"
        f" accelkit study SPACE --store {shell_line([shown])}"
    )
