"""Races whose truth is known: the best stays in as surely as promised, the losers leave early."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY, HOSTS, QUIET, Noise

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.racing import lost, precise
from accelkit.study.analysis.ranks import wins_needed
from accelkit.study.model import Cell, Record, Trial


def race(truth: Mapping[str, float], blocks: int, noise, rng, *, guests=("cpu",), **options):
    """Records of what was still run, and after which block each cell was dropped."""
    everything = simulate.study(truth, blocks, noise, rng, guests=guests)
    kept: list[Record] = []
    gone: dict[Cell, int] = {}
    for block in range(blocks):
        kept += [r for r in everything if r.trial.block == block and r.trial.cell not in gone]
        found = lost(kept, "tcg", **options)
        assert gone.keys() <= found.keys(), "what has lost stays lost"
        for cell in found:
            gone.setdefault(cell, block + 1)
    return kept, gone


@pytest.mark.parametrize("host", ["quiet", "busy", "bursts", "drift", "outliers", "all at once"])
def test_the_best_is_dropped_more_seldom_than_promised(host: str) -> None:
    rng = np.random.default_rng(1)
    truth = {"tcg": 1.05, "best": 1.0, **{f"as-good{i}": 1.0 for i in range(6)}, "bad": 1.2}
    dropped = 0
    for _ in range(25):
        _, gone = race(truth, 25, HOSTS[host], rng, margin=0.0)
        dropped += Cell("7.2", "cpu", "best") in gone
    assert dropped <= 25 * 0.05


def test_the_odds_are_kept_however_often_one_looks() -> None:
    """The bare rule, 2,000 races of 200 blocks between ten equals."""
    rng = np.random.default_rng(2)
    logs = simulate.disturb(BUSY, (2000, 200, 10), rng)
    dropped = np.zeros(2000, dtype=bool)
    wins = (logs[..., :1] > logs[..., 1:]).cumsum(axis=1)
    for blocks in range(1, 201):
        dropped |= (wins[:, blocks - 1] >= wins_needed(blocks, 9 / 0.05)).any(axis=1)
    assert dropped.mean() <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2000)


def test_clear_losers_leave_after_ten_blocks() -> None:
    rng = np.random.default_rng(3)
    truth = {"tcg": 1.0, **{f"good{i}": 0.99 for i in range(7)}, "bad": 1.1, "worse": 2.0}
    kept, gone = race(truth, 20, QUIET, rng)
    assert gone == {Cell("7.2", "cpu", "bad"): 10, Cell("7.2", "cpu", "worse"): 10}
    assert len(kept) == 20 * 8 + 10 * 2


def test_forty_configurations_with_five_guests_take_fifteen() -> None:
    rng = np.random.default_rng(4)
    truth = {"tcg": 1.0, **{f"slow{i}": 1.5 + i / 100 for i in range(39)}}
    kept, gone = race(truth, 20, QUIET, rng, guests=("a", "b", "c", "d", "e"))
    assert set(gone.values()) == {15}
    assert len(gone) == 195
    assert len(kept) == 15 * 200 + 5 * 5


def test_losers_leave_on_a_busy_host_too_only_later() -> None:
    rng = np.random.default_rng(5)
    truth = {"tcg": 1.0, "good": 0.9, "worse": 2.0}
    _, gone = race(truth, 60, Noise(reach=0.4, slowdown=0.4), rng)
    assert 8 <= gone[Cell("7.2", "cpu", "worse")] <= 40


def test_the_baseline_is_never_dropped() -> None:
    rng = np.random.default_rng(6)
    _, gone = race({"tcg": 3.0, "best": 1.0, "bad": 3.1}, 15, QUIET, rng)
    assert set(gone) == {Cell("7.2", "cpu", "bad")}


def test_what_loses_with_one_guest_stays_with_the_others() -> None:
    times = {
        ("smp", "multi"): 0.5,
        ("smp", "single"): 1.0,
        ("smplock", "multi"): 5.0,
        ("smplock", "single"): 1.0,
    }
    records = [
        Record(Trial("7.2", guest, name, block, 0), "ok", value=time + block / 1e6)
        for (guest, name), time in times.items()
        for block in range(12)
    ]
    assert lost(records, "single") == {
        Cell("7.2", "smplock", "multi"): "slower than single in 12 of 12 blocks",
    }


def test_nearly_as_good_as_the_best_is_kept() -> None:
    rng = np.random.default_rng(7)
    _, gone = race({"tcg": 1.0, "near": 1.008}, 100, Noise(sigma=0.001), rng)
    assert not gone
    _, gone = race({"tcg": 1.0, "near": 1.008}, 100, Noise(sigma=0.001), rng, margin=0.0)
    assert gone


def test_many_slow_blocks_do_not_drop_what_was_once_the_fastest() -> None:
    figures = {"tcg": [1.0] * 20, "multi": [0.5, *[1.3] * 19]}
    records = [
        Record(Trial("7.2", "smp", name, block, 0), "ok", value=figure)
        for name, column in figures.items()
        for block, figure in enumerate(column)
    ]
    assert lost(records, "tcg") == {}


def test_what_never_works_is_tried_three_times() -> None:
    def failing(blocks: int) -> list[Record]:
        return [
            Record(Trial("7.2", "cpu", name, block, 0), "ok" if name == "good" else "timeout", value=1.0)
            for name in ("good", "bad", "tcg")
            for block in range(blocks)
        ]

    assert lost(failing(2), "tcg") == {}
    assert lost(failing(3), "tcg") == {Cell("7.2", "cpu", "bad"): "failed in all of 3 trials"}


def test_nothing_is_lost_before_anything_ran() -> None:
    assert lost([], "tcg") == {}
    assert lost([Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.0)], "tcg") == {}


@pytest.mark.parametrize("host", ["quiet", "all at once"])
def test_intervals_after_a_race_hold_as_promised(host: str) -> None:
    rng = np.random.default_rng(8)
    truth = {"tcg": 1.1, **{f"good{i}": 1.0 for i in range(5)}, "bad": 1.3, "worse": 1.5}
    missed = 0
    for _ in range(40):
        kept, _ = race(truth, 25, HOSTS[host], rng)
        rows = compare(kept, "tcg")
        assert len(rows) == 7
        missed += any(not row.low <= truth[row.configuration] / 1.1 <= row.high for row in rows)
    assert missed <= 40 * (0.05 + 3 * math.sqrt(0.05 * 0.95 / 40))


# ---- precision ----


def test_precise_is_when_every_interval_is_narrow() -> None:
    rng = np.random.default_rng(9)
    everything = simulate.study({"tcg": 1.0, "x": 1.3, "y": 0.9}, 60, Noise(sigma=0.01), rng)
    width = {}
    for blocks in (5, 20, 60):
        rows = compare([r for r in everything if r.trial.block < blocks], "tcg")
        width[blocks] = max(row.high / row.low - 1 if row.low else math.inf for row in rows)
        assert precise(rows, width[blocks] + 1e-9) == (width[blocks] < math.inf)
        assert not precise(rows, 0.9 * min(width[blocks], 1))
    assert width[5] == math.inf > width[20] > width[60]


def test_precise_waits_neither_for_the_dropped_nor_for_what_never_works() -> None:
    records = [
        Record(Trial("7.2", "cpu", name, block, 0), "crashed" if name == "bad" else "ok", value=1.0)
        for name, blocks in {"tcg": 9, "x": 9, "bad": 9, "dropped": 4}.items()
        for block in range(blocks)
    ]
    rows = compare(records, "tcg")
    assert not precise(rows, 0.02)
    assert precise(rows, 0.02, dropped={Cell("7.2", "cpu", "dropped")})
    assert not precise(compare([r for r in records if r.trial.block < 2], "tcg"), 0.02)


def test_stopping_at_a_precision_keeps_the_promise() -> None:
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
    assert missed <= 40 * (0.05 + 3 * math.sqrt(0.05 * 0.95 / 40))


@pytest.mark.parametrize("wrong", [{"margin": -0.1}, {"margin": math.inf}, {"confidence": 1.0}])
def test_arguments_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DomainError, match=next(iter(wrong))):
        lost([], "tcg", **wrong)
    with pytest.raises(DomainError, match="precision"):
        precise([], 0)
