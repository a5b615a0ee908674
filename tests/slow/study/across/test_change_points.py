"""The error of change points, simulated: none in noise of any distribution, and a step where it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from support.simulate import at_most

from accelkit.study.across.change_points import change_points

SERIES = 300
Draw = Callable[[np.random.Generator, int], np.ndarray]
NOISE: dict[str, Draw] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "heavy tails": lambda rng, n: rng.standard_t(1.5, n),
    "skewed": lambda rng, n: rng.exponential(1, n) ** 2,
    "two modes": lambda rng, n: rng.normal(5.0 * (rng.random(n) < 0.5), 1),
}


@pytest.mark.parametrize("kind", NOISE)
@pytest.mark.parametrize(("n", "alpha"), [(11, 0.05), (20, 0.05), (20, 0.01), (45, 0.05)])
def test_in_noise_there_is_rarely_a_change(kind: str, n: int, alpha: float) -> None:
    rng = np.random.default_rng(n)
    found = sum(bool(change_points(NOISE[kind](rng, n), alpha)) for _ in range(SERIES))
    assert found / SERIES <= at_most(alpha, SERIES)


@pytest.mark.parametrize("kind", ["normal", "heavy tails"])
def test_a_step_is_found_about_where_it_is(kind: str) -> None:
    rng = np.random.default_rng(1)
    places = []
    for _ in range(100):
        values = NOISE[kind](rng, 24)
        values[14:] += 4
        places.append(change_points(values, 0.05))
    near = sum(len(found) == 1 and abs(found[0] - 14) <= 1 for found in places)
    assert near >= 75
