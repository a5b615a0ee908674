"""The statements of older formats are those with which stores were made."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import query

from accelkit.study.store.schema import migrate

STORES = Path(__file__).parents[3] / "golden" / "stores"
LIST = "SELECT type, name, sql FROM sqlite_master ORDER BY name"


@pytest.mark.parametrize("number", range(1, 7))
def test_they_make_the_tables_of_a_store_of_that_format(path: Path, number: int) -> None:
    shutil.copy(STORES / f"format{number}.store", path)
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection, to=number)
        assert connection.execute(LIST).fetchall() == query(path, LIST)
