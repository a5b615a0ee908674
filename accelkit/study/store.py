"""The store of a study: one SQLite file in which each trial is durable as soon as it was measured.

WAL mode, one transaction and one sync a trial: a process killed at any moment loses at most the
trial that was running, and readers never wait for the writer nor the writer for them. What it holds
is read by ``sqlite3 FILE 'SELECT * FROM results'``; the views are ``results``, ``failures``,
``trials``, ``summary``, ``sessions`` and ``study_info``.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.study.host import Host, moved, this_host
from accelkit.study.plan import Plan, differences
from accelkit.study.store_errors import refusal, telling
from accelkit.study.store_lock import WriterLock
from accelkit.study.store_rows import (
    COLUMNS,
    StudyInfo,
    names_of,
    read_info,
    read_numbers,
    read_plan,
    record_of,
    row_of,
    write_plan,
)
from accelkit.study.store_schema import FORMAT, format_of, migrate
from accelkit.study.trial import NOT_DONE, Arm, Record

PAGE: Final = 500
"""Records that are read at once, so that memory is bounded and no read lasts."""

SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM trial WHERE number > ? ORDER BY number LIMIT {PAGE}"  # noqa: S608

INSERT: Final = (
    f"INSERT INTO trial ({', '.join(COLUMNS)}, session, stored) VALUES ({'?, ' * len(COLUMNS)}?, ?)"  # noqa: S608
)


class Stored:
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

    def __len__(self) -> int:
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

    def dropped(self) -> dict[Arm, int]:
        """What was given up, and the block from which on it was not measured any more."""
        builds, guests, points = self._names
        with telling(self.path):
            rows = self._connection.execute("SELECT build, guest, configuration, block FROM dropped")
            return {Arm(builds[b], guests[g], points[c]): block for b, g, c, block in rows}

    def spent(self) -> float:
        """Seconds from the begin of each session to the last trial it stored, summed."""
        with telling(self.path):
            return self._connection.execute(
                """SELECT coalesce(sum(max(0, last - started)), 0.0) FROM session JOIN
                (SELECT session, max(stored) AS last FROM trial GROUP BY session)
                ON session = session.number"""
            ).fetchone()[0]

    def close(self) -> None:
        """Ends reading; what is open is closed once."""
        self._connection.close()


class Store(Stored):
    """A store that is written, by this process alone: made by :func:`open_store`."""

    def __init__(self, path: str, connection: sqlite3.Connection, session: int, lock: WriterLock) -> None:
        super().__init__(path, connection)
        self._session = session
        self._lock = lock

    def append(self, record: Record) -> None:
        """Stores a record for good: it is on the disk when this returns.

        Raises StudyError if the disk is full, the trial is there already, or is not of this study;
        what was stored before is kept, and the store can be gone on with.
        """
        try:
            row = row_of(record, self._numbers)
        except KeyError as error:
            raise StudyError(
                f"store={self.path!r}: trial {record.trial.id} has {error.args[0]!r}, which is not in"
                " this study; give records of the plan that the store was opened with"
            ) from None
        with telling(self.path):
            self._connection.execute(INSERT, (*row, self._session, time.time()))

    def drop(self, block: int, arms: Iterable[Arm]) -> None:
        """Notes that ``arms`` are not measured any more from ``block`` on, all or none of them."""
        builds, guests, points = self._numbers
        rows = [(builds[each[0]], guests[each[1]], points[each[2]], block) for each in arms]
        with telling(self.path), transaction(self._connection):
            self._connection.executemany("INSERT OR IGNORE INTO dropped VALUES (?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Notes the end of the session, leaves one file behind, and lets the next writer in."""
        with suppress(sqlite3.Error):  # closed already, or the disk is full: a session without an end
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
) -> Store:
    """The store at ``path`` to write the trials of ``plan`` to, a new one or one to go on with.

    ``command`` is the argv that repeats the study, kept for readers; ``host`` is this one if not
    given. Raises StudyError if the store cannot be written, another process is writing it, or it
    holds another study: other builds, configurations, guests, baseline or seed, or another host.

    >>> from tempfile import TemporaryDirectory
    >>> from accelkit.study.plan import Named
    >>> from accelkit.study.trial import Build, Configuration
    >>> plan = Plan(
    ...     [Build("7.2", ("qemu",), "7.2.22")], [Configuration("tcg", ())], [Named("cpu", "")], "tcg"
    ... )
    >>> with TemporaryDirectory() as folder, open_store(f"{folder}/tcg.sqlite", plan) as store:
    ...     store.append(Record(plan.block(0)[0], "ok", figure=1.5))
    ...     [record.figure for record in store.records()]
    [1.5]
    """
    shown, real = os.fspath(path), os.path.realpath(path)
    if not os.path.isdir(os.path.dirname(real)):
        raise StudyError(f"store={shown!r}: no such folder; make it first, or give another place")
    with telling(shown):
        lock = WriterLock(shown, real)
    try:
        with telling(shown):
            connection = _connect(f"file:{quote(real)}?mode=rwc")
        try:
            with telling(shown):
                session = _begin(connection, shown, plan, tuple(command), host or this_host())
                return Store(shown, connection, session, lock)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise


def read_store(path: str | os.PathLike[str]) -> Stored:
    """The store at ``path`` for reading only, also while a study writes it, and where nobody may write.

    A store of an older format is read from a copy in memory. Raises StudyError if there is none, or
    it is no store, or one of a newer format.

    >>> read_store("/nonexistent.sqlite")
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: store='/nonexistent.sqlite': no such file; name the store of a study
    """
    shown, real = os.fspath(path), os.path.realpath(path)
    if not os.path.isfile(real):
        raise StudyError(f"store={shown!r}: no such file; name the store of a study")
    with telling(shown):
        connection = _connect_reading(real)
        try:
            found = _known_format(connection, shown)
            if found == 0:
                raise StudyError(f"store={shown!r}: is empty, no study was begun in it; name another")
            if found < FORMAT:
                connection = _newest_copy(connection)
            connection.execute("PRAGMA query_only = ON")
            return Stored(shown, connection)
        except BaseException:
            connection.close()
            raise


def _begin(
    connection: sqlite3.Connection, shown: str, plan: Plan, command: tuple[str, ...], host: Host
) -> int:
    """Makes the store or brings it to the newest format, if it is of this study; a new session's number."""
    found = _known_format(connection, shown)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StudyError(
            f"store={shown!r}: this file system cannot share memory, as SQLite's WAL needs (it is a"
            " network's?); put the store on a local disk"
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    with transaction(connection):
        migrate(connection)
        if found == 0:
            info = StudyInfo(time.time(), command, _own_version(), host, plan.fingerprint)
            write_plan(connection, plan, info)
        else:
            _refuse_another(connection, shown, plan, host)
        added = connection.execute(
            "INSERT INTO session (started, pid, governor, command, accelkit) VALUES (?, ?, ?, ?, ?)",
            (time.time(), os.getpid(), host.governor, json.dumps(command), _own_version()),
        )
    return added.lastrowid or 0


def _refuse_another(connection: sqlite3.Connection, shown: str, plan: Plan, host: Host) -> None:
    info = read_info(connection)
    if plan.fingerprint != info.fingerprint:
        raise StudyError(
            refusal(shown, "another study", differences(read_plan(connection), plan), info.command)
        )
    if found := moved(info.host, host):
        raise StudyError(refusal(shown, "what another host measured", found, ()))


def _known_format(connection: sqlite3.Connection, shown: str) -> int:
    found = format_of(connection)
    if found < 0:
        raise StudyError(f"store={shown!r}: a database of another program; give another name")
    if found > FORMAT:
        raise StudyError(
            f"store={shown!r}: made by a newer accelkit (format {found}, this one knows {FORMAT});"
            " update accelkit"
        )
    return found


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=30.0,
        isolation_level=None,  # each statement is a transaction, unless told otherwise
        check_same_thread=sqlite3.threadsafety != 3,
    )
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _connect_reading(real: str) -> sqlite3.Connection:
    # A connection that may write leaves no -wal and -shm behind. Where they cannot be made, as on
    # read-only media, a store that was ended cleanly is complete without them.
    for way in ("mode=rw", "mode=ro", "immutable=1"):
        if way == "immutable=1" and os.path.exists(f"{real}-wal") and os.path.getsize(f"{real}-wal"):
            break
        with suppress(sqlite3.OperationalError):
            connection = _connect(f"file:{quote(real)}?{way}")
            try:
                connection.execute("SELECT count(*) FROM sqlite_master")
            except BaseException:
                connection.close()
                raise
            return connection
    return _connect(f"file:{quote(real)}?mode=ro")  # to fail with SQLite's own words


def _newest_copy(old: sqlite3.Connection) -> sqlite3.Connection:
    with closing(old):
        copy = _connect("file::memory:")
        old.backup(copy)
    with transaction(copy):
        migrate(copy)
    return copy


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _own_version() -> str:
    from accelkit import __version__  # the package imports its parts

    return __version__
