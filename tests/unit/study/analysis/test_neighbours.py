"""Whether the ratios of neighbouring blocks are alike: what the check finds, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.analysis.neighbours import FEWEST, Neighbours, neighbours, neighbours_together

SERIES = st.lists(st.floats(-1, 1), min_size=1, max_size=60).map(np.array)


@pytest.mark.parametrize("blocks", [10, 20, 50, 200])
def test_independent_ratios_are_found_alike_in_one_of_33(blocks: int) -> None:
    rng = np.random.default_rng(blocks)
    found = [neighbours(row).correlation > 0 for row in rng.standard_t(2, (2000, blocks))]
    assert 0.015 < np.mean(found) < 0.045


@pytest.mark.parametrize(("alike", "blocks"), [(0.5, 50), (0.8, 30), (0.9, 20)])
def test_alike_ones_are_found_and_count_as_few(alike: float, blocks: int) -> None:
    rng = np.random.default_rng(7)
    found = []
    for _ in range(200):
        series = rng.standard_normal(blocks)
        for block in range(1, blocks):
            series[block] = alike * series[block - 1] + np.sqrt(1 - alike**2) * series[block]
        found.append(neighbours(series).independent)
    assert np.mean(np.array(found) < blocks) > 0.85
    assert np.median(found) <= blocks * (1 - alike) / (1 + alike)  # what that many are worth in truth


def test_equal_ratios_have_no_order() -> None:
    """A time that is counted in whole ticks repeats; equal ones must not pass for a series that rises."""
    assert neighbours(np.zeros(50)) == (0.0, 50)
    assert neighbours(np.array([0.0, 1.0] * 25)) == (0.0, 50)


def test_a_trend_counts_as_one_block() -> None:
    assert neighbours(np.arange(30.0)).independent == 1


def test_nothing_is_said_of_few() -> None:
    assert neighbours(np.arange(FEWEST - 1.0)) == (0.0, FEWEST - 1)
    assert neighbours(np.array([])) == (0.0, 0)


@given(SERIES)
def test_blocks_never_count_for_more_than_they_are(series: np.ndarray) -> None:
    found = neighbours(series)
    assert 1 <= found.independent <= len(series)
    assert 0 <= found.correlation < 1
    assert (found.independent == len(series)) or found.correlation > 0


@given(SERIES, st.floats(0.1, 10), st.floats(-5, 5))
def test_only_the_order_of_ratios_counts(series: np.ndarray, scale: float, shift: float) -> None:
    moved = np.round(series, 6) * scale + shift
    assert neighbours(np.round(moved, 9)).independent == neighbours(np.round(series, 6)).independent


def test_several_series_are_checked_as_one() -> None:
    """Each by itself one of eight would be found alike by chance in every fifth study, together in every 33rd."""
    rng = np.random.default_rng(11)
    alone = together = 0
    for _ in range(200):
        logs = rng.normal(size=(8, 20))
        series = [logs[0] - other for other in logs[1:]]
        alone += any(neighbours(row).independent < 20 for row in series)
        together += any(kind.independent < 20 for kind in neighbours_together(series))
    assert alone > 24
    assert together < 14


def test_several_series_that_wander_together_are_found_alike() -> None:
    rng = np.random.default_rng(12)
    found = 0
    for _ in range(50):
        shared = np.cumsum(rng.normal(size=30))
        found += all(kind.independent < 30 for kind in neighbours_together(shared + rng.normal(size=(5, 30))))
    assert found >= 45


def test_one_series_alone_is_checked_as_ever_and_few_blocks_are_not() -> None:
    wandering = np.sin(np.arange(40) / 6)
    assert neighbours_together([wandering]) == (neighbours(wandering),)
    assert neighbours_together([]) == ()
    assert neighbours_together([wandering[:5]]) == (Neighbours(0.0, 5),)
