"""The split: every trial has its place, and the confirming study can decide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit.tuning.search.split import LEAST_BLOCKS, split


@given(st.integers(1, 10**6))
def test_trials_of_search_and_confirming_study_add_up(trials: int) -> None:
    parts = split(trials)
    assert parts.search + parts.confirming == trials
    assert parts.search >= trials * 2 // 3
    assert parts.finalists >= 1
    assert parts.blocks(parts.finalists, parts.confirming) * (parts.finalists + 1) <= parts.confirming


@given(st.integers(108, 10**6))
def test_where_trials_suffice_the_interval_alone_decides(trials: int) -> None:
    parts = split(trials)
    assert parts.blocks(parts.finalists, parts.confirming) >= LEAST_BLOCKS
    assert parts.finalists >= 2
