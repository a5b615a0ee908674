"""Kernels: centred, of variance 1, smooth where levels are ordered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.analysis.surface.factors import Factors
from accelkit.study.analysis.surface.kernels import MOST_PAIRS, REST, SHARED, Kernels, same

SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=8)


def factors_of(sizes: list[int]) -> Factors:
    return Factors.of({f"f{place}": [str(2**k) for k in range(size)] for place, size in enumerate(sizes)})


@given(SIZES)
def test_effects_of_each_component_add_up_to_nothing_and_have_the_variance_1(sizes: list[int]) -> None:
    kernels = Kernels(factors_of(sizes))
    for kernel in [*kernels.plain, *(part for part in kernels.smooth if part is not None)]:
        assert np.allclose(kernel.sum(axis=0), 0)
        assert np.isclose(np.trace(kernel) / len(kernel), 1 if len(kernel) > 1 else 0)
        assert np.linalg.eigvalsh(kernel).min() > -1e-9


@given(SIZES)
def test_there_is_a_kernel_for_each_name_but_the_rest(sizes: list[int]) -> None:
    kernels = Kernels(factors_of(sizes))
    codes = np.zeros((3, len(sizes)), dtype=np.int64)
    parts = kernels.between(codes, codes[:2])
    assert parts.shape == (len(kernels.names) - 1, 3, 2)
    assert kernels.names[-1] == REST
    assert (SHARED in kernels.names) == (len(kernels.factors.pairs) > MOST_PAIRS)


def test_neighbours_of_ordered_levels_are_more_alike_than_the_ends() -> None:
    (smooth,) = Kernels(Factors.of({"tb-size": ("8", "16", "32", "64")})).smooth
    assert smooth is not None
    assert smooth[1, 2] > smooth[0, 3]


def test_the_mean_over_a_factor_has_no_effect_of_it_and_no_rest() -> None:
    kernels = Kernels(factors_of([3, 2]))
    mean, point = np.array([[-1, 1]]), np.array([[2, 1]])
    parts = dict(zip(kernels.names, kernels.between(mean, point)[:, 0, 0], strict=False))
    assert parts["f0"] == parts["f0", "f1"] == 0
    assert parts["f1"] > 0
    assert same(mean, mean).tolist() == [[0]]
    assert same(point, point).tolist() == [[1]]


@pytest.mark.parametrize("sizes", [[2] * 7])
def test_a_shared_pair_kernel_is_the_mean_of_those_of_all_pairs(sizes: list[int]) -> None:
    kernels = Kernels(factors_of(sizes))
    codes = np.random.default_rng(1).integers(0, 2, (4, 7))
    mixed = [kernel[column[:, None], column] for kernel, column in zip(kernels.mixed, codes.T, strict=True)]
    mean = np.mean([mixed[one] * mixed[other] for one, other in kernels.factors.pairs], axis=0)
    shared = kernels.between(codes, codes)[kernels.pair_place(0)]
    assert np.allclose(shared, mean)
