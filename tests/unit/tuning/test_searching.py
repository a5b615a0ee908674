"""The search of a tuning, block by block; tests of whole tunings are in test_prepared."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tunings import SPACE, fake

from accelkit.errors import StudyError
from accelkit.study.model import Build, Record
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.searched import PointTrial, Terms, Tuning
from accelkit.study.store.writer import StoreWriter, open_store
from accelkit.tuning.points import tuning_points
from accelkit.tuning.search.search import Search
from accelkit.tuning.searching import Searching

TERMS = Terms(repr(SPACE), 6, {"smp": 1.0, "io": 1.0}, {"time": 1.0}, trials=60)


def plan() -> Plan:
    guests = [StoredGuest("smp", ""), StoredGuest("io", "")]
    return Plan(
        [Build("7.2", (), "7.2")],
        [tuning_points(SPACE, None).baseline],
        guests,
        "tcg,tb-size=8,thread=single",
    )


def searching(store: StoreWriter, *, trials: int | None = 60, is_over: bool = False) -> Searching:
    points = tuning_points(SPACE, None)
    search = Search(points.points, baseline=0, budget=30)
    return Searching(plan(), TERMS, points, search, store.search, trials, lambda _: is_over)


@pytest.fixture
def store(tmp_path: Path) -> StoreWriter:
    return open_store(tmp_path / "t.sqlite", plan(), tuning=Tuning(TERMS, "x"))


def test_a_block_has_each_of_its_points_with_each_guest_in_random_order(store: StoreWriter) -> None:
    with store:
        block = [*next(searching(store).blocks())]
    assert all(isinstance(trial, PointTrial) and trial.point.name == trial.configuration for trial in block)
    cells = [(trial.configuration, trial.guest) for trial in block]
    assert len({*cells}) == len(cells) == 2 * len({name for name, _ in cells})
    assert cells != sorted(cells)
    assert [trial.position for trial in block] == [*range(len(block))]


def test_blocks_in_flight_share_numbers_of_points_and_are_stored_when_they_arrive(store: StoreWriter) -> None:
    with store:
        run = searching(store)
        blocks = run.blocks()
        first, second = [*next(blocks)], [*next(blocks)]
        run.keep([fake(second[0])])
        assert [block.number for block in store.search.blocks()] == [1]
        run.keep([fake(trial) for trial in (*first, *second[1:])])
        assert [block.number for block in store.search.blocks()] == [0, 1]
        assert sorted(point.number for point in store.search.points()) == [*range(1, run.tried + 1)]
        assert (run.done, run.missing()) == (len(first) + len(second), 0)


def test_no_block_goes_beyond_the_trials(store: StoreWriter) -> None:
    with store:
        run = searching(store, trials=15)
        sizes = []
        for block in run.blocks():
            sizes.append(len(block))
            run.keep([fake(trial) for trial in block])
    assert sum(sizes) <= 15
    assert run.done == sum(sizes)


def test_nothing_begins_once_time_is_over(store: StoreWriter) -> None:
    with store:
        assert [*searching(store, is_over=True).blocks()] == []


def test_records_before_a_strange_one_are_stored(store: StoreWriter) -> None:
    with store:
        run = searching(store)
        block = [*next(run.blocks())]
        with pytest.raises(StudyError, match="was not requested, or has a second record"):
            run.keep([fake(block[0]), fake(block[0])])
        assert store.search.count() == 1


def test_a_first_block_without_a_value_ends_it(store: StoreWriter) -> None:
    with store:
        run = searching(store)
        block = [*next(run.blocks())]
        with pytest.raises(StudyError, match="none of its 12 trials gave a value; the last: timeout"):
            run.keep([Record(trial, "timeout") for trial in block])


def test_what_was_found_is_beside_the_baseline(store: StoreWriter) -> None:
    with store:
        run = searching(store)
        for block in run.blocks():
            run.keep([fake(trial) for trial in block])
        found = {point.place: point for point in run.found()}
        assert found[0].ratio == pytest.approx(0, abs=1e-9)
        best = run.finalists(1)[0]
        assert best.name == "tcg,tb-size=64,thread=multi"
        assert next(point for point in found.values() if point.name == best.name).ratio < -0.4
