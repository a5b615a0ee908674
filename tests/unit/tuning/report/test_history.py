"""How a search went: its incumbent after ever more trials, and each point once."""

from __future__ import annotations

import math

from accelkit.study.model import Record, Trial
from accelkit.study.searched import Terms
from accelkit.tuning.report.history import MOST_STEPS, history

TERMS = Terms("", 3, {"smp": 1.0}, {"time": 1.0})


def records(values: dict[str, list[float | None]]) -> list[Record]:
    """Values of each point by block; NaN where it was not tried, None where it failed."""
    return [
        Record(Trial("7.2", "smp", name, block, 0), "ok" if value else "crashed", value=value)
        for name, column in values.items()
        for block, value in enumerate(column)
        if value is None or not math.isnan(value)
    ]


def test_an_incumbent_was_measured_twice_as_soon_as_any_point_was() -> None:
    """The lucky point of the third block is none: it ran once."""
    nan = math.nan
    found = history(
        records({"base": [2.0, 2.0, 2.0], "good": [1.5, 1.5, 1.5], "lucky": [nan, nan, 1.0]}), TERMS, "base"
    )
    assert [(step.trials, step.name, round(step.ratio, 3)) for step in found.steps] == [
        (2, "good", 0.75), (4, "good", 0.75), (7, "good", 0.75),
    ]  # fmt: skip
    assert {row.name: (row.trials, round(row.ratio, 3)) for row in found.tried} == {
        "base": (2, 1.0), "good": (2, 0.75), "lucky": (7, 0.5),
    }  # fmt: skip
    assert found.trials == 7


def test_points_that_fail_are_left_out_and_their_trials_are_counted() -> None:
    found = history(records({"base": [2.0, 2.0], "bad": [1.0, None]}), TERMS, "base")
    assert {step.name for step in found.steps} == {"base"}
    assert found.steps[-1].trials == 4


def test_without_the_baseline_there_is_nothing_to_compare_with() -> None:
    found = history(records({"good": [1.5, 1.5]}), TERMS, "base")
    assert (found.steps, found.tried, found.trials) == ((), (), 2)
    assert history([], TERMS, "base").steps == ()


def test_of_many_blocks_the_incumbent_is_asked_for_evenly() -> None:
    found = history(records({"base": [2.0] * 500, "good": [1.5] * 500}), TERMS, "base")
    assert len(found.steps) == MOST_STEPS
    assert (found.steps[0].trials, found.steps[-1].trials) == (2, 1000)
