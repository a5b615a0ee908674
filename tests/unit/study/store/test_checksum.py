"""Checksums of rows: which columns they cover, and what they tell apart."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.stored_study import OTHER, PLAN, full

from accelkit.study.budget import Budget
from accelkit.study.model import Cell
from accelkit.study.searched import SearchBlock, Terms, TriedPoint, Tuning
from accelkit.study.store.checksum import KEYS, TABLES, checksum, corrected, is_whole
from accelkit.study.store.schema import migrate
from accelkit.study.store.writer import open_store


def test_the_checksums_cover_every_column() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection)
        for table, columns in TABLES.items():
            names = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            assert names == {*columns, "checksum"}
            assert columns[: len(KEYS[table])] == KEYS[table]


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, "2"), ("1", 2)), ((1,), (1.0,)), ((None,), ("",)), (("a", "b"), ("ab", "")), ((0,), (False,))],
)
def test_rows_that_differ_in_a_type_have_other_checksums(
    one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    assert checksum("trial", one) != checksum("trial", other)
    assert checksum("trial", one) != checksum("build", one)


def test_a_blob_has_no_checksum() -> None:
    assert not is_whole("guest", (1, b"cpu", "", "", 0))
    assert not is_whole("guest", (1, "cpu", "", "", None))


def test_every_row_that_is_written_has_its_checksum(path: Path) -> None:
    terms = Terms("tcg()", 1, {"smp": 1.0}, {"time": 1.0})
    base = replace(PLAN, configurations=PLAN.configurations[:1])
    with open_store(path, base, tuning=Tuning(terms, "a grid")) as store:
        point = TriedPoint(1, 0, "tcg", ("-accel", "tcg"), "")
        store.search.append([full()], [point], [SearchBlock(0, 0, (1,))])
        store.confirm([PLAN.configurations[1]], 1, 20, [replace(point, ratio=0.0, spread=0.01)])
        store.append(full(), hosts={OTHER.name: OTHER})
        store.begin_budget(Budget(1, 0.5, False, 1))
        store.race(1, {Cell("7.2", "smp", "tcg,thread=single"): 8})
    with closing(sqlite3.connect(path)) as connection:
        for table, columns in TABLES.items():
            rows = connection.execute(f"SELECT {', '.join(columns)}, checksum FROM {table}").fetchall()
            assert rows
            assert all(is_whole(table, row) for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        (1, "7.2", "QEMU", 0.5, 3),
        (1, "7.2", "QEMT", 0.5, 3),
        (1, "7.2", r"\xd1EMU", 0.5, 3),
        (1 + (1 << 40), "7.2", "QEMU", 0.5, 3),
        (1, "7.2", "QEMU", 1.0, 3),
    ],
)
@pytest.mark.parametrize("bit", [0, 20])
def test_one_wrong_bit_is_put_right(wrong: tuple[object, ...], bit: int) -> None:
    right = (1, "7.2", "QEMU", 0.5, 3)
    kept = checksum("build", right)
    if wrong == right:
        assert corrected("build", (*wrong, kept ^ (1 << bit))) == right
    else:
        assert corrected("build", (*wrong, kept)) == right
        assert corrected("build", (*wrong, kept ^ (1 << bit))) is None


def test_a_row_of_which_nothing_is_known_is_not_put_right() -> None:
    assert corrected("build", (1, b"x", None, 5)) is None
    assert corrected("build", (1, "x", None)) is None
