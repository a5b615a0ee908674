"""Error rates of races and of studies that stop at a precision; seeds are fixed."""

from __future__ import annotations

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY, HOSTS, at_most, race

from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.racing import precise
from accelkit.study.analysis.ranks import wins_needed
from accelkit.study.model import Cell


@pytest.mark.parametrize("host", ["quiet", "busy", "bursts", "drift", "outliers", "all at once"])
def test_the_best_is_dropped_no_more_often_than_the_error_rate(host: str) -> None:
    rng = np.random.default_rng(1)
    truth = {"tcg": 1.05, "best": 1.0, **{f"as-good{i}": 1.0 for i in range(6)}, "bad": 1.2}
    dropped = 0
    for _ in range(25):
        _, dropped_after = race(truth, 25, HOSTS[host], rng, margin=0.0)
        dropped += Cell("7.2", "cpu", "best") in dropped_after
    assert dropped <= 25 * 0.05


def test_the_error_rate_holds_however_often_one_looks() -> None:
    """The bare rule, 2,000 races of 200 blocks between ten equals."""
    rng = np.random.default_rng(2)
    logs = simulate.disturb(BUSY, (2000, 200, 10), rng)
    dropped = np.zeros(2000, dtype=bool)
    wins = (logs[..., :1] > logs[..., 1:]).cumsum(axis=1)
    for blocks in range(1, 201):
        dropped |= (wins[:, blocks - 1] >= wins_needed(blocks, 9 / 0.05)).any(axis=1)
    assert dropped.mean() <= at_most(0.05, 2000)


@pytest.mark.parametrize("host", ["quiet", "all at once"])
def test_intervals_after_a_race_keep_their_error_rate(host: str) -> None:
    rng = np.random.default_rng(8)
    truth = {"tcg": 1.1, **{f"good{i}": 1.0 for i in range(5)}, "bad": 1.3, "worse": 1.5}
    missed = 0
    for _ in range(40):
        kept, _ = race(truth, 25, HOSTS[host], rng)
        rows = compare(kept, "tcg")
        assert len(rows) == 7
        missed += any(not row.low <= truth[row.configuration] / 1.1 <= row.high for row in rows)
    assert missed <= 40 * at_most(0.05, 40)


def test_stopping_at_a_precision_keeps_the_error_rate() -> None:
    rng = np.random.default_rng(10)
    truth = {"tcg": 1.0, "x": 1.02, "y": 1.0}
    missed = 0
    for _ in range(40):
        everything = simulate.study(truth, 40, HOSTS["bursts"], rng)
        rows = ()
        for blocks in range(6, 41):
            rows = compare([r for r in everything if r.trial.block < blocks], "tcg", anytime=True)
            if precise(rows, 0.02):
                break
        missed += any(not row.low <= truth[row.configuration] <= row.high for row in rows)
    assert missed <= 40 * at_most(0.05, 40)
