"""The interval of the ratio of two medians: symmetric, and as wide as both together."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.across.unpaired import Median, median_of, ratio_of

LOGS = st.lists(st.floats(-1, 1), max_size=30).map(np.array)


@given(LOGS, LOGS)
def test_the_other_way_round_it_is_the_inverse(one: np.ndarray, other: np.ndarray) -> None:
    a, b = median_of(one, 0.05), median_of(other, 0.05)
    (ratio, low, high), (back, least, most) = ratio_of(a, b), ratio_of(b, a)
    if math.isnan(ratio):
        assert math.isnan(back)
        assert (low, high) == (0.0, math.inf)
        return
    assert math.isclose(ratio * back, 1)
    assert math.isclose(low, 1 / most if most < math.inf else 0.0, abs_tol=1e-300)
    assert math.isclose(high, math.inf if least == 0 else 1 / least)
    assert low <= ratio <= high


@given(LOGS)
def test_a_series_beside_itself_does_not_differ(logs: np.ndarray) -> None:
    ratio, low, high = ratio_of(median_of(logs, 0.05), median_of(logs, 0.05))
    assert low <= 1 <= high
    assert math.isnan(ratio) or ratio == 1


def test_the_interval_is_that_of_squares() -> None:
    ratio, low, high = ratio_of(Median(0.5, 0.2, 0.9, 9, 9), Median(0.0, -0.3, 0.4, 9, 9))
    assert math.isclose(math.log(ratio), 0.5)
    assert math.isclose(math.log(low), 0.5 - math.hypot(0.3, 0.4))
    assert math.isclose(math.log(high), 0.5 + math.hypot(0.4, 0.3))


def test_too_few_runs_have_no_interval() -> None:
    assert ratio_of(median_of(np.zeros(5), 0.05), median_of(np.zeros(50), 0.05)) == (1.0, 0.0, math.inf)
    assert median_of(np.array([np.nan, 1.0]), 0.05).runs == 1


def test_neighbours_that_are_alike_count_as_fewer() -> None:
    wandering = median_of(np.sin(np.arange(40) / 6), 0.05)
    assert wandering.independent < 10
    assert wandering.high - wandering.low > 1.5
