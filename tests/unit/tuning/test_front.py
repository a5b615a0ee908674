"""The front of time and memory."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.model import Record, Trial
from accelkit.study.searched import Terms
from accelkit.tuning.front import FrontPoint, front, not_dominated

TERMS = Terms("", 3, {"smp": 1.0, "io": 1.0}, {"time": 1.0, "max_rss": 1.0})


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=12))
def test_what_is_left_out_is_dominated_and_what_is_kept_is_not(values: list[tuple[int, int]]) -> None:
    points = [FrontPoint(f"{n}", time, memory, 1) for n, (time, memory) in enumerate(values)]
    kept = not_dominated(points)

    def dominates(one: FrontPoint, other: FrontPoint) -> bool:
        no_worse = one.time <= other.time and one.max_rss <= other.max_rss
        return no_worse and (one.time, one.max_rss) != (other.time, other.max_rss)

    assert kept
    for point in points:
        is_twin = any((point.time, point.max_rss) == (other.time, other.max_rss) for other in kept)
        assert any(dominates(other, point) for other in points) != is_twin
    assert [point.time for point in kept] == sorted({point.time for point in kept})


def record(name: str, block: int, guest: str, value: float, memory: int | None) -> Record:
    return Record(Trial("7.2", guest, name, block, 0), "ok", value=value, max_rss=memory)


def test_times_are_compared_within_blocks_and_memory_by_medians() -> None:
    records = [
        record(name, block, guest, time * (1 + block), memory)
        for name, time, memory in (("base", 1.0, 100), ("fast", 0.5, 200), ("bad", 2.0, 300))
        for block in range(4)
        for guest in ("smp", "io")
        if not (name == "fast" and block < 2)  # measured only in slow blocks
    ]
    found = front(records, TERMS, "base")
    assert [point.name for point in found] == ["fast", "base"]
    assert found[0].time == pytest.approx(0.5)
    assert found[0].max_rss == pytest.approx(2.0)
    assert (found[0].blocks, found[1].blocks) == (2, 4)
    assert math.isclose(found[1].time, 1)


def test_one_goal_has_no_front_nor_has_a_baseline_without_values() -> None:
    records = [record("base", 0, guest, 1.0, 100) for guest in ("smp", "io")]
    assert front(records, Terms("", 3, {"smp": 1.0}, {"time": 1.0}), "base") == ()
    assert front(records, TERMS, "other") == ()
    assert front([record("base", 0, "smp", 1.0, None)], TERMS, "base") == ()


def test_a_point_of_one_block_is_of_the_front_only_while_no_other_was_in_more() -> None:
    base, lucky = (
        [record(name, 0, guest, time, 100) for guest in ("smp", "io")]
        for name, time in (("base", 1.0), ("lucky", 0.5))
    )
    assert [point.name for point in front([*base, *lucky], TERMS, "base")] == ["lucky"]
    known = [
        record(name, block, guest, time, 100)
        for name, time in (("base", 1.0), ("known", 0.8))
        for block in (1, 2)
        for guest in ("smp", "io")
    ]
    assert [point.name for point in front([*base, *lucky, *known], TERMS, "base")] == ["known"]
