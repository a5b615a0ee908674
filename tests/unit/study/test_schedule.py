"""Which blocks are handed out while others are in flight, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.fake_study import PLAN, fake

from accelkit.study.model import Cell, Record, Trial
from accelkit.study.schedule import Schedule, TimedBlock
from accelkit.study.store.writer import StoreWriter, open_store

SLOW = Cell("7.2", "cpu", "tcg,tb-size=1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with open_store(tmp_path / "s.sqlite", PLAN) as store:
        yield store


def schedule(store: StoreWriter, blocks: int | None = 20, **budget: Any) -> Schedule:
    arguments: dict[str, Any] = {"seconds": None, "precise": None, "losers": None} | budget
    return Schedule(PLAN, store, blocks, **arguments)


def measured(planned: Schedule, store: StoreWriter, block: Sequence[Trial]) -> None:
    for trial in block:
        record = fake(trial)
        assert planned.awaits(record)
        store.append(record)
        assert planned.count(record) == 0
        assert not planned.awaits(record)


def test_a_decision_is_for_blocks_that_have_not_begun(store: StoreWriter) -> None:
    """Three blocks are in flight when the loser is known: it is in all of them, and may be missing from the next on."""

    def losers(records: Sequence[Record]) -> dict[Cell, int]:
        return {SLOW: 8} if records else {}

    planned = schedule(store, losers=losers)
    blocks = planned.blocks()
    flying = [next(blocks) for _ in range(3)]
    assert {len(block) for block in flying} == {3}
    measured(planned, store, flying[1])
    assert store.drops().steps == {}
    next(blocks)
    assert store.drops().steps == {SLOW: ((3, 8),)}
    for block in (flying[0], flying[2]):
        measured(planned, store, block)
    again = schedule(store, losers=losers)
    assert next(again.blocks())[0].block == 3


def test_blocks_that_were_not_finished_come_first_and_as_they_were_planned(store: StoreWriter) -> None:
    planned = schedule(store)
    flying = [block for block, _ in zip(planned.blocks(), range(4), strict=False)]
    measured(planned, store, flying[3])
    measured(planned, store, flying[1][:2])
    seen: list[int] = []

    def losers(records: Sequence[Record]) -> dict[Cell, int]:
        seen.append(len(records))
        return {SLOW: 8}

    again = schedule(store, losers=losers)
    blocks = again.blocks()
    holes = [next(blocks) for _ in range(3)]
    assert [(block[0].block, len(block)) for block in holes] == [(0, 3), (1, 1), (2, 3)]
    assert seen == []
    assert again.progress(2).total == 20 * 3
    assert next(blocks)[0].block == 4
    assert seen == [5]
    resting = [store.drops().resting(PLAN.seed, block) for block in range(20)]
    assert again.progress(4).total == sum(len(PLAN.block(block, resting[block])) for block in range(20))


def test_the_last_look_waits_for_what_is_in_flight(store: StoreWriter) -> None:
    """All others lost long ago, but the blocks in which they are tried again have no records yet."""
    others = [cell for cell in PLAN.cells if cell.configuration != PLAN.baseline]
    planned = schedule(store, None, losers=lambda _: dict.fromkeys(others, 8), precise=lambda _: False)
    blocks = planned.blocks()
    flying = [next(blocks) for _ in range(30)]
    for block in flying:
        measured(planned, store, [*block])
    assert next(blocks, None) is None


def test_a_block_without_a_value_is_told_with_its_size(store: StoreWriter) -> None:
    planned = schedule(store)
    block = next(planned.blocks())
    failed = [planned.count(Record(trial, "timeout")) for trial in block]
    assert failed == [0, 0, 3]


def test_more_records_are_looked_at_more_rarely(store: StoreWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accelkit.study.schedule.OFTEN", 30)
    monkeypatch.setattr("accelkit.study.schedule.GROWTH", 2)
    looks: list[int] = []

    def precise(records: Sequence[Record]) -> bool:
        looks.append(len(records))
        return False

    planned = schedule(store, 100, precise=precise)
    for block in planned.blocks():
        measured(planned, store, block)
    assert looks == [*range(3, 31, 3), 60, 120, 240]


def test_missing_trials_are_counted(store: StoreWriter) -> None:
    planned = schedule(store)
    block = next(planned.blocks())
    measured(planned, store, block[:2])
    assert planned.missing() == 1
    assert not planned.awaits(replace(fake(block[2]), trial=replace(block[2], block=7)))


def clock(times: Sequence[bool]) -> Callable[[], bool]:
    left = iter(times)
    return lambda: next(left)


def test_a_block_ends_when_its_time_is_over() -> None:
    block = TimedBlock(PLAN.block(0), clock([False, False, True]))
    assert [*block] == [*PLAN.block(0)[:2]]
    assert (len(block), block[2], block[1:]) == (3, PLAN.block(0)[2], PLAN.block(0)[1:])
