"""Damaged rows make room for the trials that are measured again, and are kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import PLAN, full, query

from accelkit.study.model import Cell
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store

CELL = Cell("7.2", "smp", "tcg,thread=single")


def damaged(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_damaged_trials_are_measured_again_and_kept(path: Path) -> None:
    with open_store(path, PLAN) as store:
        for block in range(3):
            store.append(full(block))
    damaged(path, "UPDATE trial SET load = 9 WHERE number = 2", "UPDATE trial SET wall = 9 WHERE number = 3")
    with read_store(path) as stored:
        assert [damage.where for damage in stored.read() if not hasattr(damage, "ok")] == [
            "trial 2",
            "trial 3",
        ]
        assert stored.trial_ids() == {full(0).trial.id}
    with pytest.warns(
        UserWarning, match=r"moved 2 damaged rows to .*trial 2: .*2 trials to be measured again"
    ):
        store = open_store(path, PLAN)
    with store:
        assert store.trial_ids() == {full(0).trial.id}
        for block in (1, 2):
            store.append(full(block))
        assert [record.trial.block for record in store.records()] == [0, 1, 2]
    rows = query(path, "SELECT place, why, content FROM damaged")
    assert [row[:2] for row in rows] == [
        (f"trial {number}", "its checksum does not match") for number in (2, 3)
    ]
    assert json.loads(str(rows[0][2]))[9] == 2.5e6
    open_store(path, PLAN).close()  # once is enough: no warning, which would be an error
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_damaged_id_does_not_keep_its_row(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(full())
    damaged(
        path,
        "PRAGMA writable_schema = ON",
        "DELETE FROM sqlite_master WHERE name = 'trial_done'",
        "PRAGMA writable_schema = RESET",
        "UPDATE trial SET id = 'f'",
        "CREATE UNIQUE INDEX trial_done ON trial (id) WHERE cause NOT IN ('missing', 'no-space', 'error')",
    )
    with pytest.warns(UserWarning, match="moved 1 damaged row to"):
        store = open_store(path, PLAN)
    with store:
        store.append(full())
    assert query(path, "SELECT count(*) FROM trial") == [(1,)]


def test_a_damaged_drop_is_taken_back(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.race(3, {CELL: 8})
    damaged(path, "UPDATE race SET block = 1")
    with read_store(path) as stored:
        assert stored.drops().now == {}
        assert [damage.where for damage in stored.other_damage()] == ["race 1/1/2/1"]
    with pytest.warns(UserWarning, match="race 1/1/2/1"):
        store = open_store(path, PLAN)
    with store:
        store.race(3, {CELL: 8})
        assert store.drops().now == {CELL: 3}
    assert query(path, "SELECT place FROM damaged") == [("race 1/1/2/1",)]


def test_a_damaged_session_counts_from_its_first_trial(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(full())
        store.append(full(1))
        whole = store.spent()
    damaged(path, "UPDATE session SET started = 5")
    with read_store(path) as stored:
        assert 0 <= stored.spent() <= whole
        assert [damage.where for damage in stored.other_damage()] == ["session 1"]
