"""A series over stores: levels, changes with what changed there, and the newest store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.stores import BARN, BEGUN, BOX

from accelkit.study.across.circumstances import Circumstances
from accelkit.study.across.moments import Key, Moment, Value
from accelkit.study.across.series import series_of
from accelkit.study.across.unpaired import Median
from accelkit.study.model import Build

KEY = Key("cpu", "tcg", "")
FLAT = [0.0, 0.01, -0.01, 0.005, -0.005, 0.002, -0.002, 0.008]


def moments(values: Sequence[float]) -> list[Moment]:
    qemu = Build("7.2", ("qemu",), "7.2.22")
    return [
        Moment(
            f"{place}.sqlite", str(place), BEGUN + place, Circumstances((BOX if place < 6 else BARN,), (qemu,), ("0.2.0",)),
            {KEY: Value(Median(value, value - 0.01, value + 0.01, 20, 20), None, "w")}, "tcg",
        )
        for place, value in enumerate(values)
    ]  # fmt: skip


def test_a_change_says_where_by_how_much_and_what_changed() -> None:
    values = [*FLAT[:6], *(0.2 + value for value in FLAT[:6])]
    series = series_of(KEY, "time", moments(values), range(12), 0.05, 0.01)
    (change,) = series.changes
    assert (change.place, change.before, change.after) == (6, "5", "6")
    assert change.low < math.exp(0.2) < change.high
    assert {found.what for found in change.differences} == {"host", "kernel", "CPU", "frequency governor"}
    assert [(first, last) for first, last, _ in series.levels] == [(0, 5), (6, 11)]


@pytest.mark.parametrize(("value", "verdict"), [(0.2, "slower"), (-0.2, "faster"), (0.012, "undecided")])
def test_the_newest_is_beside_the_level_before(value: float, verdict: str) -> None:
    series = series_of(KEY, "time", moments([*FLAT, value]), range(9), 0.05, 0.01)
    assert series.newest is not None
    assert series.newest.verdict == verdict
    assert bool(series.newest.why) == (verdict == "undecided")


def test_the_interval_of_the_newest_is_that_of_students_t() -> None:
    series = series_of(KEY, "time", moments([-0.01, 0.0, 0.01, 0.0]), range(4), 0.05, 0.01)
    assert series.newest is not None
    assert math.log(series.newest.high) == pytest.approx(4.3027 * 0.01 * math.sqrt(4 / 3), rel=1e-4)


def test_of_few_stores_the_newest_is_not_judged() -> None:
    assert series_of(KEY, "time", moments(FLAT[:3]), range(3), 0.05, 0.01).newest is None
    gone = moments(FLAT)
    gone[-1] = replace(gone[-1], values={}, fails=frozenset({KEY}))
    series = series_of(KEY, "time", gone, range(7), 0.05, 0.01)
    assert (series.newest, series.fails) == (None, True)
