"""A store is checked as a whole, and written anew from what can be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import PLAN, full, query

from accelkit.errors import StudyError
from accelkit.study.model import Cell, Damage
from accelkit.study.store.reader import read_store
from accelkit.study.store.repair import damage_of, repair
from accelkit.study.store.writer import open_store

STORES = Path(__file__).parents[3] / "golden" / "stores"


@pytest.fixture
def store(path: Path) -> Path:
    with open_store(path, PLAN) as opened:
        for block in range(100):
            opened.append(full(block))
        opened.race(50, {Cell("7.2", "smp", "tcg,thread=single"): 8})
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def check_repaired(path: Path, kept: list[int]) -> None:
    assert damage_of(str(path)) == ()
    with read_store(path) as stored:
        assert [record.trial.block for record in stored.records()] == kept
        assert stored.plan == PLAN
        assert list(stored.drops().now.values()) == [50]
    with open_store(path, PLAN) as opened:
        for block in sorted({*range(100)} - {*kept}):
            opened.append(full(block))
        assert opened.count() == 100


def test_a_whole_store_has_no_damage(store: Path) -> None:
    before = store.read_bytes()
    assert damage_of(str(store)) == ()
    assert store.read_bytes() == before
    assert os.listdir(store.parent) == [store.name]


@pytest.mark.parametrize("name", ["format1.store", "format2.store", "format3.store", "format4.store"])
def test_an_older_store_is_checked_and_repaired(path: Path, name: str) -> None:
    shutil.copy(STORES / name, path)
    assert damage_of(str(path)) == ()
    with read_store(path) as stored:
        before = list(stored.records())
    assert repair(str(path)).trials == len(before)
    with read_store(path) as stored:
        assert list(stored.records()) == before


def test_damaged_rows_are_kept_aside(store: Path) -> None:
    change(store, "UPDATE trial SET value = 1 WHERE number = 7", "UPDATE session SET pid = 1")
    assert damage_of(str(store)) == (
        Damage("trial 7", "its checksum does not match"),
        Damage("session 1", "its checksum does not match"),
    )
    before = store.read_bytes()
    kept = repair(str(store))
    assert (kept.trials, kept.copy) == (99, f"{store}.damaged")
    assert Path(kept.copy).read_bytes() == before
    assert query(store, "SELECT place FROM damaged") == [("trial 7",)]
    check_repaired(store, [n for n in range(100) if n != 6])


def test_a_malformed_page_costs_its_trials_only(store: Path) -> None:
    (root,) = query(store, "SELECT rootpage FROM sqlite_master WHERE name = 'trial'")[0]
    data = bytearray(store.read_bytes())
    pages = [
        page
        for page in range(1, len(data) // 4096 + 1)
        if page != root
        and data[(page - 1) * 4096] == 13
        and b"words\nmore" in data[(page - 1) * 4096 : page * 4096]
    ]
    data[(pages[2] - 1) * 4096 : pages[2] * 4096] = b"\xff" * 4096
    store.write_bytes(data)
    assert any("malformed" in damage.why for damage in damage_of(str(store)))
    with pytest.raises(StudyError, match="accelkit store check --repair"):
        open_store(store, PLAN)
    kept = repair(str(store))
    assert 60 < kept.trials < 100
    with read_store(store) as stored:
        check_repaired(store, [record.trial.block for record in stored.records()])


@pytest.mark.parametrize(
    ("column", "table", "text"),
    [
        ("sql", "results", "CREATE VIEW results AS SELECT ("),
        ("sql", "trial", "CREATE TABLE trial (a, b)"),
        ("name", "trial", "trail"),
    ],
)
def test_a_damaged_list_of_tables_is_restored(store: Path, column: str, table: str, text: str) -> None:
    change(
        store,
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET {column} = '{text}' WHERE name = '{table}'",
    )
    assert damage_of(str(store)) != ()
    assert repair(str(store)).trials == 100
    check_repaired(store, list(range(100)))


def test_a_damaged_plan_cannot_be_repaired_and_stays(store: Path) -> None:
    change(store, "UPDATE build SET version = 'another' WHERE number = 1")
    before = store.read_bytes()
    assert [damage.where for damage in damage_of(str(store))] == ["the store"]
    with pytest.raises(StudyError, match=r"cannot be repaired \(its plan is damaged .*is as it was"):
        repair(str(store))
    assert store.read_bytes() == before
    assert os.listdir(store.parent) == [store.name]


@pytest.mark.parametrize(
    "wrong",
    [
        "build SET version = 'QEMU 7.2.23'",
        "configuration SET argv = replace(argv, 'tcg', 'tcf')",
        "study SET cpus = cpus + 1024",
    ],
)
def test_a_wrong_bit_in_the_plan_is_put_right(store: Path, wrong: str) -> None:
    change(store, f"UPDATE {wrong} WHERE rowid = 1")
    assert [damage.where for damage in damage_of(str(store))] == ["the store"]
    assert repair(str(store)).trials == 100
    check_repaired(store, list(range(100)))


def test_a_store_being_written_is_not_repaired(store: Path) -> None:
    with open_store(store, PLAN), pytest.raises(StudyError, match="has it open for writing"):
        repair(str(store))
    assert os.listdir(store.parent) == [store.name]


def test_copies_have_numbers(store: Path) -> None:
    assert [repair(str(store)).copy for _ in range(2)] == [f"{store}.damaged", f"{store}.damaged-2"]


def test_what_is_no_store_is_refused(path: Path) -> None:
    with pytest.raises(StudyError, match="no such file"):
        damage_of(str(path))
    path.touch()
    with pytest.raises(StudyError, match="is empty"):
        damage_of(str(path))
