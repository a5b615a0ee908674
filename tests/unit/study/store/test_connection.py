"""Connections to files that are stores, and to those that are not."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from support.stored_study import PLAN, full

from accelkit.errors import StudyError
from accelkit.study.store.connection import connect, connect_reading, known_format, newest_copy, transaction
from accelkit.study.store.reader import read_store
from accelkit.study.store.schema import STORE_FORMAT, format_of, migrate
from accelkit.study.store.writer import open_store


def test_a_transaction_is_kept_whole_or_not_at_all() -> None:
    connection = connect("file::memory:")
    connection.execute("CREATE TABLE t (a)")

    def fail() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (1,)
    connection.close()


def test_an_older_store_is_migrated_in_its_copy_only(path: Path) -> None:
    old = connect(f"file:{path}?mode=rwc")
    migrate(old, 2)
    copy = newest_copy(connect_reading(str(path)))
    assert (format_of(copy), format_of(old)) == (STORE_FORMAT, 2)
    copy.close()
    old.close()


def test_a_closed_store_is_read_without_leaving_files(path: Path) -> None:
    with open_store(path, PLAN):
        pass
    connection = connect_reading(str(path))
    assert known_format(connection, "s") == STORE_FORMAT
    connection.close()
    assert os.listdir(path.parent) == [path.name]


def test_a_path_may_have_any_characters(tmp_path: Path) -> None:
    for name in ("a?b#c%20d&e='f'.sqlite", "ä ö.sqlite", "-x"):
        path = tmp_path / name
        with open_store(path, PLAN) as store:
            store.append(full())
        with read_store(path) as stored:
            assert stored.count() == 1
    assert len(os.listdir(tmp_path)) == 3


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)
    for use in (lambda: open_store(path, PLAN), lambda: read_store(path)):
        with pytest.raises(StudyError, match="not an SQLite database; give another name"):
            use()
    assert path.read_bytes() == b"no database at all" * 1000


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    before = path.read_bytes()
    for use in (lambda: open_store(path, PLAN), lambda: read_store(path)):
        with pytest.raises(StudyError, match="is the database of another program; give another name"):
            use()
    assert path.read_bytes() == before


def test_a_newer_store_is_refused(path: Path) -> None:
    open_store(path, PLAN).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {STORE_FORMAT + 1}")
    connection.close()
    for use in (lambda: open_store(path, PLAN), lambda: read_store(path)):
        with pytest.raises(
            StudyError,
            match=f"made by a newer accelkit .format {STORE_FORMAT + 1}, this one reads up to {STORE_FORMAT}",
        ):
            use()
