"""Changes of level: found where they are, none in what does not change, and the shift with its interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.across.change_points import SHORTEST, change_points, fewest_values, penalty, shift

STEP = np.array([1.0, 1.1, 0.9, 1.05, 0.95, 1.02, 2.0, 2.1, 1.9, 2.05, 1.95, 2.02])


def test_a_step_is_found_where_it_is() -> None:
    assert change_points(STEP, 0.05) == (6,)
    assert change_points(-STEP, 0.05) == (6,)
    assert change_points(np.exp(5 * STEP), 0.05) == (6,)  # ranks decide, not sizes
    assert change_points(STEP, 0.001) == ()


def test_a_visit_of_two_stores_is_no_level() -> None:
    values = STEP.copy()
    values[8:] = 1.0 + np.arange(4) / 100
    assert change_points(values, 0.05) == ()


def test_up_and_down_again_are_two_changes() -> None:
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(0, 1, 15), rng.normal(6, 1, 15), rng.normal(0, 1, 15)])
    assert change_points(values, 0.01) == (15, 30)


@given(st.lists(st.floats(-1, 1), max_size=25).map(np.array), st.sampled_from([0.05, 0.01, 0.002]))
def test_parts_are_long_enough_and_few_values_have_none(values: np.ndarray, alpha: float) -> None:
    bounds = [0, *change_points(values, alpha), len(values)]
    assert len(bounds) == 2 or min(np.diff(bounds)) >= SHORTEST
    assert len(bounds) == 2 or len(values) >= fewest_values(alpha)


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 4, 0.05 / 40])
def test_the_fewest_values_are_just_enough(alpha: float) -> None:
    n = fewest_values(alpha)
    assert change_points(np.arange(n) // (n // 2) + np.arange(n) / 100, alpha) != ()
    assert change_points(np.arange(n - 1) // ((n - 1) // 2) + np.arange(n - 1) / 100, alpha) == ()


def test_the_penalty_grows_with_the_series_and_with_the_demand() -> None:
    assert penalty(10, 0.05) < penalty(40, 0.05) < penalty(40, 0.01)


def test_equal_values_do_not_change() -> None:
    assert change_points(np.ones(30), 0.05) == ()


@pytest.mark.parametrize(("m", "n", "k"), [(4, 4, 1), (5, 5, 3), (3, 3, 0), (10, 10, 24), (8, 12, 23)])
def test_the_interval_of_a_shift_is_that_of_the_tables(m: int, n: int, k: int) -> None:
    """Critical values of the Mann-Whitney test at 5%: U below k is rejected (Hollander and Wolfe, table A.6)."""
    before, after = np.zeros(m), np.arange(n) + np.arange(n) / 1000
    found = shift(before.tolist(), after.tolist())
    differences = np.sort(np.subtract.outer(after, before).ravel())
    assert found.low == (differences[k - 1] if k else -math.inf)
    assert found.high == (differences[-k] if k else math.inf)


def test_a_shift_the_other_way_is_its_opposite() -> None:
    there, back = shift(STEP[:6].tolist(), STEP[6:].tolist()), shift(STEP[6:].tolist(), STEP[:6].tolist())
    assert there.middle == -back.middle
    assert (there.low, there.high) == (-back.high, -back.low)
