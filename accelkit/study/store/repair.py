"""Check a whole store, and write a damaged one anew from all of its rows that can be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from accelkit.errors import StudyError
from accelkit.study.model import Damage
from accelkit.study.store.checksum import TABLES, corrected, is_whole
from accelkit.study.store.connection import (
    connect,
    connect_reading,
    file_damage,
    known_format,
    newest_copy,
    transaction,
)
from accelkit.study.store.errors import DamageError, as_study_error
from accelkit.study.store.lock import WriterLock
from accelkit.study.store.quarantine import note
from accelkit.study.store.reader import read_store
from accelkit.study.store.rows import insert, read_info, read_numbers, read_plan, rows_of, trial_query
from accelkit.study.store.schema import STORE_FORMAT, format_of, migrate
from accelkit.study.store.search import read_tuning, with_points
from accelkit.study.store.trials import Names, TrialTable, names_of, read_trial
from accelkit.syntax.shell_words import shell_line

PLAN_TABLES: Final = ("study", "build", "guest", "configuration", "tuning")

MOST_MISSES: Final = 10_000
"""After this many numbers without a trial there are no more."""


class Repair(NamedTuple):
    """What a repair left: the number of trials that were kept, and the path of the damaged file."""

    trials: int
    copy: str


def damage_of(path: str) -> tuple[Damage, ...]:
    """All that is damaged in the store at ``path``; empty if it is whole.

    Raises StudyError if there is no store, or it is not one.
    """
    real = os.path.realpath(path)
    try:
        with read_store(path) as stored:
            damage = [row for row in stored.read() if isinstance(row, Damage)]
            damage += stored.other_damage()
    except StudyError as error:
        if not isinstance(error.__cause__, (DamageError, sqlite3.DatabaseError, UnicodeDecodeError)):
            raise
        damage = [Damage("the store", str(error).partition(": ")[2].partition("; accelkit store check")[0])]
    with suppress(sqlite3.Error, UnicodeDecodeError), closing(connect_reading(real)) as connection:
        known = {problem.why for problem in damage}
        damage += [
            Damage("the file", line) for line in file_damage(connection, thorough=True) if line not in known
        ]
        if format_of(connection) == STORE_FORMAT and set(_tables(connection)) != set(_expected()):
            damage.append(Damage("the file", "its list of tables is not that of a store"))
    return tuple(damage)


def repair(path: str) -> Repair:
    """Writes the store at ``path`` anew, with every row that is as it was written; the damaged file stays beside it.

    The copy is ``PATH.damaged``, with a number if there is one already. Rows that can be read and are not as
    they were written go to the new store's table ``damaged``; a row of the plan with one wrong bit is put
    right. Raises StudyError if a study is writing the
    store, if there is no room, or if its plan is damaged, without which no trial can be placed: then the store
    stays as it was.
    """
    real = os.path.realpath(path)
    with as_study_error(path):
        lock = WriterLock(path, real)
    try:
        copy = _copy(real)
        try:
            trials = _replace(path, real)
        except (sqlite3.DatabaseError, DamageError, UnicodeDecodeError) as error:
            for ending in ("", "-wal"):
                with suppress(FileNotFoundError):
                    os.unlink(copy + ending)
            raise StudyError(
                f"store={path!r}: cannot be repaired ({error}), and is as it was; look for what is left with:"
                f" sqlite3 {shell_line([path])} .recover; measure again with another store="
            ) from error
    except OSError as error:
        raise StudyError(
            f"store={path!r}: {error.strerror}; the repair writes beside it: make room there"
        ) from error
    finally:
        lock.release()
    return Repair(trials, os.path.join(os.path.dirname(path), os.path.basename(copy)))


def _replace(path: str, real: str) -> int:
    made = f"{real}.repair"
    try:
        with closing(_opened(path, real, f"{made}-source")) as old:
            trials = _write_anew(old, made)
        for ending in ("-wal", "-shm"):  # of the damaged file: they must not meet the new one
            with suppress(FileNotFoundError):
                os.unlink(real + ending)
        os.replace(made, real)
    finally:
        for ending in ("", "-journal", "-source", "-source-wal", "-source-shm"):
            with suppress(FileNotFoundError):
                os.unlink(made + ending)
    return trials


def _copy(real: str) -> str:
    number = 1
    copy = f"{real}.damaged"
    while os.path.exists(copy):
        number += 1
        copy = f"{real}.damaged-{number}"
    for ending in ("-wal", ""):
        if os.path.exists(real + ending):
            shutil.copy2(real + ending, copy + ending)
    return copy


def _opened(path: str, real: str, source: str) -> sqlite3.Connection:
    """The store for reading, of the newest format; if its list of tables is damaged, a copy at ``source`` with a good one."""
    try:
        connection = connect_reading(real)
        number = known_format(connection, path)
        if number < STORE_FORMAT:
            return newest_copy(connection)
        if set(_tables(connection)) == set(_expected()):
            return connection
        connection.close()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        pass
    for ending in ("-wal", ""):
        if os.path.exists(real + ending):
            shutil.copy(real + ending, source + ending)
    _restore_tables(source)
    return connect_reading(source)


def _tables(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").fetchall()


def _expected() -> list[tuple[object, ...]]:
    """What every store of the newest format has in its list of tables."""
    with closing(connect("file::memory:")) as fresh:
        migrate(fresh)
        return _tables(fresh)


def _restore_tables(path: str) -> None:
    """Replaces what is damaged in a store's list of tables by what every store has there. Raises DamageError."""
    expected = _expected()
    with closing(connect(f"file:{quote(os.fsencode(path))}")) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # also opens a store whose list makes no sense
        listed = _tables(connection)
        places = [row[0] for row in connection.execute("SELECT rowid FROM sqlite_master ORDER BY rowid")]
        missing = [row for row in expected if row not in listed]
        strange = [place for place, row in zip(places, listed, strict=True) if row not in expected]
        if len(missing) != len(strange):
            raise DamageError("the list of its tables is damaged beyond repair")
        for row, place in zip(missing, strange, strict=True):
            connection.execute(
                "UPDATE sqlite_master SET type = ?, name = ?, tbl_name = ?, sql = ? WHERE rowid = ?",
                (*row, place),
            )


def _write_anew(old: sqlite3.Connection, made: str) -> int:
    """Writes what ``old`` holds to a new store at ``made``; the number of trials that were kept."""
    trials = 0
    with closing(connect(f"file:{quote(os.fsencode(made))}?mode=rwc")) as new:
        new.execute("PRAGMA synchronous = FULL")
        with transaction(new):
            migrate(new)
            for table in PLAN_TABLES:
                for row in _planned(old, table):
                    insert(new, table, row)
            read_plan(new)
            read_info(new)
            read_tuning(new)
            numbers = read_numbers(new)
            sessions = {row[0]: row for row in _salvaged(old, "session")}
            for row in sessions.values():
                insert(new, "session", row)
            for table in ("race", "budget", "host", "point", "search_block"):
                for row in _salvaged(old, table):
                    insert(new, table, row)
            trials += _copy_trials(old, new, "trial", names_of(numbers), set(sessions))
            points = names_of(with_points(new, numbers))
            trials += _copy_trials(old, new, "search", points, set(sessions))
    return trials


def _copy_trials(
    old: sqlite3.Connection, new: sqlite3.Connection, table: TrialTable, names: Names, sessions: set[object]
) -> int:
    """Copies the rows of a table of trials that are as they were written, and notes the others; how many were copied."""
    trials = 0
    seen: set[str] = set()
    for number, row in _trials(old, table):
        record = "it cannot be read" if row is None else read_trial(row, names, table)
        if isinstance(record, str):
            note(new, Damage(f"{table} {number}", record), row or ())
        elif not record.done or record.trial.id not in seen:
            session = row[-3] if row and row[-3] in sessions else None
            insert(new, table, (*row[:-3], session, row[-2]) if row else ())
            trials += 1
            if record.done:
                seen.add(record.trial.id)
    return trials


def _planned(old: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The rows of a table of the plan, each as it was written. Raises DamageError if one cannot be restored."""
    columns = TABLES[table]
    for row in old.execute(f"SELECT {', '.join(columns)}, checksum FROM {table}").fetchall():  # noqa: S608 - known names
        whole = row[:-1] if is_whole(table, row) else corrected(table, row)
        if whole is None:
            raise DamageError(f"its plan is damaged ({table} {row[0]}: its checksum does not match)")
        yield whole


def _salvaged(old: sqlite3.Connection, table: str) -> Sequence[tuple[Any, ...]]:
    try:
        return rows_of(old, table)[0]
    except sqlite3.DatabaseError:  # in a part of the file that is malformed
        return ()


def _trials(old: sqlite3.Connection, table: TrialTable) -> Iterator[tuple[int, tuple[Any, ...] | None]]:
    """Each trial by its number, as far as it can be read: one look-up each, past the pages that are malformed."""
    number = misses = 0
    while misses < MOST_MISSES:
        number += 1
        try:
            row = old.execute(f"{trial_query(table)} WHERE number = ?", (number,)).fetchone()
        except sqlite3.DataError:
            yield number, None
            continue
        except sqlite3.DatabaseError:
            misses += 1
            continue
        misses = misses + 1 if row is None else 0
        if row is not None:
            yield number, row
