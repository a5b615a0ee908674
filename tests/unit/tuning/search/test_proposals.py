"""Candidates: the points that may be the best, in a list and in a space that is too large for one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.surfaces import surface as surface_of

from accelkit.study.analysis.surface import Factors, fit
from accelkit.tuning.search.layout import grid
from accelkit.tuning.search.proposals import MOST_DRAWN, candidates


@pytest.mark.parametrize("sizes", [(5, 5, 4, 2), (9, 8, 7, 6), (10,) * 8])
def test_the_best_candidates_are_near_the_best_of_the_truth(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    truth = surface_of(sizes, rng, pair=0.0, rest=0.0)
    layout = grid(
        Factors.of({f"f{place}": tuple(f"x{k}" for k in range(size)) for place, size in enumerate(sizes)})
    )
    numbers = rng.integers(0, layout.size, 160).tolist()
    values = truth.values(numbers) + 0.01 * rng.standard_normal(160)
    surface = fit(layout.factors, layout.codes(numbers), values, np.arange(160) // 8)
    best = int(np.argmin(values))
    found = candidates(
        layout,
        surface,
        list(dict.fromkeys(numbers)),
        [7],
        lambda some: [number for number in some if number != numbers[best]],
        rng,
    )
    assert numbers[best] not in found.numbers
    assert found.values.shape == (len(found.numbers), 64)
    assert len(found.numbers) <= max(MOST_DRAWN, 1200)
    assert len(set(found.numbers)) == len(found.numbers)
    assert 7 in found.numbers
    assert found.ranked[0] in found.best
    middle = float(np.median(truth.values(rng.integers(0, layout.size, 400))))
    gains = [truth.best - middle, float(np.median(truth.values(found.best))) - middle]
    assert gains[1] < 0.8 * gains[0]
    assert math.isfinite(found.values.sum())
