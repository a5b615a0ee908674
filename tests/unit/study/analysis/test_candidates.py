"""Candidates: who is none and why, and what is known of the others."""

from __future__ import annotations

import numpy as np
import pytest
from support.plans import plan_of
from support.simulate import records_of

from accelkit.study.analysis.candidates import excluded_from, field_of
from accelkit.study.analysis.panel import panel
from accelkit.study.model import Cell
from accelkit.study.standards import Standards

BASE, OTHER, THIRD = "tcg", "tcg,thread=multi", "tcg,tb-size=8,thread=multi"
HERE = Cell("7.2", "cpu", "")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0] * 8 + [None] * 2, None),
        ([1.0] * 7 + [None] * 3, f"3 of 10 trials of {OTHER} failed (crashed 3)"),
        ([None] * 2, f"2 of 2 trials of {OTHER} failed (crashed 2)"),
        ([], None),
    ],
)
def test_those_that_fail_in_more_than_a_fifth_are_none(values: list, reason: str | None) -> None:
    table = panel(records_of({BASE: [1.0] * 10, OTHER: values}))
    expected = {} if reason is None else {OTHER: reason}
    assert excluded_from(plan_of(BASE, OTHER), table, HERE, {}, 0.01) == expected


@pytest.mark.parametrize(("time", "lost"), [(1.2, True), (1.005, False), (0.9, False)])
def test_those_that_were_dropped_are_none_while_they_are_behind(time: float, lost: bool) -> None:
    table = panel(records_of({BASE: [1.0] * 10, OTHER: [time] * 6}))
    excluded = excluded_from(plan_of(BASE, OTHER), table, HERE, {Cell("7.2", "cpu", OTHER): 6}, 0.01)
    assert excluded == (
        {OTHER: "measured rarely since block 7, as it is clearly slower than another"} if lost else {}
    )
    elsewhere = {Cell("7.2", "smp", OTHER): 6}
    assert excluded_from(plan_of(BASE, OTHER), table, HERE, elsewhere, 0.01) == {}


def test_the_field_has_a_row_for_each_candidate_and_counts_changes() -> None:
    table = panel(records_of({BASE: [1.0, 2.0], OTHER: [4.0, None]}))
    points = plan_of(BASE, OTHER, THIRD).configurations
    field = field_of(points, points[0], table, ("7.2", "cpu"), {OTHER}, Standards(), 2)
    assert np.allclose(np.exp(field.logs[:2]), [[1, 2], [4, np.nan]], equal_nan=True)
    assert np.isnan(field.logs[2]).all()  # never tried
    assert field.tried.tolist() == [[True, True], [True, True], [False, False]]
    assert field.changes == (-1, 1, 2)
    assert (field.base, field.given_up) == (0, {1})
    assert field.alpha == pytest.approx(0.025)
