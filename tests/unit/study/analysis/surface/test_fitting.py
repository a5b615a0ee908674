"""Fits: what is exactly additive is found exactly; the order says nothing, nor does a block's level."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit import DomainError
from accelkit.study.analysis.surface import Factors, fit

FACTORS = Factors.of({"a": tuple("vwxyz"), "b": ("1", "2", "4", "8"), "c": ("on", "off")})
ALL = np.array(np.unravel_index(np.arange(40), FACTORS.sizes)).T
MAINS = [np.array([0, 0.3, 0.1, -0.2, 0.4]), np.array([0.5, 0.2, 0.1, 0.15]), np.array([0, 0.05])]
ADDITIVE = sum(main[column] for main, column in zip(MAINS, ALL.T, strict=True)) + 16.0


def test_what_is_additive_is_predicted_where_nothing_was_measured() -> None:
    rng = np.random.default_rng(1)
    some = rng.permutation(40)[:24]
    surface = fit(FACTORS, ALL[some], ADDITIVE[some], np.arange(24) // 8)
    error = surface.means(ALL) - ADDITIVE
    assert np.abs(error - error.mean()).max() < 0.01
    assert abs(error.mean()) < 0.01


def observations(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 40, 120)
    return ALL[numbers], ADDITIVE[numbers] + 0.03 * rng.standard_normal(120), np.arange(120) // 8


@pytest.mark.parametrize("seed", range(3))
def test_the_order_says_nothing(seed: int) -> None:
    codes, values, blocks = observations(seed)
    order = np.random.default_rng(seed).permutation(120)
    one, other = fit(FACTORS, codes, values, blocks), fit(FACTORS, codes[order], values[order], blocks[order])
    assert np.allclose(one.means(ALL), other.means(ALL), atol=1e-6)


def test_numbers_of_blocks_say_nothing() -> None:
    codes, values, blocks = observations(1)
    one, other = fit(FACTORS, codes, values, blocks), fit(FACTORS, codes, values, -7 * blocks)
    assert np.allclose(one.means(ALL), other.means(ALL), atol=1e-6)


def test_a_block_that_is_slower_as_a_whole_changes_no_ratio() -> None:
    codes, values, blocks = observations(2)
    shifts = np.random.default_rng(1).normal(0, 0.5, 15)
    level = fit(FACTORS, codes, values + shifts[blocks], blocks).means(ALL)
    more = fit(FACTORS, codes, values + 2 * shifts[blocks], blocks).means(ALL)
    assert np.abs(level - level.mean() - (more - more.mean())).max() < 0.01


def test_a_faster_unit_shifts_all_means() -> None:
    codes, values, blocks = observations(3)
    assert np.allclose(
        fit(FACTORS, codes, values + 7, blocks).means(ALL),
        fit(FACTORS, codes, values, blocks).means(ALL) + 7,
        atol=1e-6,
    )


def test_a_fit_begins_where_another_ended() -> None:
    codes, values, blocks = observations(4)
    first = fit(FACTORS, codes[:80], values[:80], blocks[:80])
    quick = fit(FACTORS, codes, values, blocks, start=first, steps=0)
    whole = fit(FACTORS, codes, values, blocks)
    assert quick.variances.components.tolist() == first.variances.components.tolist()
    assert np.abs(quick.means(ALL) - whole.means(ALL)).max() < 0.02


def test_one_observation_is_enough() -> None:
    surface = fit(FACTORS, [[0, 0, 0]], [3.0], [0])
    assert np.isfinite(surface.means(ALL)).all()
    assert np.isfinite(surface.predict(ALL)[1]).all()


@pytest.mark.parametrize(
    ("codes", "values", "blocks", "words"),
    [
        ([[0, 0, 0]], [1.0, 2.0], [0], "1 points, 2 values and 1 blocks"),
        ([], [], [], "no observation"),
        ([[0, 0, 0]], [float("nan")], [0], "not finite"),
        ([[5, 0, 0]], [1.0], [0], "no level"),
        ([[-1, 0, 0]], [1.0], [0], "no level"),
    ],
)
def test_what_is_no_observation_is_refused(codes: list, values: list, blocks: list, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        fit(FACTORS, codes, values, blocks)
