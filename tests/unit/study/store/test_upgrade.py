"""Rows of older stores get the checksums of the newest format if they were as they had been written."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import query

from accelkit.study.store.connection import bring_up_to_date, connect, transaction
from accelkit.study.store.upgrade import whole_trials

STORES = Path(__file__).parents[3] / "golden" / "stores"


@pytest.mark.parametrize("older", [5, 6])
def test_whole_trials_are_those_as_they_were_written(path: Path, older: int) -> None:
    shutil.copy(STORES / f"format{older}.store", path)
    path.chmod(0o644)
    numbers = "SELECT number, checksum FROM trial ORDER BY number"
    old = dict(query(path, numbers))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE trial SET why = 'x' WHERE number = 3")
    with closing(connect(f"file:{path}")) as connection:
        assert whole_trials(connection) == [1, 2, 4]
        with transaction(connection):
            bring_up_to_date(connection)
    new = dict(query(path, numbers))
    assert [number for number in new if new[number] == old[number]] == [3]
