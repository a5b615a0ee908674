"""Write the store of a study: one SQLite file, in which each trial is durable as soon as it is measured.

WAL mode, with one transaction and one sync per trial: a process killed at any moment loses at most the
running trial, and readers and the writer never wait for each other. Any SQLite client can read it, as
``sqlite3 FILE 'SELECT * FROM results'``; the views are ``results``, ``failures``, ``trials``, ``summary``,
``sessions``, ``measured_rarely`` and ``study_info``.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.host.identity import Host, host_changes, this_host
from accelkit.study.budget import Budget
from accelkit.study.model import Cell, Damage, Record
from accelkit.study.plan import Plan, differences
from accelkit.study.standards import Standards
from accelkit.study.store.connection import (
    bring_up_to_date,
    connect,
    file_damage,
    is_unbegun,
    known_format,
    refuse_special,
    transaction,
)
from accelkit.study.store.errors import DamageError, as_study_error, refusal
from accelkit.study.store.lock import WriterLock
from accelkit.study.store.log import log_damage
from accelkit.study.store.quarantine import move_damaged
from accelkit.study.store.reader import StoreReader
from accelkit.study.store.rows import (
    StudyInfo,
    insert,
    judge_by,
    read_info,
    read_numbers,
    read_plan,
    update,
    write_plan,
)
from accelkit.study.store.sources import read_sources
from accelkit.study.store.trials import names_of, record_of, row_of
from accelkit.syntax.shell_words import shell_line

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

    def _now(self) -> float:
        """Seconds since the epoch, by one look at the clock: its later jumps do not lengthen the session."""
        return self._opened + time.perf_counter() - self._ticks

    def append(self, *records: Record, hosts: Mapping[str, Host] = NO_HOSTS) -> None:
        """Store records, in one transaction: they are on the disk when this returns.

        ``hosts`` are those that their ``host`` names; those that the store lacks are kept, too. Raises StudyError if
        the disk is full, a trial is stored already or not of this study, or a field is not of its type. All earlier
        records are kept, also those given before a wrong one, and the study can be resumed.
        """
        rows: list[tuple[Any, ...]] = []
        wrong: StudyError | None = None
        for record in records:
            try:
                rows.append(self._row(record))
            except StudyError as error:
                wrong = error
                break
        missing = {record.host for record in records} & hosts.keys() - self._hosts
        with as_study_error(self.path), transaction(self._connection):
            (last,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM host").fetchone()
            for number, name in enumerate(sorted(missing), last + 1):
                host = hosts[name]
                facts = (name, host.machine, host.kernel, host.cpu, host.cpus, host.governor)
                insert(self._connection, "host", (number, *facts))
            for number, row in enumerate(rows, self._last + 1):
                insert(self._connection, "trial", (number, *row, self._session, self._now()))
        self._last += len(rows)
        self._hosts |= missing
        if wrong is not None:
            raise wrong

    def _row(self, record: Record) -> tuple[Any, ...]:
        where = f"store={self.path!r}: trial {record.trial.id}"
        try:
            row = row_of(record, self._numbers)
        except KeyError as error:
            raise StudyError(
                f"{where} names {error.args[0]!r}, which is not in this study; give records of the plan that"
                " the store was opened with"
            ) from None
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise StudyError(f"{where}: {error}; correct the record that measure= returns") from None
        if isinstance(why := record_of(row, self._names), str):  # what is written can be read
            raise StudyError(f"{where}: {why}; correct the record that measure= returns")
        return row

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
) -> StoreWriter:
    """The store at ``path``, open to write the trials of ``plan``: a new store, or one to resume.

    ``command`` is the argv that repeats the study, kept for readers; ``standards`` are kept, too, and
    replace those of earlier calls. ``host`` defaults to this host. Raises StudyError if the store cannot
    be written, another process is writing it, or it holds another study: other builds, configurations,
    guests, baseline or seed, or another host.

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
                session = _begin(connection, shown, plan, tuple(command), host or this_host(), standards)
                return StoreWriter(shown, connection, session, lock)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise


def _begin(
    connection: sqlite3.Connection,
    shown: str,
    plan: Plan,
    command: tuple[str, ...],
    host: Host,
    standards: Standards | None,
) -> int:
    """Make the store, or migrate it if it is of this study; returns the number of a new session."""
    old_format = known_format(connection, shown)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StudyError(
            f"store={shown!r}: this file system, maybe a network's, cannot share memory, which SQLite's WAL"
            " needs; put the store on a local disk"
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if old_format and (lines := file_damage(connection)):
        raise DamageError(f"the file is damaged ({lines[0]})")
    with transaction(connection):
        bring_up_to_date(connection)
        if old_format == 0:
            settled = standards or Standards()
            info = StudyInfo(time.time(), command, _own_version(), host, plan.fingerprint, settled)
            write_plan(connection, plan, info)
        else:
            _refuse_another(connection, shown, plan, host)
            if standards is not None:
                judge_by(connection, standards)
            moved = move_damaged(connection, names_of(read_numbers(connection)))
            words = [_moved(moved)] if moved else []
            words += _keep_digests(connection, plan)
            for word in words:
                warnings.warn(f"store={shown!r}: {word}", UserWarning, stacklevel=2)
        session = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM session").fetchone()[0]
        now, own = time.time(), _own_version()
        row = (session, now, None, os.getpid(), host.governor, json.dumps(command), own)
        insert(connection, "session", row)
    return session


def _keep_digests(connection: sqlite3.Connection, plan: Plan) -> list[str]:
    """Keeps which binary a build is where the store does not know it; and what to say about builds that are not known."""
    words: list[str] = []
    given = {build.name: build.digest for build in plan.builds}
    for number, build in enumerate(read_plan(connection).builds, 1):
        new = given.get(build.name, "")
        if new and not build.digest:
            update(connection, "build", number, {"digest": new})
            words.append(
                f"it did not keep which binary QEMU {build.name} was; the one there now is taken for the same"
            )
        elif build.digest and not new:
            words.append(
                f"which binary QEMU {build.name} is cannot be seen here; it is taken for the stored one"
            )
    return words


def _moved(moved: Sequence[Damage]) -> str:
    trials = sum(damage.where.startswith("trial ") for damage in moved)
    first = moved[0]
    return (
        f"moved {len(moved)} damaged row{'s' * (len(moved) != 1)} to its table damaged ({first.where}: {first.why});"
        f" {trials} trial{'s' * (trials != 1)} to be measured again"
    )


def _refuse_another(connection: sqlite3.Connection, shown: str, plan: Plan, host: Host) -> None:
    info = read_info(connection)
    if merged := read_sources(connection).studies:
        stores = ", ".join(sorted(source.store for source in merged))
        raise StudyError(
            f"store={shown!r}: was merged from {stores}, and is not resumed; resume the study in one of these, then merge"
            f" again: accelkit merge STORE --into {shell_line([shown])}"
        )
    if reasons := differences(read_plan(connection), plan):
        raise StudyError(refusal(shown, "another study", reasons, info.command))
    if reasons := host_changes(info.host, host):
        raise StudyError(refusal(shown, "measurements of another host", reasons, ()))


def _own_version() -> str:
    from accelkit import __version__  # inside: the package imports its modules

    return __version__
