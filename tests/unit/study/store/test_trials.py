"""Trials as rows, and back; and rows that are damaged."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stored_study import PLAN, full, query

from accelkit.measure.outcome import NO_VALUE
from accelkit.study.model import Record, Trial
from accelkit.study.store.checksum import checksum
from accelkit.study.store.connection import connect
from accelkit.study.store.reader import read_store
from accelkit.study.store.schema import migrate
from accelkit.study.store.trials import (
    COLUMNS,
    Numbers,
    implausible,
    names_of,
    read_trial,
    record_of,
    row_of,
)
from accelkit.study.store.writer import open_store

numbers = Numbers({"7.2": 1}, {"smp": 1}, {"tcg": 1, "kvm": 2})
finite = st.floats(allow_nan=False)
whole = st.integers(-(1 << 63), (1 << 63) - 1)
records = st.builds(
    Record,
    trial=st.builds(
        Trial, st.just("7.2"), st.just("smp"), st.sampled_from(["tcg", "kvm"]), st.integers(0, 1 << 40), whole
    ),
    cause=st.sampled_from(["ok", "timeout", "error"]),
    why=st.text(st.characters(exclude_categories=["Cs"])),
    value=st.none() | finite,
    slices=st.lists(st.integers()).map(tuple),
    phases=st.dictionaries(st.text(), finite),
    wall=finite,
    max_rss=st.none() | whole,
    status=st.none() | whole,
    counters=st.dictionaries(st.text(), finite),
    stderr=st.text(st.characters(exclude_categories=["Cs"])),
)


@given(records)
def test_any_record_comes_back_through_sqlite(record: Record) -> None:
    connection = connect("file::memory:")
    migrate(connection)
    marks = ", ".join("?" * len(COLUMNS))
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(f"INSERT INTO trial ({', '.join(COLUMNS)}) VALUES ({marks})", row_of(record, numbers))
    row = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM trial").fetchone()
    connection.close()
    assert record_of(row, names_of(numbers)) == record


def test_a_record_comes_back_as_it_was(path: Path) -> None:
    assert [
        field.name for field in fields(Record) if getattr(full(), field.name) == field.default
    ] == []  # the test sets every field
    with open_store(path, PLAN) as store:
        store.append(full())
        assert list(store.records()) == [full()]
        assert next(store.records()).trial.position == full().trial.position
    with read_store(path) as stored:
        assert list(stored.records()) == [full()]


def test_text_that_is_not_utf8_stays_readable(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(replace(full(), why="\udcff", stderr="a\udc80b"))
        assert [(r.why, r.stderr) for r in store.records()] == [("\\xff", "a\\x80b")]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cause": "eaten"}, "'eaten' is not a known cause"),
        ({"build": 9}, "it is of build, guest or configuration 9, which the plan does not have"),
        ({"block": 1}, "its id does not match what was measured"),
        ({"id": "0" * 16}, "its id does not match what was measured"),
        ({"unit": "s\0"}, "its unit has characters that cannot be seen"),
        ({"slices": "[1, 2.5]"}, "its slices, phases or counters cannot be read"),
        ({"slices": "[" * 100_000}, "its slices, phases or counters cannot be read"),
        ({"slices": "[" + "9" * 5000 + "]"}, "its slices, phases or counters cannot be read"),
        ({"phases": "[]"}, "its slices, phases or counters cannot be read"),
        ({"counters": '{"a": "b"}'}, "its slices, phases or counters cannot be read"),
        ({"counters": "{"}, "its slices, phases or counters cannot be read"),
        ({"wall": None}, "a field has another type than its column"),
        ({"value": b"1"}, "a field has another type than its column"),
    ],
)
def test_a_row_that_makes_no_record_says_why(change: dict[str, object], why: str) -> None:
    names = names_of(numbers)
    row = dict(zip(COLUMNS, row_of(full(), numbers), strict=True))
    assert record_of(tuple(row.values()), names) == full()
    wrong = tuple({**row, **change}.values())
    assert record_of(wrong, names) == why
    sealed = (1, *wrong, 1, 2.0)
    if "value" not in change:
        assert read_trial((*sealed, checksum("trial", sealed)), names) == why
    assert read_trial((*sealed, 1), names) == "its checksum does not match"
    assert read_trial((*sealed, None), names) == "it has no checksum"


@pytest.mark.parametrize("value", [math.inf, -math.inf, 0.0, -0.0, -1.5, math.nan])
def test_a_value_that_is_no_result_is_kept_as_a_failure(path: Path, value: float) -> None:
    with open_store(path, PLAN) as store:
        store.append(replace(full(), value=value))
        (record,) = store.records()
    assert record.value == (None if math.isnan(value) else value)
    assert record.failure == NO_VALUE
    assert query(path, "SELECT count(*) FROM results") == [(0,)]
    assert query(path, "SELECT count(*) FROM failures") == [(1,)]
    assert query(path, "SELECT results, best, mean FROM summary") == [(0, None, None)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"wall": -1.0}, "a time or a count is negative or infinite"),
        ({"load": math.inf}, "a time or a count is negative or infinite"),
        ({"counters": {"a": math.nan}}, "a phase or a counter is infinite"),
        ({"slices": (7, 8), "value": 8.0}, "its value is not that of its fastest slice"),
        ({"slices": (), "value": 8.0}, "its value is not that of its fastest slice"),
        ({"slices": (7, 8), "value": 7.0}, ""),
        ({"slices": (), "value": None}, ""),
    ],
)
def test_a_record_without_a_checksum_must_make_sense(change: dict[str, object], why: str) -> None:
    bundled = "smp x86_64 microvm 64 MiB 2 vCPUs 1,1000,0,2,1,0,20 0123abcd"
    assert implausible(replace(full(), **change), bundled) == why
    other = implausible(replace(full(), **change), "own 1")
    assert other == ("" if "slice" in why else why)
