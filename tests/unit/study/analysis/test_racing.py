"""Races whose truth is known: losers are dropped early, the baseline and near rivals never."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import simulate
from support.simulate import QUIET, Noise, race, records_of

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.racing import Loss, lost, precise
from accelkit.study.model import Cell, Record, Trial


def test_clear_losers_are_dropped_after_seven_blocks() -> None:
    rng = np.random.default_rng(3)
    truth = {"tcg": 1.0, **{f"good{i}": 0.99 for i in range(7)}, "bad": 1.1, "worse": 2.0}
    kept, drops = race(truth, 20, QUIET, rng)
    assert drops.now == {Cell("7.2", "cpu", "bad"): 7, Cell("7.2", "cpu", "worse"): 7}
    assert 20 * 8 + 7 * 2 < len(kept) <= 20 * 8 + 7 * 2 + 2 * 3


def test_of_forty_configurations_with_five_guests_losers_are_dropped_after_ten() -> None:
    rng = np.random.default_rng(4)
    truth = {"tcg": 1.0, **{f"good{i}": 0.95 + i / 1000 for i in range(4)}}
    truth |= {f"slow{i}": 1.05 + i / 30 for i in range(35)}
    kept, drops = race(truth, 20, QUIET, rng, guests=("a", "b", "c", "d", "e"))
    assert np.median(list(drops.now.values())) == 10
    assert 170 <= len(drops.now) <= 175
    assert len(kept) < 2700


def test_of_two_hundred_configurations_the_first_losers_are_dropped_after_seven_blocks() -> None:
    """The evidence against a loser is shared by all that beat it; the odds of each pair alone would need 15."""
    rng = np.random.default_rng(4)
    truth = {"tcg": 1.0, **{f"slow{i}": 1.05 + i / 30 for i in range(199)}}
    _, drops = race(truth, 12, QUIET, rng)
    assert min(drops.now.values()) == 7
    assert np.median(list(drops.now.values())) <= 9


def test_a_single_rival_that_is_faster_needs_the_odds_of_all() -> None:
    rng = np.random.default_rng(4)
    truth = {"tcg": 1.0, "best": 0.9, **{f"same{i}": 1.0 for i in range(38)}}
    _, drops = race(truth, 16, Noise(sigma=0.0003), rng)
    assert set(drops.now.values()) == {13}
    assert len(drops.now) >= 36


def test_a_busy_host_drops_losers_later() -> None:
    rng = np.random.default_rng(5)
    truth = {"tcg": 1.0, "good": 0.9, "worse": 2.0}
    _, drops = race(truth, 60, Noise(reach=0.4, slowdown=0.4), rng)
    assert 8 <= drops.now[Cell("7.2", "cpu", "worse")] <= 40


def test_the_baseline_is_never_dropped() -> None:
    rng = np.random.default_rng(6)
    _, drops = race({"tcg": 3.0, "best": 1.0, "bad": 3.1}, 15, QUIET, rng)
    assert set(drops.now) == {Cell("7.2", "cpu", "bad")}


def test_a_loser_with_one_guest_stays_with_the_others() -> None:
    times = {
        ("smp", "multi"): 0.5,
        ("smp", "single"): 1.0,
        ("smplock", "multi"): 5.0,
        ("smplock", "single"): 1.0,
    }
    records = [
        Record(Trial("7.2", guest, name, block, 0), "ok", value=time + block * 7 % 12 / 1e6)
        for (guest, name), time in times.items()
        for block in range(12)
    ]
    assert lost(records, "single") == {
        Cell("7.2", "smplock", "multi"): Loss("slower than single in 12 of 12 blocks"),
    }


def test_a_configuration_within_the_margin_is_kept() -> None:
    rng = np.random.default_rng(7)
    _, drops = race({"tcg": 1.0, "near": 1.008}, 100, Noise(sigma=0.001), rng)
    assert not drops.now
    _, drops = race({"tcg": 1.0, "near": 1.008}, 100, Noise(sigma=0.001), rng, margin=0.0)
    assert drops.now


def with_a_lucky_run(blocks: int) -> dict[Cell, Loss]:
    others = [1.3 + block * 7 % 20 / 1000 for block in range(1, blocks)]
    return lost(records_of({"tcg": [1.0] * blocks, "multi": [0.5, *others]}), "tcg")


def test_a_lucky_run_counts_only_where_blocks_are_few() -> None:
    """With 11 of 11 but for the one the fastest runs must agree; a run of 20 must not spoil what 19 say."""
    assert with_a_lucky_run(11) == {}
    assert with_a_lucky_run(20) == {Cell("7.2", "cpu", "multi"): Loss("slower than tcg in 19 of 20 blocks")}


@pytest.mark.parametrize("busy", [8, 9])
def test_what_is_best_but_for_its_first_busy_blocks_returns_at_its_first_retry(busy: int) -> None:
    truth = {"tcg": 1.0, "bad": 1.2, "best": 0.8}
    values = {name: [time] * 60 for name, time in truth.items()}
    values["best"][:busy] = [2.0] * busy
    kept, drops = race(truth, 60, QUIET, np.random.default_rng(1), values=values)
    assert drops.steps[Cell("7.2", "cpu", "best")][0] == (7, 8)
    assert drops.now.keys() == {Cell("7.2", "cpu", "bad")}
    blocks = [record.trial.block for record in kept if record.trial.configuration == "best"]
    assert blocks[:7] == list(range(7))
    assert len(blocks) >= 60 - 16
    assert blocks[-20:] == list(range(40, 60))


def test_blocks_that_are_like_their_neighbours_are_less_evidence() -> None:
    """Ten blocks of one bad hour are not ten losses, once the hour can be told from the rest."""
    steady = records_of({"tcg": [1.0] * 20, "x": [1.1, 1.2] * 10})
    assert set(lost(steady, "tcg")) == {Cell("7.2", "cpu", "x")}
    hour = [1.3 + block / 100 for block in range(16)] + [0.9 - block / 100 for block in range(4)]
    assert lost(records_of({"tcg": [1.0] * 20, "x": hour}), "tcg") == {}


def test_a_configuration_that_never_works_is_tried_three_times() -> None:
    def failing(blocks: int) -> list[Record]:
        return [
            Record(Trial("7.2", "cpu", name, block, 0), "ok" if name == "good" else "timeout", value=1.0)
            for name in ("good", "bad", "tcg")
            for block in range(blocks)
        ]

    assert lost(failing(2), "tcg") == {}
    assert lost(failing(3), "tcg") == {Cell("7.2", "cpu", "bad"): Loss("failed in all of 3 trials", 8)}
    assert lost(failing(4), "tcg") == {Cell("7.2", "cpu", "bad"): Loss("failed in all of 4 trials", 16)}
    working = [*failing(4), Record(Trial("7.2", "cpu", "bad", 4, 0), "ok", value=1.0)]
    assert lost(working, "tcg") == {}


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
