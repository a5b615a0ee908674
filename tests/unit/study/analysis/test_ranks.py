"""Ranks of order statistics, against their definitions computed the long way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from accelkit.study.analysis.ranks import fewest, rank, wins_needed


@pytest.mark.parametrize("alpha", [0.3, 0.05, 0.05 / 30, 0.05 / 200])
def test_a_rank_is_the_largest_that_keeps_its_error_rate(alpha: float) -> None:
    for n in range(1, 120):
        below = [sum(math.comb(n, i) for i in range(k)) / 2**n for k in range(n + 2)]
        assert rank(n, alpha) == max(k for k in range(n + 1) if below[k] <= alpha / 2)
        assert 2 * rank(n, alpha) <= n + 1


@pytest.mark.parametrize("odds", [2.0, 20, 600, 4000])
def test_wins_needed_is_where_the_average_likelihood_ratio_reaches_the_odds(odds: float) -> None:
    chances = (np.arange(20000) + 0.5) / 40000 + 0.5
    for n in (1, 5, 8, 15, 20, 50, 200):
        ratios = [np.mean((2 * chances) ** s * (2 - 2 * chances) ** (n - s)) for s in range(n + 1)]
        assert wins_needed(n, odds) == next((s for s, e in enumerate(ratios) if e >= odds), n + 1)


def test_large_numbers_of_blocks_do_not_overflow() -> None:
    assert 700 < rank(1500, 0.05) < 750
    assert 650 < rank(1500, 0.05, anytime=True) < rank(1500, 0.05)


def test_fewest_is_the_first_with_a_rank() -> None:
    for alpha in (0.05, 0.001):
        for anytime in (False, True):
            n = fewest(alpha, anytime)
            assert rank(n, alpha, anytime) == 1
            assert rank(n - 1, alpha, anytime) == 0
