"""Contrasts with intervals that hold all at once: laws of the estimate, and where nothing can be known."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.analysis.contrasts import simultaneous

PAIR = np.array([[-1.0, 1.0]])


def noise(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.01, shape)


@given(st.integers(0, 1000))
def test_what_slows_a_whole_block_changes_nothing(seed: int) -> None:
    logs = noise((2, 10), seed)
    before = simultaneous(PAIR, logs, 0.05)
    after = simultaneous(PAIR, logs + noise((1, 10), seed + 1) * 100, 0.05)
    np.testing.assert_allclose(before, after, atol=1e-9)


@given(st.integers(0, 1000))
def test_of_whole_blocks_the_estimate_is_the_mean_difference(seed: int) -> None:
    logs = noise((3, 9), seed)
    weights = np.array([[-1.0, 1.0, 0.0], [-0.5, -0.5, 1.0]])
    middle, low, high = simultaneous(weights, logs, 0.05)
    np.testing.assert_allclose(middle, (weights @ logs).mean(axis=1), atol=1e-12)
    np.testing.assert_allclose(high - middle, middle - low)


@given(st.integers(0, 1000))
def test_a_cell_that_misses_blocks_is_compared_where_it_was_measured(seed: int) -> None:
    """The blocks without it are slower by far, which says nothing of it."""
    logs = noise((2, 12), seed) + np.where(np.arange(12) < 6, 3.0, 0.0)
    logs[1, :6] = np.nan
    middle, low, high = simultaneous(PAIR, logs, 0.05)
    np.testing.assert_allclose(middle[0], (logs[1] - logs[0])[6:].mean(), atol=1e-12)
    assert -0.1 < low[0] < high[0] < 0.1


def test_too_few_blocks_tell_nothing() -> None:
    for blocks, known in ((1, False), (5, False), (6, True)):
        _, low, high = simultaneous(PAIR, noise((2, blocks)), 0.05)
        assert bool(np.isfinite([low[0], high[0]]).all()) is known


def test_cells_that_share_no_blocks_tell_nothing_of_each_other() -> None:
    logs = noise((4, 20))
    logs[:2, 10:] = logs[2:, :10] = np.nan
    weights = np.array([[-1.0, 1.0, 0, 0], [-1.0, 0, 1.0, 0]])
    middle, low, high = simultaneous(weights, logs, 0.05)
    assert np.isfinite([low[0], high[0]]).all()
    assert (low[1], high[1]) == (-np.inf, np.inf)
    assert np.isnan(middle[1])


def test_nothing_measured_and_nothing_asked() -> None:
    _, low, high = simultaneous(PAIR, np.full((2, 3), np.nan), 0.05)
    assert (low[0], high[0]) == (-np.inf, np.inf)
    assert simultaneous(np.zeros((0, 2)), noise((2, 9)), 0.05).middle.shape == (0,)


def test_equal_times_without_noise_have_an_interval_without_width() -> None:
    _, low, high = simultaneous(PAIR, np.zeros((2, 20)), 0.05)
    assert (low[0], high[0]) == (0.0, 0.0)


def test_more_contrasts_and_less_error_make_wider_intervals() -> None:
    logs = noise((6, 20))
    one = np.zeros((1, 6))
    one[0, :2] = -1, 1
    many = np.vstack([one, *(np.roll(one, k, axis=1) for k in range(1, 5))])

    def width(weights: np.ndarray, alpha: float) -> float:
        _, low, high = simultaneous(weights, logs, alpha)
        return float(high[0] - low[0])

    assert width(one, 0.05) < width(many, 0.05)
    assert width(one, 0.05) < width(one, 0.01)


@pytest.mark.parametrize("cells", [2, 6])
def test_neighbours_that_are_alike_make_wider_intervals(cells: int) -> None:
    weights = np.zeros((1, cells))
    weights[0, :2] = -1, 1
    steps = noise((cells, 40))
    steps[1] = np.sin(np.arange(40) / 6) / 100
    shuffled = steps[:, np.random.default_rng(1).permutation(40)]
    alike, apart = (simultaneous(weights, logs, 0.05) for logs in (steps, shuffled))
    assert (alike.high - alike.low)[0] > 1.5 * (apart.high - apart.low)[0]


def test_the_memory_is_that_of_the_values_however_many_signs_are_drawn() -> None:
    logs = noise((2, 20_000))
    tracemalloc.start()
    try:
        simultaneous(PAIR, logs, 0.05)
        assert tracemalloc.get_traced_memory()[1] < 40 << 20  # all signs together are 640 MB
    finally:
        tracemalloc.stop()
