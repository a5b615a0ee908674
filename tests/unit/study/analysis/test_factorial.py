"""Main effects and interactions of grids and of sparse points: which are told, and that they are those of the truth."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from accelkit.study.analysis.factorial import Measured, interactions, mains, references

LEVELS = {"size": ("8", "64", "512"), "thread": ("single", "multi")}


def grid(truth: dict[tuple[int, int], float], base: tuple[int, int] = (0, 0), blocks: int = 12) -> Measured:
    codes = np.array(list(truth))
    rng = np.random.default_rng(0)
    logs = np.array(list(truth.values()))[:, None] + rng.normal(0, 0.001, (len(truth), blocks))
    return Measured(LEVELS, codes, base, logs)


APART = {(a, b): 0.1 * a + 0.5 * b for a, b in product(range(3), range(2))}


def test_main_effects_are_averages_over_the_settings_that_have_both_levels() -> None:
    rows = {(row.of, row.beside): row for row in mains(grid(APART), 0.05)}
    assert len(rows) == 4  # three sizes in pairs, two threads
    assert rows[(0, 2), (0, 0)].middle == pytest.approx(0.2, abs=0.002)
    assert rows[(1, 1), (1, 0)].settings == 3
    assert all(row.low < row.middle < row.high for row in rows.values())


def test_an_interaction_is_what_two_properties_do_beyond_both() -> None:
    truth = APART | {(2, 1): 1.0}
    rows = {(row.of, row.given): row for row in interactions(grid(truth), 0.05)}
    assert rows[(0, 2), (1, 1)].middle == pytest.approx(1.0 - 0.7, abs=0.003)
    assert abs(rows[(0, 1), (1, 1)].middle) < 0.003


def test_levels_that_share_no_settings_with_others_have_no_effect() -> None:
    """The baseline sets neither, the others set both: what leaving out one of them does, no one can tell."""
    levels = {"size": ("unset", "8", "64"), "thread": ("unset", "single", "multi")}
    codes = np.array([(0, 0), *product((1, 2), (1, 2))])
    measured = Measured(levels, codes, (0, 0), np.random.default_rng(0).normal(0, 0.01, (5, 12)))
    assert measured.is_grid
    assert references(measured) == (1, 1)
    assert {(row.of, row.beside) for row in mains(measured, 0.05)} == {((0, 2), (0, 1)), ((1, 2), (1, 1))}


def test_one_change_at_a_time_tells_main_effects_and_no_interaction() -> None:
    truth = {(0, 0): 0.0, (1, 0): 0.1, (2, 0): 0.2, (0, 1): 0.5}
    measured = grid(truth)
    assert measured.is_grid
    assert len(mains(measured, 0.05)) == 4
    assert interactions(measured, 0.05) == ()


def test_of_few_points_of_many_the_surface_tells_what_holds_over_all() -> None:
    rng = np.random.default_rng(2)
    sizes = (8, 6, 5, 4)
    levels = {name: tuple(f"v{k}" for k in range(size)) for name, size in zip("abcd", sizes, strict=True)}
    codes = np.unique(rng.integers(0, sizes, (60, 4)), axis=0)
    effect = rng.normal(0, 0.2, 8)
    logs = np.full((len(codes), 10), np.nan)
    for block in range(10):
        points = rng.choice(len(codes), 12, replace=False)
        logs[points, block] = effect[codes[points, 0]] + rng.normal(0, 0.01, 12) + block / 5
    measured = Measured(levels, codes, (0, 0, 0, 0), logs)
    assert not measured.is_grid
    rows = [row for row in mains(measured, 0.05) if row.of[0] == 0]
    assert all(row.settings == 0 for row in rows)
    assert all(row.low <= effect[row.of[1]] - effect[row.beside[1]] <= row.high for row in rows)
    largest = max(rows, key=lambda row: abs(row.middle))
    assert largest.low > 0 or largest.high < 0
