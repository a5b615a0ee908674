"""How many blocks would decide: against drawn replays, and at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit.study.analysis.neighbours import Neighbours
from accelkit.study.analysis.ranks import place
from accelkit.study.analysis.replay import LUCK, MOST_BLOCKS, Needed, pairs_needed


def needed(logs: np.ndarray, least: int = 6, independent: int | None = None) -> Needed | None:
    return pairs_needed(logs, Neighbours(0.0, independent or len(logs)), 0.05, 0.01, False, least)


def test_unanimous_ratios_need_only_the_fewest() -> None:
    assert needed(np.log([1.5, 1.52, 1.49])).pairs == 6
    assert needed(np.log([0.5, 0.52, 0.49]), least=12).pairs == 12


def test_what_leans_to_neither_side_gets_no_number() -> None:
    assert needed(np.log([1.3, 0.8, 1.2, 0.75, 1.25, 0.78, 1.0])) is None


def test_near_1_it_is_no_difference_that_would_be_found() -> None:
    assert needed(np.log([1.001, 0.999, 1.002, 0.998])).pairs < 12


def test_more_than_anybody_waits_for_is_not_told() -> None:
    assert needed(np.log([1.5] * 4), least=MOST_BLOCKS + 1) is None
    assert needed(np.array([])) is None


def test_alike_neighbours_need_more() -> None:
    logs = np.random.default_rng(3).normal(0.05, 0.05, 24)
    alone, alike = needed(logs, 12), needed(logs, 12, independent=8)
    assert alone is None or alike is None or alike.pairs > alone.pairs
    assert needed(logs[:9] + 0.1, 12).pairs < needed(logs[:9] + 0.1, 12, independent=3).pairs


def test_the_share_is_that_of_drawn_replays() -> None:
    rng = np.random.default_rng(5)
    logs = np.log([1.02, 1.05, 0.99, 1.03, 1.04, 0.98, 1.06, 1.02, 1.01, 1.03, 1.05, 0.97])
    told = needed(logs, 12)
    n, k = len(logs), place(told.pairs, told.pairs, 0.05)
    ordered = np.sort(logs)
    error = LUCK * (ordered[-4] - ordered[3]) / 2  # the 4th from both ends hold the median of 12 with 68%
    above = (logs - error > 0).sum()
    shares = rng.beta(above + 0.5, n - above + 0.5, 100_000)
    wins = (logs > 0).sum() + rng.binomial(told.pairs - n, shares)
    assert told.share == pytest.approx(np.mean(wins >= told.pairs + 1 - k), abs=0.01)
