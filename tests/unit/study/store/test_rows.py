"""Records and plans as rows, and back."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.stored_study import COMMAND, HOST, PLAN, full, query

from accelkit.study.model import Record, Trial
from accelkit.study.plan import StoredGuest
from accelkit.study.standards import Standards
from accelkit.study.store.connection import connect
from accelkit.study.store.reader import read_store
from accelkit.study.store.rows import COLUMNS, Numbers, names_of, record_of, row_of
from accelkit.study.store.schema import migrate
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
        assert [(r.why, r.stderr) for r in store.records()] == [("\\udcff", "a\\udc80b")]


def test_plan_host_and_command_come_back(path: Path) -> None:
    with open_store(path, PLAN, command=COMMAND, host=HOST):
        pass
    with read_store(path) as stored:
        assert stored.plan == PLAN
        assert stored.info.host == HOST
        assert stored.info.command == COMMAND
        assert stored.info.fingerprint == PLAN.fingerprint
        assert stored.info.accelkit


def test_the_call_that_makes_a_guest_is_kept(path: Path) -> None:
    own = StoredGuest("own", "own 1", "command(['-S'])")
    with open_store(path, replace(PLAN, guests=(own,))) as store:
        assert store.plan.guests[0].code == own.code
    with open_store(path, replace(PLAN, guests=(replace(own, code="command(['-S'], memory=1)"),))) as store:
        assert store.plan.guests[0].code == own.code
    assert ("guest own is", own.code) in query(path, "SELECT * FROM study_info")


def test_standards_of_the_last_call_are_kept_but_anytime_stays(path: Path) -> None:
    """Blocks that were once added until the intervals were narrow need wider intervals from then on."""
    for standards, kept in (
        (Standards(0.05), Standards(0.05)),
        (Standards(0.02, 0.9, anytime=True), Standards(0.02, 0.9, anytime=True)),
        (Standards(0.03), Standards(0.03, anytime=True)),
        (None, Standards(0.03, anytime=True)),
    ):
        open_store(path, PLAN, standards=standards).close()
        with read_store(path) as stored:
            assert stored.info.standards == kept
