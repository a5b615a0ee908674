"""The first points: balanced, distinct, allowed."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search.design import balanced, first_trials, numbers_at_random
from accelkit.tuning.search.layout import grid

LAYOUT = grid(Factors.of({"a": "vwxyz", "b": "vwxyz", "c": "wxyz", "d": "xy"}))


@pytest.mark.parametrize("seed", range(5))
def test_each_level_has_its_share(seed: int) -> None:
    chosen = balanced(LAYOUT, [0], 39, lambda _: True, np.random.default_rng(seed))
    assert len(set(chosen)) == 39
    codes = LAYOUT.codes([0, *chosen])
    for column, size in zip(codes.T, LAYOUT.factors.sizes, strict=True):
        counts = np.bincount(column, minlength=size)
        assert counts.max() - counts.min() <= 2


def test_points_that_may_not_be_chosen_are_not() -> None:
    chosen = balanced(LAYOUT, [], 50, lambda number: number % 2 == 0, np.random.default_rng(1))
    assert len(chosen) == 50
    assert all(number % 2 == 0 for number in chosen)
    assert balanced(LAYOUT, [], 50, lambda _: False, np.random.default_rng(1)) == []


def test_first_trials_grow_with_the_levels_and_leave_most_of_the_budget() -> None:
    assert first_trials(LAYOUT.factors, 400) == 26
    assert first_trials(LAYOUT.factors, 30) == 10


@pytest.mark.parametrize("size", [1, 5, 1000, 10**12, 1 << 80])
def test_numbers_are_below_the_size(size: int) -> None:
    numbers = numbers_at_random(size, 8, np.random.default_rng(1))
    assert all(0 <= number < size for number in numbers)
    assert len(numbers) == min(size, 8)
    if size <= 8:
        assert sorted(numbers) == list(range(size))
