"""Races whose truth is known: losers are dropped early, the baseline and near rivals never."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import simulate
from support.simulate import QUIET, Noise, race

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.racing import lost, precise
from accelkit.study.model import Cell, Record, Trial


def test_clear_losers_are_dropped_after_ten_blocks() -> None:
    rng = np.random.default_rng(3)
    truth = {"tcg": 1.0, **{f"good{i}": 0.99 for i in range(7)}, "bad": 1.1, "worse": 2.0}
    kept, dropped_after = race(truth, 20, QUIET, rng)
    assert dropped_after == {Cell("7.2", "cpu", "bad"): 10, Cell("7.2", "cpu", "worse"): 10}
    assert len(kept) == 20 * 8 + 10 * 2


def test_of_forty_configurations_with_five_guests_losers_are_dropped_after_fifteen() -> None:
    rng = np.random.default_rng(4)
    truth = {"tcg": 1.0, **{f"slow{i}": 1.5 + i / 100 for i in range(39)}}
    kept, dropped_after = race(truth, 20, QUIET, rng, guests=("a", "b", "c", "d", "e"))
    assert set(dropped_after.values()) == {15}
    assert len(dropped_after) == 195
    assert len(kept) == 15 * 200 + 5 * 5


def test_a_busy_host_drops_losers_later() -> None:
    rng = np.random.default_rng(5)
    truth = {"tcg": 1.0, "good": 0.9, "worse": 2.0}
    _, dropped_after = race(truth, 60, Noise(reach=0.4, slowdown=0.4), rng)
    assert 8 <= dropped_after[Cell("7.2", "cpu", "worse")] <= 40


def test_the_baseline_is_never_dropped() -> None:
    rng = np.random.default_rng(6)
    _, dropped_after = race({"tcg": 3.0, "best": 1.0, "bad": 3.1}, 15, QUIET, rng)
    assert set(dropped_after) == {Cell("7.2", "cpu", "bad")}


def test_a_loser_with_one_guest_stays_with_the_others() -> None:
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


def test_a_configuration_within_the_margin_is_kept() -> None:
    rng = np.random.default_rng(7)
    _, dropped_after = race({"tcg": 1.0, "near": 1.008}, 100, Noise(sigma=0.001), rng)
    assert not dropped_after
    _, dropped_after = race({"tcg": 1.0, "near": 1.008}, 100, Noise(sigma=0.001), rng, margin=0.0)
    assert dropped_after


def test_many_slow_blocks_do_not_drop_a_configuration_with_the_fastest_run() -> None:
    values = {"tcg": [1.0] * 20, "multi": [0.5, *[1.3] * 19]}
    records = [
        Record(Trial("7.2", "smp", name, block, 0), "ok", value=value)
        for name, column in values.items()
        for block, value in enumerate(column)
    ]
    assert lost(records, "tcg") == {}


def test_a_configuration_that_never_works_is_tried_three_times() -> None:
    def failing(blocks: int) -> list[Record]:
        return [
            Record(Trial("7.2", "cpu", name, block, 0), "ok" if name == "good" else "timeout", value=1.0)
            for name in ("good", "bad", "tcg")
            for block in range(blocks)
        ]

    assert lost(failing(2), "tcg") == {}
    assert lost(failing(3), "tcg") == {Cell("7.2", "cpu", "bad"): "failed in all of 3 trials"}


def test_nothing_is_dropped_before_there_are_runs_to_compare() -> None:
    assert lost([], "tcg") == {}
    assert lost([Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.0)], "tcg") == {}


def test_a_study_is_precise_when_every_interval_is_narrow() -> None:
    rng = np.random.default_rng(9)
    everything = simulate.study({"tcg": 1.0, "x": 1.3, "y": 0.9}, 60, Noise(sigma=0.01), rng)
    width = {}
    for blocks in (5, 20, 60):
        rows = compare([r for r in everything if r.trial.block < blocks], "tcg")
        width[blocks] = max(row.high / row.low - 1 if row.low else math.inf for row in rows)
        assert precise(rows, width[blocks] + 1e-9) == (width[blocks] < math.inf)
        assert not precise(rows, 0.9 * min(width[blocks], 1))
    assert width[5] == math.inf > width[20] > width[60]


def test_precision_ignores_dropped_cells_and_those_that_never_work() -> None:
    records = [
        Record(Trial("7.2", "cpu", name, block, 0), "crashed" if name == "bad" else "ok", value=1.0)
        for name, blocks in {"tcg": 9, "x": 9, "bad": 9, "dropped": 4}.items()
        for block in range(blocks)
    ]
    rows = compare(records, "tcg")
    assert not precise(rows, 0.02)
    assert precise(rows, 0.02, dropped={Cell("7.2", "cpu", "dropped")})
    assert not precise(compare([r for r in records if r.trial.block < 2], "tcg"), 0.02)


@pytest.mark.parametrize("wrong", [{"margin": -0.1}, {"margin": math.inf}, {"confidence": 1.0}])
def test_arguments_outside_their_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DomainError, match=next(iter(wrong))):
        lost([], "tcg", **wrong)
    with pytest.raises(DomainError, match="precision"):
        precise([], 0)
