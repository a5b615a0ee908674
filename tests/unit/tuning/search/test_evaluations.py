"""Evaluations: each counts once; what fails too often; the chance of points like those that failed."""

from __future__ import annotations

import numpy as np

from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search.evaluations import Chances, Evaluation, Evaluations
from accelkit.tuning.search.layout import grid

LAYOUT = grid(Factors.of({"a": "xyz", "b": "xy"}))


def told(*rows: tuple[int, int, float | None]) -> Evaluations:
    evaluations = Evaluations()
    evaluations.add(Evaluation(*row) for row in rows)
    return evaluations


def test_what_is_told_again_counts_once() -> None:
    evaluations = told((1, 0, 0.5), (1, 0, 0.5), (1, 1, 0.6), (2, 0, None))
    assert len(evaluations) == 3
    assert evaluations.worked == [(1, 0, 0.5), (1, 1, 0.6)]
    assert evaluations.tried == {1, 2}


def test_one_failure_in_many_trials_is_forgiven_and_two_of_few_are_not() -> None:
    once = told(
        (1, 0, None),
        (2, 0, None),
        (2, 1, None),
        *((3, block, 0.1) for block in range(8)),
        (3, 8, None),
        (3, 9, None),
    )
    assert once.failing == {2: "failed in 2 of 2 trials"}


def test_a_level_with_which_most_trials_failed_is_rarely_tried() -> None:
    evaluations = told(
        *((point, block, None) for block in range(5) for point in (0, 1)),
        (2, 0, 0.1),
        (4, 0, 0.1),
        (5, 0, 0.1),
    )
    chances, rng = Chances(LAYOUT, evaluations), np.random.default_rng(1)
    kept = [chances.kept(range(6), rng) for _ in range(1000)]
    assert sum(0 in block or 1 in block for block in kept) < 150
    assert sum(5 in block for block in kept) > 100


def test_without_failures_all_points_are_kept() -> None:
    assert Chances(LAYOUT, told((0, 0, 0.1))).kept([0, 5], np.random.default_rng(1)) == [0, 5]
