"""Messages about a store: what happened, what is kept, what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest
from support.stored_study import PLAN, full

from accelkit.errors import StudyError
from accelkit.study.store.errors import DamageError, as_study_error, refusal, way_out
from accelkit.study.store.writer import open_store


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            sqlite3.SQLITE_FULL,
            "the disk is full (x); all stored records are kept: make room, then run the same again",
        ),
        (
            sqlite3.SQLITE_BUSY,
            "another program keeps it locked (x); end its transaction, then run the same again",
        ),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "x; give a place where you may write"),
        (sqlite3.SQLITE_IOERR, "x; all stored records are kept"),
        (
            sqlite3.SQLITE_CORRUPT,
            "x; " + way_out("s t"),
        ),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, "the trial is stored already (x); store each trial once"),
    ],
)
def test_each_error_of_sqlite_says_what_to_do(code: int, message: str) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    with pytest.raises(StudyError) as refused, as_study_error("s t"):
        raise error
    assert str(refused.value) == f"store='s t': {message}"


def test_damage_names_the_command_that_repairs() -> None:
    with pytest.raises(StudyError) as refused, as_study_error("s t"):
        raise DamageError("its plan is damaged")
    assert str(refused.value) == f"store='s t': its plan is damaged; {way_out('s t')}"
    assert "accelkit store check --repair 's t'" in way_out("s t")


def test_an_error_of_the_system_says_where_to_write() -> None:
    with pytest.raises(StudyError) as refused, as_study_error("s"):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    assert (
        str(refused.value)
        == "store='s': Permission denied; give a place where you may write, with free space"
    )


def test_a_refusal_lists_five_differences_and_counts_the_rest() -> None:
    assert refusal("s", "another study", [f"d{n}" for n in range(7)], ["run", "a b"]) == (
        "store='s': holds another study; give another store=, or resume what it holds: run 'a b'"
        "\n  d0\n  d1\n  d2\n  d3\n  d4\n  and 2 more"
    )


def test_a_database_that_another_program_locks_is_an_error(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store._connection.execute("PRAGMA busy_timeout = 10")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StudyError, match="another program keeps it locked"):
            store.append(full())
        other.close()
        store.append(full())
