"""What observations say, once blocks are taken out: against the plain covariance matrix."""

from __future__ import annotations

import numpy as np

from accelkit.study.analysis.surface.information import Information, Observations

RNG = np.random.default_rng(3)
SEEN = Observations(RNG.integers(0, 5, 40), np.arange(40) // 8, RNG.standard_normal(40))
PRECISIONS = RNG.uniform(1, 9, 40)
BLOCK = 0.7
PLAIN = np.diag(1 / PRECISIONS) + BLOCK * (SEEN.blocks[:, None] == SEEN.blocks)
DESIGN = (SEEN.points[:, None] == np.arange(SEEN.point_count)).astype(float)


def test_whitened_is_the_inverse_of_the_covariance_times_a_column() -> None:
    information = Information(SEEN, SEEN.values, PRECISIONS, BLOCK)
    columns = RNG.standard_normal((40, 3))
    assert np.allclose(information.whitened(columns), np.linalg.solve(PLAIN, columns))
    assert np.allclose(information.whitened(SEEN.values), np.linalg.solve(PLAIN, SEEN.values))


def test_matrix_and_vector_are_those_of_the_points() -> None:
    information = Information(SEEN, SEEN.values, PRECISIONS, BLOCK)
    assert np.allclose(information.matrix, DESIGN.T @ np.linalg.solve(PLAIN, DESIGN))
    assert np.allclose(information.vector, DESIGN.T @ np.linalg.solve(PLAIN, SEEN.values))


def test_noise_is_drawn_with_the_covariance_of_the_matrix() -> None:
    information = Information(SEEN, SEEN.values, PRECISIONS, BLOCK)
    drawn = information.drawn(10_000, np.random.default_rng(1))
    error = np.abs(np.cov(drawn) - information.matrix) / np.abs(information.matrix).max()
    assert error.max() < 0.05
