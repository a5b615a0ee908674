"""Runs of two kinds: a gap between two groups of one cell."""

from __future__ import annotations

import math

import numpy as np
import pytest

from accelkit.study.analysis.modes import gap


def test_two_groups_are_told_with_share_and_factor() -> None:
    rng = np.random.default_rng(1)
    logs = np.concatenate([rng.normal(0, 0.002, 15), rng.normal(0.3, 0.002, 5)])
    share, factor = gap(logs) or (0.0, 0.0)
    assert share == 0.25
    assert factor == pytest.approx(math.exp(0.3), rel=0.01)


@pytest.mark.parametrize("logs", [np.zeros(20), np.linspace(0, 1, 20), np.zeros(15), np.array([])])
def test_one_group_has_no_gap(logs: np.ndarray) -> None:
    assert gap(logs) is None
