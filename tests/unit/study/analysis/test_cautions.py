"""Cautions: each is told when there is reason for it, and not on a host without fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY, HOSTS, QUIET, Noise

from accelkit.host.identity import Host
from accelkit.study.analysis.cautions import DOUBTS, cautions
from accelkit.study.model import Record

HERE = Host("here", "0", "Linux", "a CPU", cpus=2)
TRUTH = {"tcg": 1.0, "x": 1.1, "y": 0.9}


def records(noise=QUIET, blocks: int = 20, seed: int = 1, **options) -> list[Record]:
    return simulate.study(TRUTH, blocks, noise, np.random.default_rng(seed), **options)


def kinds(some: list[Record], host: Host = HERE) -> list[str]:
    found = cautions(some, host)
    for caution in found:
        assert caution.observation
        assert caution.remedy
    return [caution.kind for caution in found]


def only(some: list[Record], host: Host = HERE) -> str:
    (caution,) = cautions(some, host)
    return caution.observation


def test_a_quiet_study_gives_none() -> None:
    assert kinds(records()) == []
    assert cautions([], HERE) == ()


@pytest.mark.parametrize("host", ["noisy", "heavy tails", "busy", "very busy", "bursts", "outliers"])
def test_noise_is_neither_drift_nor_a_slow_start_nor_two_modes(host: str) -> None:
    found = [kind for seed in range(60) for kind in kinds(records(HOSTS[host], seed=seed))]
    assert len(found) - found.count("two modes") <= 2, found
    # Where half of the runs are disturbed, or a tenth take ten times as long, there may well be two kinds.
    assert host not in {"noisy", "heavy tails"} or found.count("two modes") <= 2


@pytest.mark.parametrize(("blocks", "said"), [(1, "1 block"), (8, "8 blocks"), (19, "19 blocks"), (20, "")])
def test_too_few_blocks(blocks: int, said: str) -> None:
    found = cautions(records(blocks=blocks), HERE)
    assert [caution.observation for caution in found] == ([said] if said else [])
    assert [caution.kind for caution in found] == (["too few blocks"] if said else [])


def test_a_busy_host_is_one_where_others_work() -> None:
    own = [replace(record, load=1.3) for record in records()]
    assert kinds(own) == []
    busy = [replace(record, load=7.0) for record in own]
    assert only(busy) == "other work kept about 6.0 of 2 CPUs busy (load average 7.0)"
    assert kinds(busy, replace(HERE, cpus=64)) == []
    two_cpus = [replace(record, load=2.2, user=2 * record.wall) for record in own]
    assert kinds(two_cpus) == []


def test_steal_time() -> None:
    assert kinds([replace(record, steal=0.004) for record in records()]) == []
    assert only([replace(record, steal=0.08) for record in records()]).startswith("8.0% of CPU time")


@pytest.mark.parametrize("governor", ["powersave", "schedutil", "ondemand", "conservative"])
def test_frequency_scaling(governor: str) -> None:
    assert only(records(), replace(HERE, governor=governor)) == f"the governor is {governor}"
    assert kinds(records(), replace(HERE, governor="performance")) == []


@pytest.mark.parametrize(("drift", "said"), [(0.1, "11% slower"), (-0.2, "22% faster")])
def test_drift_is_seen_whatever_the_configurations_take(drift: float, said: str) -> None:
    (caution,) = [c for c in cautions(records(Noise(drift=drift)), HERE) if c.kind != "first run slow"]
    assert caution.kind == "drift"
    assert caution.observation.endswith(said.split()[1])
    assert abs(int(caution.observation.split("%")[0].rsplit(" ", 1)[1]) - int(said.split("%", maxsplit=1)[0])) <= 2


def test_a_little_drift_is_not_worth_a_word() -> None:
    assert kinds(records(Noise(sigma=0.001, drift=0.01))) == []


def test_first_run_slow() -> None:
    cold = [
        replace(record, value=(record.value or 0) * (1.3 if record.trial.block == 0 else 1))
        for record in records()
    ]
    assert "first block took" in only(cold)
    later = [
        replace(record, value=(record.value or 0) * (1.3 if record.trial.block == 9 else 1))
        for record in records()
    ]
    assert kinds(later) == []


def test_two_modes() -> None:
    rng = np.random.default_rng(2)
    two = [
        replace(record, value=(record.value or 0) * (1.2 if rng.random() < 0.4 else 1))
        for record in records(Noise(sigma=0.005), blocks=30)
    ]
    (caution,) = cautions(two, HERE)
    assert caution.kind == "two modes"
    assert "1.2 times as long" in caution.observation


def test_failures_are_counted_by_cause_with_their_words() -> None:
    broken = [
        replace(record, cause="timeout", value=None, why="no end in 60 s")
        if record.trial.configuration == "x" and record.trial.block < 3
        else record
        for record in records()
    ]
    assert only(broken) == "3 of 60 trials failed (timeout 3), most of them with x on cpu: no end in 60 s"


def test_the_words_of_failures_are_of_those_that_failed_most() -> None:
    some = records()
    lone = replace(some[0], cause="refused", value=None, why="one word")
    cell = next(r.trial.cell for r in some if r.trial.cell != lone.trial.cell)
    others = [
        replace(r, cause="timeout", value=None, why="another") if r.trial.cell == cell else r
        for r in some[1:]
    ]
    (caution,) = (c for c in cautions([lone, *others], HERE) if c.kind == "failures")
    assert caution.observation.endswith(f"most of them with {cell.configuration} on {cell.guest}: another")


def test_nothing_but_failures_is_told_as_such() -> None:
    broken = [replace(record, cause="crashed", value=None) for record in records()]
    assert kinds(broken) == ["failures"]


def test_holes_are_no_trouble() -> None:
    rng = np.random.default_rng(3)
    holes = [record for record in records(BUSY) if rng.random() < 0.7]
    assert set(kinds(holes)) <= {"two modes"}


def test_each_doubt_says_what_it_looks_for() -> None:
    assert len(DOUBTS) == 8
    assert all(doubt.__doc__ for doubt in DOUBTS)
