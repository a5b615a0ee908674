"""Statistics of studies whose truth is known: errors are as rare as stated, and effects are detected.

Seeds are fixed, so a rate is the same in each run; the room above a stated rate is three standard errors of it.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY, HOSTS, QUIET, Noise, at_most

from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.intervals import intervals


def verdicts(truth: float, blocks: int, noise, studies: int, seed: int, **options) -> list[str]:
    rng = np.random.default_rng(seed)
    words = []
    for _ in range(studies):
        (row,) = compare(simulate.study({"tcg": 1.0, "x": truth}, blocks, noise, rng), "tcg", **options)
        words.append(row.verdict)
    return words


@pytest.mark.parametrize("blocks", [8, 20, 50])
@pytest.mark.parametrize("host", HOSTS)
def test_intervals_miss_the_truth_no_more_often_than_alpha_on_any_host(host: str, blocks: int) -> None:
    rng = np.random.default_rng(blocks)
    logs = simulate.disturb(HOSTS[host], (3000, blocks, 2), rng)
    for alpha in (0.05, 0.01):
        _, low, high = intervals(logs[..., 0] - logs[..., 1], alpha)
        assert np.mean((low > 0) | (high < 0)) <= at_most(alpha, 3000)


def test_intervals_contain_the_truth_when_only_one_side_is_skewed() -> None:
    rng = np.random.default_rng(1)
    skewed = rng.exponential(0.1, (3000, 50)) - 0.1 * math.log(2)  # its median is 0
    _, low, high = intervals(skewed + rng.normal(0, 0.0001, skewed.shape), 0.05)
    assert np.mean((low > 0) | (high < 0)) <= at_most(0.05, 3000)


def test_only_anytime_intervals_survive_a_look_after_every_block() -> None:
    rng = np.random.default_rng(2)
    logs = simulate.disturb(BUSY, (600, 100, 2), rng)
    differences = logs[..., 0] - logs[..., 1]
    ever = {False: np.zeros(600, dtype=bool), True: np.zeros(600, dtype=bool)}
    for anytime, missed in ever.items():
        for blocks in range(1, 101):
            _, low, high = intervals(differences[:, :blocks], 0.05, anytime)
            np.logical_or(missed, (low > 0) | (high < 0), out=missed)
    assert ever[True].mean() <= at_most(0.05, 600)
    assert ever[False].mean() > 0.15


@pytest.mark.parametrize("blocks", [8, 20, 50])
@pytest.mark.parametrize("host", HOSTS)
def test_equal_configurations_rarely_get_faster_or_slower(host: str, blocks: int) -> None:
    words = verdicts(1.0, blocks, HOSTS[host], 150, seed=blocks)
    assert sum(word in {"faster", "slower"} for word in words) <= 150 * at_most(0.05, 150)


def test_equal_configurations_make_no_difference_on_a_quiet_host() -> None:
    assert verdicts(1.0, 20, QUIET, 100, seed=1).count("no difference") >= 95


@pytest.mark.parametrize("host", ["quiet", "drift", "outliers"])
def test_two_percent_are_detected_in_20_blocks(host: str) -> None:
    assert verdicts(1.02, 20, HOSTS[host], 100, seed=2).count("slower") >= 95
    assert verdicts(1 / 1.02, 20, HOSTS[host], 100, seed=3).count("faster") >= 95


def test_two_percent_are_detected_on_a_half_busy_host_and_with_bursts() -> None:
    assert verdicts(1.02, 20, Noise(reach=0.8), 100, seed=4).count("slower") >= 90
    assert verdicts(1.02, 20, HOSTS["bursts"], 100, seed=5).count("slower") >= 85
    assert verdicts(1.02, 50, HOSTS["all at once"], 100, seed=6).count("slower") >= 85


def test_a_busy_host_gives_undecided_rather_than_a_wrong_verdict() -> None:
    words = verdicts(1.02, 20, HOSTS["very busy"], 150, seed=7)
    assert words.count("undecided") > 120
    assert words.count("faster") + words.count("no difference") <= 150 * at_most(0.05, 150)


def test_drift_between_blocks_cancels() -> None:
    rng = np.random.default_rng(8)
    errors = []
    for _ in range(60):
        drifting = simulate.study({"tcg": 1.0, "x": 1.03}, 20, Noise(sigma=0.001, drift=1.0), rng)
        (row,) = compare(drifting, "tcg")
        errors.append(abs(row.ratio - 1.03))
        assert row.verdict in {"slower", "undecided"}
    assert np.median(errors) < 0.03  # within a block by 5%, in all by 172%


@pytest.mark.parametrize(
    ("host", "blocks"), [("quiet", 20), ("noisy", 20), ("busy", 50), ("all at once", 50)]
)
def test_a_whole_table_has_the_error_rate_of_one_comparison(host: str, blocks: int) -> None:
    rng = np.random.default_rng(10)
    truth = {"tcg": 1.0, **{f"same{i}": 1.0 for i in range(30)}}
    missed = wrong = 0
    for _ in range(60):
        rows = compare(simulate.study(truth, blocks, HOSTS[host], rng), "tcg")
        missed += any(not row.low <= 1 <= row.high for row in rows)
        wrong += any(row.verdict in {"faster", "slower"} for row in rows)
    assert missed <= 60 * at_most(0.05, 60)
    assert wrong <= missed
