"""The tables of a search have the columns of the tables of a study."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from accelkit.measure.outcome import NOT_DONE
from accelkit.study.store.schema import migrate
from accelkit.study.store.search_tables import SEARCH_DONE


def columns(table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection)
        return sorted(row[1:4] for row in connection.execute(f"PRAGMA table_info({table})"))


def test_trials_of_a_search_have_the_columns_of_trials() -> None:
    assert columns("search") == columns("trial")


def test_views_of_both_have_the_same_columns() -> None:
    assert [row[0] for row in columns("searched")] == [row[0] for row in columns("trials")]


def test_the_index_names_the_causes_that_are_measured_again() -> None:
    assert [word for word in NOT_DONE if f"'{word}'" in SEARCH_DONE] == list(NOT_DONE)
