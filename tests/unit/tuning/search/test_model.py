"""The model: fitted as evaluations arrive, the more rarely the more there are, to a bounded number of points."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search import model as module
from accelkit.tuning.search.evaluations import Evaluation, Evaluations
from accelkit.tuning.search.layout import grid
from accelkit.tuning.search.model import Model

LAYOUT = grid(Factors.of({"a": tuple(map(str, range(10))), "b": tuple(map(str, range(10, 20)))}))


def fits(monkeypatch: pytest.MonkeyPatch, blocks: int) -> tuple[int, int, int]:
    """How often the model is fitted in so many blocks, to how many points, and observations, at most."""
    count = points = most = 0
    whole = module.fit

    def counted(factors, codes, values, *rest, **options):
        nonlocal count, points, most
        count, points, most = count + 1, max(points, len(np.unique(codes, axis=0))), max(most, len(values))
        return whole(factors, codes, values, *rest, **options)

    monkeypatch.setattr(module, "fit", counted)
    evaluations, model, rng = Evaluations(), Model(LAYOUT), np.random.default_rng(1)
    for block in range(blocks):
        numbers = rng.integers(0, 100, 8).tolist()
        evaluations.add(Evaluation(number, block, number / 100 + rng.normal(0, 0.1)) for number in numbers)
        model.updated(evaluations)
    return count, points, most


def test_fits_grow_with_the_logarithm_of_the_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fits(monkeypatch, 40)[0] == 40
    assert fits(monkeypatch, 160)[0] < 100


def test_points_and_observations_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_POINTS", 30)
    monkeypatch.setattr(module, "MOST_EVALUATIONS", 200)
    _, points, most = fits(monkeypatch, 60)
    assert points <= 30 + 8
    assert most <= 208


def test_without_a_point_that_worked_there_is_no_surface() -> None:
    evaluations = Evaluations()
    evaluations.add([Evaluation(1, 0, None)])
    assert Model(LAYOUT).updated(evaluations) is None
