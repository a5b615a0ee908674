"""One list of columns: the store's tables, the records, exports and frames have exactly these."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import fields
from types import UnionType
from typing import get_args, get_type_hints

import pytest
from support.known_result import known_result

from accelkit.study.columns import RECORD, TRIAL, Column
from accelkit.study.model import Record, Trial
from accelkit.study.report import export
from accelkit.study.store.schema import migrate
from accelkit.study.store.trials import COLUMNS


def test_the_table_of_trials_has_these_columns_of_these_types() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection)
        table = [row[1:4] for row in connection.execute("PRAGMA table_info(trial)")]
    stored = {name: (kind, bool(required)) for name, kind, required in table}
    hints = get_type_hints(Record)
    optional = {
        name for name, hint in hints.items() if isinstance(hint, UnionType) and type(None) in get_args(hint)
    }
    assert optional == {"value", "max_rss", "status"}
    expected = {column.name: (column.sql, column.name not in optional) for column in (*TRIAL, *RECORD)}
    own = {"number": ("INTEGER", False), "session": ("INTEGER", False), "stored": ("REAL", False)}
    own["checksum"] = ("INTEGER", False)
    assert stored == expected | own


def test_records_have_these_fields_in_this_order() -> None:
    assert [column.name for column in RECORD] == [
        field.name for field in fields(Record) if field.name != "trial"
    ]
    assert {column.name for column in TRIAL} - {"id"} == {field.name for field in fields(Trial)}
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_an_export_has_them_all() -> None:
    assert list(export.COLUMNS) == ["trial", *COLUMNS[1:]]
    assert dict(list(export.COLUMNS.items())[1:]) == {
        column.name: column.arrow for column in (*TRIAL[1:], *RECORD)
    }


@pytest.mark.parametrize("column", [*TRIAL, *RECORD], ids=lambda column: column.name)
def test_frames_have_those_that_are_framed(column: Column) -> None:
    row = known_result(guests=["smp"], blocks=1).rows()[0]
    placed = {"value", "why"}  # by trial_rows itself
    assert (column.name in row) == (column.framed or column.name in placed)
