"""Write the store of a study: one SQLite file, in which each trial is durable as soon as it is measured.

WAL mode, with one transaction and one sync per trial: a process killed at any moment loses at most the
running trial, and readers and the writer never wait for each other. Any SQLite client can read it, as
``sqlite3 FILE 'SELECT * FROM results'``; the views are ``results``, ``failures``, ``trials``, ``summary``,
``sessions``, ``measured_rarely`` and ``study_info``.
"""

from __future__ import annotations

import os
import sqlite3
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.host.identity import Host, this_host
from accelkit.study.budget import Budget
from accelkit.study.model import Cell, Configuration, Record
from accelkit.study.plan import Plan
from accelkit.study.searched import TriedPoint, Tuning
from accelkit.study.standards import Standards
from accelkit.study.store.beginning import begin
from accelkit.study.store.connection import connect, is_unbegun, refuse_special, transaction
from accelkit.study.store.errors import as_study_error
from accelkit.study.store.lock import WriterLock
from accelkit.study.store.log import log_damage
from accelkit.study.store.reader import StoreReader
from accelkit.study.store.rows import configuration_row, insert, read_numbers, update, write_hosts
from accelkit.study.store.search import SearchWriter, end_search, stored_rows
from accelkit.study.store.trials import names_of

NO_HOSTS: Final[Mapping[str, Host]] = {}


class StoreWriter(StoreReader):
    """A store open for writing, by this process alone: made by :func:`open_store`."""

    def __init__(self, path: str, connection: sqlite3.Connection, session: int, lock: WriterLock) -> None:
        super().__init__(path, connection)
        self._session = session
        self._lock = lock
        self._budget = 0
        self._hosts = {*self.hosts()}
        self._last: int = connection.execute("SELECT coalesce(max(number), 0) FROM trial").fetchone()[0]
        self._opened, self._ticks = time.time(), time.perf_counter()
        self._search = SearchWriter(path, connection, self._numbers, session, self._now)

    @property
    def search(self) -> SearchWriter:
        """The search of a tuning, to be read and written; empty for a plain study."""
        return self._search

    def _now(self) -> float:
        """Seconds since the epoch, by one look at the clock: its later jumps do not lengthen the session."""
        return self._opened + time.perf_counter() - self._ticks

    def append(self, *records: Record, hosts: Mapping[str, Host] = NO_HOSTS) -> None:
        """Store records, in one transaction: they are on the disk when this returns.

        ``hosts`` are those that their ``host`` names; those that the store lacks are kept, too. Raises StudyError if
        the disk is full, a trial is stored already or not of this study, or a field is not of its type. All earlier
        records are kept, also those given before a wrong one, and the study can be resumed.
        """
        rows, wrong = stored_rows(self.path, records, self._numbers, self._names)
        missing = {record.host for record in records} & hosts.keys() - self._hosts
        with as_study_error(self.path), transaction(self._connection):
            if missing:
                write_hosts(self._connection, {name: hosts[name] for name in missing})
            for number, row in enumerate(rows, self._last + 1):
                insert(self._connection, "trial", (number, *row, self._session, self._now()))
        self._last += len(rows)
        self._hosts |= missing
        if wrong is not None:
            raise wrong

    def race(self, block: int, every: Mapping[Cell, int]) -> None:
        """Note, in one transaction, in one of how many blocks each cell is measured from ``block`` on; 1 is a return."""
        builds, guests, points = self._numbers
        rows = [
            (builds[cell[0]], guests[cell[1]], points[cell[2]], block, number)
            for cell, number in every.items()
        ]
        with as_study_error(self.path), transaction(self._connection):
            for row in rows:
                self._connection.execute(
                    "DELETE FROM race WHERE build = ? AND guest = ? AND configuration = ? AND block = ?",
                    row[:4],
                )
                insert(self._connection, "race", row)

    def confirm(
        self, configurations: Sequence[Configuration], first: int, blocks: int, points: Iterable[TriedPoint]
    ) -> None:
        """End the search of a tuning and begin its confirming study, in one transaction.

        ``configurations`` are the finalists; the baseline is in the plan already. The study has ``blocks`` blocks, of
        which the first has the number ``first``. ``points`` have what was found out of them. Raises StudyError if the
        confirming study has begun.
        """
        if self.count():
            raise StudyError(f"store={self.path!r}: the confirming study has begun; its plan stays as it is")
        known = self._numbers.configurations
        new = [point for point in configurations if point.name not in known]
        plan = replace(self.plan, configurations=(*self.plan.configurations, *new))
        with as_study_error(self.path), transaction(self._connection):
            for number, point in enumerate(new, len(known) + 1):
                insert(self._connection, "configuration", configuration_row(number, point))
            update(self._connection, "study", 1, {"fingerprint": plan.fingerprint})
            end_search(self._connection, first, blocks, points)
        self.plan, self._numbers = plan, read_numbers(self._connection)
        self._names = names_of(self._numbers)

    def begin_budget(self, budget: Budget) -> None:
        """Note the budget of this call."""
        with as_study_error(self.path), transaction(self._connection):
            query = "SELECT coalesce(max(number), 0) + 1 FROM budget"
            self._budget = self._connection.execute(query).fetchone()[0]
            seconds = None if budget.seconds is None else float(budget.seconds)
            row = (budget.blocks, seconds, int(budget.precision), budget.trials, int(budget.ended))
            insert(self._connection, "budget", (self._budget, self._session, *row))

    def end_budget(self) -> None:
        """Note that the budget of this call is used up."""
        with as_study_error(self.path), transaction(self._connection):
            update(self._connection, "budget", self._budget, {"ended": 1})

    def close(self) -> None:
        """Note the end of the session, merge SQLite's files into one, and release the lock."""
        # Closed already, or the disk is full: then the session has no end.
        with suppress(sqlite3.Error), transaction(self._connection):
            update(self._connection, "session", self._session, {"ended": self._now()})
        super().close()
        self._lock.release()


def open_store(
    path: str | os.PathLike[str],
    plan: Plan,
    *,
    command: Sequence[str] = (),
    host: Host | None = None,
    standards: Standards | None = None,
    tuning: Tuning | None = None,
) -> StoreWriter:
    """The store at ``path``, open to write the trials of ``plan``: a new store, or one to resume.

    ``command`` is the argv that repeats the study, kept for readers; ``standards`` are kept, too, and
    replace those of earlier calls. ``host`` defaults to this host. With a ``tuning``, whose confirming study has the
    baseline of ``plan`` and finalists that only its search knows, the plan has the baseline alone. Raises StudyError if the store cannot
    be written, another process is writing it, or it holds another study: other builds, configurations,
    guests, baseline or seed, another tuning, or another host.

    >>> from tempfile import TemporaryDirectory
    >>> from accelkit.study.plan import StoredGuest
    >>> from accelkit import tcg
    >>> from accelkit.study.model import Build, Configuration
    >>> plan = Plan(
    ...     [Build("7.2", ("qemu",), "7.2.22")], [Configuration(tcg())], [StoredGuest("cpu", "")], "tcg"
    ... )
    >>> with TemporaryDirectory() as folder, open_store(f"{folder}/tcg.sqlite", plan) as store:
    ...     store.append(Record(plan.block(0)[0], "ok", value=1.5))
    ...     [record.value for record in store.records()]
    [1.5]
    """
    shown, real = os.fspath(path), os.path.realpath(path)
    refuse_special(shown)
    if not shown:
        raise StudyError(f"store={shown!r}: names no file; give the name of a file")
    if not os.path.isdir(os.path.dirname(real)):
        raise StudyError(f"store={shown!r}: its folder does not exist; make it first, or give another place")
    with as_study_error(shown):
        lock = WriterLock(shown, real)
    try:
        with as_study_error(shown):
            if is_unbegun(real) and os.path.exists(real):
                os.truncate(real, 0)  # less than the first page, which SQLite would not take for a database
            elif lost := log_damage(real):
                warnings.warn(f"store={shown!r}: {lost}, and measured again", UserWarning, stacklevel=2)
            connection = connect(f"file:{quote(os.fsencode(real))}?mode=rwc")
        try:
            with as_study_error(shown):
                place = (connection, shown, host or this_host())
                session = begin(*place, plan, tuple(command), standards, tuning)
                return StoreWriter(shown, connection, session, lock)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise
