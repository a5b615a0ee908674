"""Comparisons: what is paired with what, and that neither order nor units nor missing blocks matter."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY, QUIET, records_of

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import compare, compare_builds


def test_runs_are_compared_by_their_fastest_slice() -> None:
    rng = np.random.default_rng(9)
    sliced = simulate.study({"tcg": 1.0, "x": 0.9}, 20, QUIET, rng, slices=50)
    assert all(record.value == min(record.slices) for record in sliced)
    (row,) = compare(sliced, "tcg")
    assert row.verdict == "faster"
    assert abs(row.ratio - 0.9) < 0.01


def test_without_records_there_are_no_comparisons() -> None:
    assert compare([], "tcg") == () == compare_builds([], "7.2")
    assert compare(records_of({"tcg": [1.0]}), "tcg") == ()


@pytest.mark.parametrize("wrong", [{"delta": 0}, {"delta": 1}, {"confidence": 0}, {"confidence": 1.0}])
def test_arguments_outside_their_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DomainError, match=next(iter(wrong))):
        compare([], "tcg", **wrong)


def test_pairs_are_within_one_build_and_guest() -> None:
    rng = np.random.default_rng(13)
    everything = simulate.study(
        {"tcg": 1.0, "x": 1.1}, 20, QUIET, rng, guests=("cpu", "smp"), builds={"7.2": 1.0, "11.1": 2.0}
    )
    rows = compare(everything, "tcg")
    assert [row.cell[:2] for row in rows] == [
        ("11.1", "cpu"),
        ("11.1", "smp"),
        ("7.2", "cpu"),
        ("7.2", "smp"),
    ]
    assert all(row.verdict == "slower" and abs(row.ratio - 1.1) < 0.01 for row in rows)
    rows = compare_builds(everything, "7.2")
    assert [(row.build, row.guest, row.configuration, row.baseline) for row in rows] == [
        ("11.1", guest, name, "7.2") for guest in ("cpu", "smp") for name in ("tcg", "x")
    ]
    assert all(row.verdict == "slower" and abs(row.ratio - 2.0) < 0.02 for row in rows)


def test_the_order_of_the_records_does_not_matter() -> None:
    rng = np.random.default_rng(14)
    everything = simulate.study({"tcg": 1.0, "x": 1.1, "y": 0.9}, 20, BUSY, rng)
    shuffled = random.Random(1).sample(everything, len(everything))
    assert compare(everything, "tcg") == compare(shuffled, "tcg")


def test_ratios_do_not_depend_on_the_unit() -> None:
    rng = np.random.default_rng(15)
    ticks = simulate.study({"tcg": 1.0, "x": 1.1}, 20, BUSY, rng)
    seconds = [replace(record, value=(record.value or 0) / 1e9, unit="s") for record in ticks]
    (one,), (other,) = compare(ticks, "tcg"), compare(seconds, "tcg")
    assert one.verdict == other.verdict
    assert one.ratio == pytest.approx(other.ratio)
