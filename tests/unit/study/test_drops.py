"""Turns of dropped cells follow from seed, block and cell; drops and returns are kept with their blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.drops import RAREST, RETRIED, Drops, is_turn, retries_of_failing
from accelkit.study.model import Cell

CELLS = [Cell("7.2", guest, f"x{i}") for guest in ("cpu", "io") for i in range(4)]
cells = st.sampled_from(CELLS)
seeds = st.integers(-(1 << 63), (1 << 63) - 1)
rates = st.sampled_from([8, 16, 32, 64])


@given(seeds, cells, rates, st.integers(0, 10**6))
def test_one_turn_in_each_whole_number_of_blocks(seed: int, cell: Cell, every: int, group: int) -> None:
    turns = [
        block for block in range(group * every, (group + 1) * every) if is_turn(seed, block, cell, every)
    ]
    assert len(turns) == 1


def test_turns_are_spread_over_the_blocks_of_a_group_and_change_from_group_to_group() -> None:
    many = [Cell("7.2", "cpu", f"x{i}") for i in range(800)]
    retried = [sum(is_turn(0, block, cell, RETRIED) for cell in many) for block in range(RETRIED)]
    assert sum(retried) == 800
    assert 60 < min(retried) <= max(retried) < 140
    places = {next(b for b in range(8) if is_turn(0, 8 * group + b, CELLS[0], 8)) for group in range(50)}
    assert places == set(range(8))


@given(st.integers(3, 10**6))
def test_what_always_fails_is_tried_ever_more_rarely_but_never_given_up(failed: int) -> None:
    assert RETRIED <= retries_of_failing(failed) <= retries_of_failing(failed + 1) <= RAREST


events = st.lists(
    st.tuples(st.integers(1, 40), st.dictionaries(cells, st.sampled_from([1, 8, 16]))), max_size=8
)


def played(steps: list[tuple[int, dict[Cell, int]]]) -> Drops:
    drops = Drops()
    for block, changes in sorted(steps, key=lambda step: step[0]):
        drops = drops.changed(block, changes)
    return drops


@given(events, cells, st.integers(0, 60))
def test_the_last_change_up_to_a_block_counts(
    steps: list[tuple[int, dict[Cell, int]]], cell: Cell, block: int
) -> None:
    known = [
        changes[cell] for at, changes in sorted(steps, key=lambda s: s[0]) if at <= block and cell in changes
    ]
    assert played(steps).every(cell, block) == (known[-1] if known else 1)


@given(events, st.integers(0, 60))
def test_the_past_stays_as_it_was(steps: list[tuple[int, dict[Cell, int]]], block: int) -> None:
    """What is noted later must not change which trials an earlier block had."""
    before = played([step for step in steps if step[0] <= block])
    assert played(steps).resting(3, block) == before.resting(3, block)


@given(events, st.integers(41, 60), st.integers(0, 40))
def test_trials_that_are_left_out_are_counted(
    steps: list[tuple[int, dict[Cell, int]]], first: int, blocks: int
) -> None:
    drops = played(steps)
    end = first + blocks
    assert drops.left_out(3, first, end) == sum(len(drops.resting(3, block)) for block in range(first, end))
    assert drops.left_out(3, first, first - 1) == 0


@given(events, st.dictionaries(cells, st.sampled_from([8, 16])))
def test_changes_lead_to_what_has_lost(
    steps: list[tuple[int, dict[Cell, int]]], losers: dict[Cell, int]
) -> None:
    drops = played(steps)
    after = drops.changed(41, drops.changes(losers, CELLS, 41))
    assert {cell: every for cell in CELLS if (every := after.every(cell, 41)) > 1} == losers
    assert after.now.keys() == losers.keys()
    assert after.changes(losers, CELLS, 41) == {}


def test_a_cell_is_dropped_since_its_last_return() -> None:
    cell = CELLS[0]
    drops = Drops({cell: ((3, 8), (5, 16), (9, 1), (20, 8), (30, 16))})
    assert drops.now == {cell: 20}
    assert drops.changed(40, {cell: 1}).now == {}


@pytest.mark.parametrize(("block", "tried"), [(25, False), (26, True)])
def test_all_were_tried_again_after_two_groups(block: int, tried: bool) -> None:
    drops = Drops().changed(10, dict.fromkeys(CELLS, 8))
    assert drops.were_tried(CELLS, block) == tried
    assert all(any(cell not in drops.resting(0, at) for at in range(10, 26)) for cell in CELLS)
    assert not drops.changed(12, {CELLS[0]: 1}).were_tried(CELLS, 100)
