"""Tables: what they say at points, and how low single levels lead."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.analysis.surface.tables import Tables

SIZES = (4, 3, 2)
ALL = np.array(np.unravel_index(np.arange(24), SIZES)).T


def tables(seed: int, count: int = 3) -> Tables:
    rng = np.random.default_rng(seed)
    pairs = {
        (one, other): rng.standard_normal((SIZES[one], SIZES[other], count))
        for one, other in ((0, 1), (0, 2), (1, 2))
    }
    return Tables(rng.standard_normal(count), [rng.standard_normal((size, count)) for size in SIZES], pairs)


@given(st.integers(0, 200))
def test_no_single_level_leads_lower(seed: int) -> None:
    functions = np.arange(3)
    some = tables(seed)
    lowest = some.lowest(ALL[[0, 7, 23]], functions, sweeps=20)
    for function, point in enumerate(lowest):
        value = some.at(point[None])[0, function]
        for place, size in enumerate(SIZES):
            around = np.repeat(point[None], size, axis=0)
            around[:, place] = np.arange(size)
            assert some.at(around)[:, function].min() >= value - 1e-12


def test_a_sum_is_the_sum_at_each_point() -> None:
    one, other = tables(1), tables(2)
    assert np.allclose(one.plus(other).at(ALL), one.at(ALL) + other.at(ALL))
