"""The search of a tuning in a store: written, read, damaged, repaired, and refused to other calls."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.stored_study import HOST, PLAN, full, query

from accelkit.errors import StudyError
from accelkit.study.model import Damage, Record, stored_configuration
from accelkit.study.searched import PointTrial, SearchBlock, Terms, TriedPoint, Tuning
from accelkit.study.store.reader import read_store
from accelkit.study.store.repair import damage_of, repair
from accelkit.study.store.writer import StoreWriter, open_store

TUNING = Tuning(Terms("tcg() | …", 10**30, {"smp": 1.0}, {"time": 1.0}, trials=400), "a sampler")
BASE = replace(PLAN, configurations=PLAN.configurations[:1])
POINTS = (
    TriedPoint(1, 0, "tcg", ("-accel", "tcg"), "tcg()"),
    TriedPoint(2, 10**29, "tcg,tb-size=8", ("-accel", "tcg,tb-size=8"), "tcg() | tb_size(8)"),
)
BLOCK = SearchBlock(0, 0, (1, 2))


def record(point: TriedPoint, block: int = 0, cause: str = "ok") -> Record:
    trial = PointTrial("7.2", "smp", point.name, block, 0, point.configuration)
    return replace(full(), trial=trial, cause=cause, value=1.5 if cause == "ok" else None)


def opened(path: Path, tuning: Tuning | None = TUNING, **options: object) -> StoreWriter:
    return open_store(path, BASE, host=HOST, tuning=tuning, **options)


def test_a_search_is_read_as_it_was_written(path: Path) -> None:
    records = [record(point) for point in POINTS]
    with opened(path) as store:
        store.search.append(records, POINTS, [BLOCK])
        store.search.append([record(POINTS[0], 1, "timeout")])
    for _ in range(2):
        with read_store(path) as stored:
            assert stored.search.tuning() == TUNING
            assert stored.search.points() == POINTS
            assert stored.search.blocks() == (BLOCK,)
            assert [row.trial.id for row in stored.search.records()] == [
                *(row.trial.id for row in records), record(POINTS[0], 1).trial.id
            ]  # fmt: skip
            assert next(iter(stored.search.records())).slices == full().slices
            assert (stored.search.count(), stored.count()) == (3, 0)
            assert stored.spent() > 0
        opened(path).close()
    assert query(path, "SELECT count(*) FROM searched WHERE configuration = 'tcg'") == [(2,)]
    assert query(path, "SELECT sum(trials) FROM sessions") == [(3,)]


def test_a_plain_study_has_no_search(path: Path) -> None:
    with open_store(path, PLAN) as store:
        assert store.search.tuning() is None
        assert [*store.search.records()] == []
        assert store.search.points() == store.search.blocks() == ()


def test_a_trial_that_is_done_is_stored_once(path: Path) -> None:
    with opened(path) as store:
        store.search.append([record(POINTS[0], cause="missing")], POINTS[:1], [BLOCK])
        store.search.append([record(POINTS[0])])
        with pytest.raises(StudyError, match="stored already"):
            store.search.append([record(POINTS[0])])
        assert store.search.count() == 1
    with read_store(path) as stored:
        assert [row.cause for row in stored.search.records()] == ["missing", "ok"]


def test_records_before_a_wrong_one_are_kept(path: Path) -> None:
    wrong = replace(record(POINTS[1]), wall="x")
    with opened(path) as store:
        with pytest.raises(StudyError, match="correct the record"):
            store.search.append([record(POINTS[0]), wrong], POINTS, [BLOCK])
        assert store.search.count() == 1


def test_the_search_ends_with_the_plan_of_the_confirming_study(path: Path) -> None:
    found = (
        replace(POINTS[0], ratio=0.0, spread=0.0),
        replace(POINTS[1], ratio=-0.5, spread=0.1, dropped="why"),
    )
    point = stored_configuration("tcg,tb-size=8", ("-accel", "tcg,tb-size=8"))
    with opened(path) as store:
        store.search.append([record(point) for point in POINTS], POINTS, [BLOCK])
        store.confirm([point], 1, 20, found)
        assert [item.name for item in store.plan.configurations] == ["tcg", "tcg,tb-size=8"]
        store.append(Record(store.plan.block(1)[0], "ok", value=1.0))
        with pytest.raises(StudyError, match="the confirming study has begun; its plan stays as it is"):
            store.confirm([point], 1, 30, found)
    with opened(path) as store, read_store(path) as stored:
        assert store.plan.fingerprint == stored.plan.fingerprint == stored.info.fingerprint
        assert stored.search.tuning() == replace(TUNING, first=1, blocks=20)
        assert stored.search.points() == found
        assert stored.count() == 1
    assert damage_of(str(path)) == ()


def test_another_tuning_is_refused_with_the_reasons(path: Path) -> None:
    opened(path).close()
    other = replace(TUNING, terms=replace(TUNING.terms, trials=500, weights={"smp": 2.0}))
    with pytest.raises(
        StudyError, match=r"holds another tuning(.|\n)*guests: smp counts 1(.|\n)*trials: 400 is"
    ):
        opened(path, other)
    with pytest.raises(StudyError, match=r"holds a tuning(.|\n)*tune\(\) resumes it"):
        opened(path, None)
    with pytest.raises(StudyError, match=r"holds another tuning(.|\n)*seed: 7 is stored, 8 was given"):
        open_store(path, replace(BASE, seed=8), host=HOST, tuning=TUNING)
    with pytest.raises(StudyError, match="measurements of another host"):
        open_store(path, BASE, host=replace(HOST, machine="x"), tuning=TUNING)


def test_a_study_is_not_gone_on_with_as_a_tuning(path: Path) -> None:
    open_store(path, BASE, host=HOST).close()
    with pytest.raises(StudyError, match=r"holds a study(.|\n)*study\(\) resumes it"):
        opened(path)


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


@pytest.mark.parametrize(
    ("sql", "where", "left"),
    [
        ("UPDATE search SET value = 3 WHERE number = 1", "search 1", 1),
        ("UPDATE point SET name = 'x' WHERE number = 2", "point 2", 1),
        ("UPDATE search_block SET position = 3", "search_block 0", 2),
    ],
)
def test_damage_is_told_and_moved_and_its_trials_measured_again(
    path: Path, sql: str, where: str, left: int
) -> None:
    with opened(path) as store:
        store.search.append([record(point) for point in POINTS], POINTS, [BLOCK])
    change(path, sql)
    assert where in {damage.where for damage in damage_of(str(path))}
    with read_store(path) as stored:
        assert sum(isinstance(row, Damage) for row in stored.search.read()) == 2 - left
    with pytest.warns(UserWarning, match="moved"), opened(path) as store:
        assert store.search.count() == left
    assert damage_of(str(path)) == ()


def test_a_repair_keeps_what_is_whole(path: Path) -> None:
    with opened(path) as store:
        store.search.append([record(point) for point in POINTS], POINTS, [BLOCK])
    change(path, "UPDATE search SET value = 3 WHERE number = 1")
    change(path, "UPDATE tuning SET sampler = 'a samplep'")  # one wrong bit of the plan is put right
    assert repair(str(path)).trials == 1
    with read_store(path) as stored:
        assert stored.search.tuning() == TUNING
        assert stored.search.points() == POINTS
        assert [row.trial.configuration for row in stored.search.records()] == ["tcg,tb-size=8"]
    assert damage_of(str(path)) == ()
