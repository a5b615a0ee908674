"""The pick: both parts of a tuning say together which point is the best."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.layout import grid
from accelkit.tuning.search.picking import pick_of
from accelkit.tuning.search.search import Search


@pytest.fixture
def search() -> Search:
    search = Search(grid(Factors.of({"a": "wxyz"})), baseline=0, budget=100)
    rng = np.random.default_rng(1)
    for block in range(4):
        search.tell(Evaluation(p, block, [0.3, 0.1, 0.11, 0.4][p] + rng.normal(0, 0.02)) for p in range(4))
    return search


def test_confirming_trials_may_turn_the_pick(search: Search) -> None:
    rng, told = np.random.default_rng(2), len(search.evaluations)
    blocks = [(p, block, [0.3, 0.1, 0.07][p] + rng.normal(0, 0.02)) for block in range(20) for p in (0, 1, 2)]
    assert pick_of(search, [Evaluation(*row) for row in blocks]) == 2
    assert len(search.evaluations) == told


def test_what_fails_when_it_is_confirmed_is_not_picked(search: Search) -> None:
    blocks = [(p, block, None if p == search.incumbent else 0.2) for block in range(12) for p in (0, 1, 2)]
    assert pick_of(search, [Evaluation(*row) for row in blocks]) != search.incumbent


def test_without_confirming_trials_the_incumbent_is_picked(search: Search) -> None:
    assert pick_of(search, []) == search.incumbent
