"""Write the store of a study: one SQLite file, in which each trial is durable as soon as it is measured.

WAL mode, with one transaction and one sync per trial: a process killed at any moment loses at most the
running trial, and readers and the writer never wait for each other. Any SQLite client can read it, as
``sqlite3 FILE 'SELECT * FROM results'``; the views are ``results``, ``failures``, ``trials``, ``summary``,
``sessions``, ``given_up`` and ``study_info``.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.host.identity import Host, host_changes, this_host
from accelkit.study.model import Cell, Record
from accelkit.study.plan import Plan, differences
from accelkit.study.standards import Standards
from accelkit.study.store.connection import connect, known_format, transaction
from accelkit.study.store.errors import as_study_error, refusal
from accelkit.study.store.lock import WriterLock
from accelkit.study.store.reader import StoreReader
from accelkit.study.store.rows import COLUMNS, StudyInfo, judge_by, read_info, read_plan, row_of, write_plan
from accelkit.study.store.schema import migrate

INSERT: Final = (
    f"INSERT INTO trial ({', '.join(COLUMNS)}, session, stored) VALUES ({'?, ' * len(COLUMNS)}?, ?)"  # noqa: S608
)


class StoreWriter(StoreReader):
    """A store open for writing, by this process alone: made by :func:`open_store`."""

    def __init__(self, path: str, connection: sqlite3.Connection, session: int, lock: WriterLock) -> None:
        super().__init__(path, connection)
        self._session = session
        self._lock = lock

    def append(self, record: Record) -> None:
        """Store a record: it is on the disk when this returns.

        Raises StudyError if the disk is full, or the trial is stored already or not of this study. All
        earlier records are kept, and the study can be resumed.
        """
        try:
            row = row_of(record, self._numbers)
        except KeyError as error:
            raise StudyError(
                f"store={self.path!r}: trial {record.trial.id} names {error.args[0]!r}, which is not in"
                " this study; give records of the plan that the store was opened with"
            ) from None
        with as_study_error(self.path):
            self._connection.execute(INSERT, (*row, self._session, time.time()))

    def drop(self, block: int, cells: Iterable[Cell]) -> None:
        """Note that ``cells`` are not measured from ``block`` on, all of them in one transaction."""
        builds, guests, points = self._numbers
        rows = [(builds[cell[0]], guests[cell[1]], points[cell[2]], block) for cell in cells]
        with as_study_error(self.path), transaction(self._connection):
            self._connection.executemany("INSERT OR IGNORE INTO dropped VALUES (?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Note the end of the session, merge SQLite's files into one, and release the lock."""
        with suppress(sqlite3.Error):  # closed already, or the disk is full: then the session has no end
            self._connection.execute(
                "UPDATE session SET ended = ? WHERE number = ?", (time.time(), self._session)
            )
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
    if not shown or os.path.isdir(real):
        raise StudyError(
            f"store={shown!r}: {'is a folder' if shown else 'names no file'}; give the name of a file"
        )
    if not os.path.isdir(os.path.dirname(real)):
        raise StudyError(f"store={shown!r}: its folder does not exist; make it first, or give another place")
    with as_study_error(shown):
        lock = WriterLock(shown, real)
    try:
        with as_study_error(shown):
            connection = connect(f"file:{quote(real)}?mode=rwc")
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
    with transaction(connection):
        migrate(connection)
        if old_format == 0:
            settled = standards or Standards()
            info = StudyInfo(time.time(), command, _own_version(), host, plan.fingerprint, settled)
            write_plan(connection, plan, info)
        else:
            _refuse_another(connection, shown, plan, host)
            if standards is not None:
                judge_by(connection, standards)
        session = connection.execute(
            "INSERT INTO session (started, pid, governor, command, accelkit) VALUES (?, ?, ?, ?, ?)",
            (time.time(), os.getpid(), host.governor, json.dumps(command), _own_version()),
        )
    return session.lastrowid or 0


def _refuse_another(connection: sqlite3.Connection, shown: str, plan: Plan, host: Host) -> None:
    info = read_info(connection)
    if reasons := differences(read_plan(connection), plan):
        raise StudyError(refusal(shown, "another study", reasons, info.command))
    if reasons := host_changes(info.host, host):
        raise StudyError(refusal(shown, "measurements of another host", reasons, ()))


def _own_version() -> str:
    from accelkit import __version__  # inside: the package imports its modules

    return __version__
