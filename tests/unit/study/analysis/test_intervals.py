"""Intervals of many rows at once: each is that of its row alone."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit.study.analysis.intervals import beyond, intervals


def test_a_missing_block_is_ignored() -> None:
    rng = np.random.default_rng(3)
    logs = rng.normal(size=(40, 30))
    holes = np.where(rng.random(logs.shape) < 0.3, np.nan, logs)
    middle, low, high = intervals(holes, 0.05)
    for row, hole in enumerate(holes):
        alone = [float(x[0]) for x in intervals(hole[np.isfinite(hole)][None], 0.05)]
        assert [middle[row], low[row], high[row]] == alone
        assert middle[row] == pytest.approx(np.nanmedian(hole))


def test_where_few_numbers_are_independent_the_interval_reaches_beyond_the_extremes() -> None:
    row = np.linspace(0.0, 1.0, 20)[None]
    _, low, high = intervals(row, 0.05)
    assert 0 < low[0] < high[0] < 1
    _, low, high = intervals(row, 0.05, independent=[3])
    assert (low[0], high[0]) == (-beyond(0.05), 1 + beyond(0.05))
