"""Cautions: reported when there is a reason, and not on a quiet host."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY, QUIET, Noise

from accelkit.host.identity import Host
from accelkit.study.analysis.cautions import DOUBTS, cautions
from accelkit.study.model import Damage, Record

HOST = Host("box", "0", "Linux", "a CPU", cpus=2)
TRUTH = {"tcg": 1.0, "x": 1.1, "y": 0.9}


def records(noise=QUIET, blocks: int = 20, seed: int = 1, **options) -> list[Record]:
    return simulate.study(TRUTH, blocks, noise, np.random.default_rng(seed), **options)


def kinds(study: list[Record], host: Host = HOST) -> list[str]:
    reasons = cautions(study, host)
    for caution in reasons:
        assert caution.observation
        assert caution.remedy
    return [caution.kind for caution in reasons]


def only(study: list[Record], host: Host = HOST) -> str:
    (caution,) = cautions(study, host)
    return caution.observation


def test_a_quiet_study_has_no_cautions() -> None:
    assert kinds(records()) == []
    assert cautions([], HOST) == ()


@pytest.mark.parametrize(
    ("blocks", "observation"), [(1, "1 block"), (8, "8 blocks"), (19, "19 blocks"), (20, "")]
)
def test_too_few_blocks(blocks: int, observation: str) -> None:
    reasons = cautions(records(blocks=blocks), HOST)
    said = f"{observation} may leave a difference of a few percent undecided"
    assert [caution.observation for caution in reasons] == ([said] if observation else [])
    assert [caution.kind for caution in reasons] == (["too few blocks"] if observation else [])


def test_a_busy_host_is_one_with_other_work() -> None:
    own = [replace(record, load=1.3) for record in records()]
    assert kinds(own) == []
    busy = [replace(record, load=7.0) for record in own]
    assert only(busy) == "other work kept about 6.0 of 2 CPUs busy (load average 7.0)"
    assert kinds(busy, replace(HOST, cpus=64)) == []
    two_cpus = [replace(record, load=2.2, user=2 * record.wall) for record in own]
    assert kinds(two_cpus) == []


def test_steal_time() -> None:
    assert kinds([replace(record, steal=0.004) for record in records()]) == []
    assert only([replace(record, steal=0.08) for record in records()]).startswith("8.0% of CPU time")


@pytest.mark.parametrize("governor", ["powersave", "schedutil", "ondemand", "conservative"])
def test_frequency_scaling(governor: str) -> None:
    assert only(records(), replace(HOST, governor=governor)) == f"the governor is {governor}"
    assert kinds(records(), replace(HOST, governor="performance")) == []


@pytest.mark.parametrize(("drift", "size"), [(0.1, "11% slower"), (-0.2, "22% faster")])
def test_drift_is_detected_whatever_the_configurations_take(drift: float, size: str) -> None:
    (caution,) = [c for c in cautions(records(Noise(drift=drift)), HOST) if c.kind != "first run slow"]
    assert caution.kind == "drift"
    assert caution.observation.endswith(size.split()[1])
    assert (
        abs(int(caution.observation.split("%")[0].rsplit(" ", 1)[1]) - int(size.split("%", maxsplit=1)[0]))
        <= 2
    )


def test_a_little_drift_is_not_reported() -> None:
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
    (caution,) = cautions(two, HOST)
    assert caution.kind == "two modes"
    assert "1.2 times as long" in caution.observation


def test_failures_are_counted_by_cause_with_the_reason() -> None:
    broken = [
        replace(record, cause="timeout", value=None, why="no end in 60 s")
        if record.trial.configuration == "x" and record.trial.block < 3
        else record
        for record in records()
    ]
    assert only(broken) == "3 of 60 trials failed (timeout 3), most of them with x on cpu: no end in 60 s"


def test_the_reason_is_that_of_the_cell_that_failed_most() -> None:
    study = records()
    lone = replace(study[0], cause="refused", value=None, why="a rare reason")
    cell = next(r.trial.cell for r in study if r.trial.cell != lone.trial.cell)
    others = [
        replace(r, cause="timeout", value=None, why="a frequent reason") if r.trial.cell == cell else r
        for r in study[1:]
    ]
    (caution,) = (c for c in cautions([lone, *others], HOST) if c.kind == "failures")
    assert caution.observation.endswith(
        f"most of them with {cell.configuration} on {cell.guest}: a frequent reason"
    )


def test_a_study_of_failures_alone_has_only_that_caution() -> None:
    broken = [replace(record, cause="crashed", value=None) for record in records()]
    assert kinds(broken) == ["failures"]


def test_missing_records_cause_no_error() -> None:
    rng = np.random.default_rng(3)
    holes = [record for record in records(BUSY) if rng.random() < 0.7]
    assert set(kinds(holes)) <= {"two modes"}


def test_every_function_documents_what_it_detects() -> None:
    assert len(DOUBTS) == 11
    assert all(doubt.__doc__ for doubt in DOUBTS)


def test_damage_of_the_store_is_a_caution_even_without_records() -> None:
    host = Host("h", "0", "Linux", "a CPU", 2)
    damage = [Damage(f"trial {number}", "its checksum does not match") for number in range(1, 8)]
    assert cautions([], host) == ()
    (caution,) = cautions([], host, damage)
    assert caution.kind == "damaged store"
    assert caution.observation.endswith("trial 5: its checksum does not match; and 2 more")
