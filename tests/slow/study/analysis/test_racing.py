"""Error rates of races and of studies that stop at a precision; seeds are fixed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from support import simulate
from support.simulate import HOSTS, INDEPENDENT, WANDERING, Noise, at_most, race

from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.racing import precise
from accelkit.study.analysis.ranks import evidence

KINDS = {**INDEPENDENT, **WANDERING}
EQUALS = 10
BLOCKS = 60
STUDIES = 300


class Shares(NamedTuple):
    """Of ten equal configurations but the baseline, in simulated races: those ever dropped, and dropped at the end."""

    ever: float
    end: float


def shares(kind: str, studies: int, blocks: int = BLOCKS) -> Shares:
    """By the rule itself: any of the equals may be called the best, so these are error rates of one."""
    rng = np.random.default_rng(1)
    truth = dict.fromkeys(["tcg", *(f"x{i}" for i in range(1, EQUALS))], 1.0)
    noise = KINDS[kind]
    sides = noise if isinstance(noise, Noise) else {name: noise[i % 2] for i, name in enumerate(truth)}
    ever = end = 0
    for _ in range(studies):
        _, drops = race(truth, blocks, sides, rng, margin=0.0)
        ever += len(drops.steps)
        end += len(drops.now)
    return Shares(ever / (EQUALS - 1) / studies, end / (EQUALS - 1) / studies)


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_the_best_is_dropped_no_more_often_than_the_error_rate(kind: str) -> None:
    seen = shares(kind, 30)
    assert seen.ever <= 0.05
    assert seen.end <= 0.02


@pytest.mark.parametrize(
    ("kind", "most"),
    [("wandering 0.2", 0.05), ("wandering 0.5", 0.08), ("wandering 0.8", 0.1), ("wandering 0.9", 0.12)],
)
def test_where_neighbours_are_alike_most_of_what_was_dropped_returns(kind: str, most: float) -> None:
    seen = shares(kind, 40)
    assert seen.end <= most
    assert seen.end < seen.ever / 2


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_the_error_rate_holds_however_often_one_looks(kind: str) -> None:
    """The mean of the evidence of nine rivals, looked at after each of 200 blocks; without retries."""
    noise = KINDS[kind]
    rng = np.random.default_rng(2)
    shape = (STUDIES, 200, EQUALS)
    if isinstance(noise, Noise):
        logs = simulate.disturb(noise, shape, rng)
    else:
        logs = np.stack([simulate.disturb(noise[i % 2], shape, rng)[..., i] for i in range(EQUALS)], -1)
    wins = (logs[..., :1] > logs[..., 1:]).cumsum(axis=1)
    most = np.full(STUDIES, -np.inf)
    for blocks in range(1, 201):
        against = np.array(evidence(blocks))[wins[:, blocks - 1]]
        most = np.maximum(most, np.logaddexp.reduce(against, axis=1) - np.log(EQUALS - 1))
    assert (most >= np.log(1 / 0.05)).mean() <= at_most(0.05, STUDIES)


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
