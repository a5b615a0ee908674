"""Plans and facts of a study as rows, each with its checksum, and back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.stored_study import COMMAND, HOST, PLAN, full, query

from accelkit.errors import StudyError
from accelkit.study.model import Cell, Damage
from accelkit.study.plan import StoredGuest
from accelkit.study.standards import Standards
from accelkit.study.store.checksum import TABLES
from accelkit.study.store.connection import connect
from accelkit.study.store.reader import read_store
from accelkit.study.store.rows import PAGE, pages, rows_of, update
from accelkit.study.store.writer import open_store


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


@pytest.mark.parametrize("table", ["study", "build", "guest", "configuration"])
@pytest.mark.parametrize("write", [False, True])
def test_a_damaged_plan_is_an_error_that_says_what_to_do(path: Path, table: str, write: bool) -> None:
    open_store(path, PLAN, host=HOST).close()
    column = TABLES[table][-1] if table == "study" else "name"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE {table} SET {column} = '1' WHERE {TABLES[table][0]} = 1")
    with pytest.raises(StudyError, match=rf"its plan is damaged \({table} 1: .*accelkit store check"):
        open_store(path, PLAN, host=HOST) if write else read_store(path)


@pytest.mark.parametrize("text", ["{", "[1]", "{}", "[" * 100_000])
def test_a_plan_that_makes_no_sense_is_an_error(path: Path, text: str) -> None:
    open_store(path, PLAN, host=HOST).close()
    with closing(connect(f"file:{path}")) as connection:
        update(connection, "configuration", 1, {"argv": text})  # with a checksum that is right
    with pytest.raises(StudyError, match=r"its plan cannot be read .*accelkit store check"):
        read_store(path)


def test_damaged_rows_are_told_apart(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.race(1, {Cell("7.2", "smp", "tcg,thread=single"): 8})
    with closing(connect(f"file:{path}")) as connection:
        connection.execute("UPDATE race SET block = 2")
        assert rows_of(connection, "race") == (
            [],
            [Damage("race 1/1/2/2", "its checksum does not match")],
        )
        assert len(rows_of(connection, "configuration")[0]) == 2


def test_a_field_too_large_to_be_read_is_left_out(path: Path) -> None:
    with open_store(path, PLAN) as store:
        for block in range(3):
            store.append(full(block))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE trial SET stderr = CAST(zeroblob(20000000) AS TEXT) WHERE number = 2")
    with read_store(path) as stored:
        rows = list(stored.read())
        assert [row.trial.block for row in stored.records()] == [0, 2]
    assert rows[1] == Damage("trial 2", "a field is too large to be read")


def test_trials_are_read_in_pages_past_gaps(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(*map(full, range(2 * PAGE + 3)))
    with closing(connect(f"file:{path}")) as connection:
        connection.execute(f"DELETE FROM trial WHERE number IN (1, {PAGE}, {PAGE + 1}, {2 * PAGE})")
        numbers = [number for (number,) in connection.execute("SELECT number FROM trial ORDER BY number")]
        assert [number for number, _ in pages(connection)] == numbers
        assert [number for number, _ in pages(connection, after=PAGE)] == numbers[PAGE - 2 :]
