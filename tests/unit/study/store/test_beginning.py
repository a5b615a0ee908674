"""How a session on a store begins."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import COMMAND, HOST, PLAN

from accelkit.errors import StudyError
from accelkit.study.store.beginning import begin
from accelkit.study.store.connection import connect


def test_each_session_gets_the_next_number(path: Path) -> None:
    for number in (1, 2):
        with closing(connect(f"file:{path}?mode=rwc")) as connection:
            assert begin(connection, "s", HOST, PLAN, COMMAND, None, None) == number


def test_a_file_system_without_shared_memory_is_refused() -> None:
    with (
        closing(connect("file::memory:")) as connection,
        pytest.raises(StudyError, match="cannot share memory"),
    ):
        begin(connection, "s", HOST, PLAN, COMMAND, None, None)


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
    with (
        closing(connect(f"file:{path}")) as connection,
        pytest.raises(StudyError, match="of another program"),
    ):
        begin(connection, "s", HOST, PLAN, COMMAND, None, None)
