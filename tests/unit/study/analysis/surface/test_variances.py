"""The variances: the posterior against the plain formula, and what is estimated against what was simulated."""

from __future__ import annotations

import math

import numpy as np
import pytest

from accelkit.study.analysis.surface.factors import Factors
from accelkit.study.analysis.surface.information import Observations
from accelkit.study.analysis.surface.kernels import Kernels
from accelkit.study.analysis.surface.variances import LEAST, Posterior, Variances, expected

FACTORS = Factors.of({"a": ("1", "2", "4", "8"), "b": ("x", "y", "z"), "c": ("x", "y")})
KERNELS = Kernels(FACTORS)
POINTS = np.array(np.unravel_index(np.arange(24), FACTORS.sizes)).T
PARTS = KERNELS.between(POINTS, POINTS)


def drawn(truth: Variances, count: int, seed: int) -> Observations:
    """Observations of points at random, in blocks of eight."""
    rng = np.random.default_rng(seed)
    kernel = np.tensordot(truth.components[:-1], PARTS, 1) + truth.components[-1] * np.eye(len(POINTS))
    values = np.linalg.cholesky(kernel + 1e-12 * np.eye(len(POINTS))) @ rng.standard_normal(len(POINTS))
    points, blocks = np.arange(count) % len(POINTS), np.arange(count) // 8
    points = rng.permutation(points)
    noise = math.sqrt(truth.noise.variance) * rng.standard_normal(count)
    shared = math.sqrt(truth.block) * rng.standard_normal(blocks.max() + 1)
    return Observations(points, blocks, values[points] + shared[blocks] + noise)


def test_the_posterior_is_that_of_the_plain_formula() -> None:
    seen = drawn(expected(KERNELS, Observations(np.arange(24), np.zeros(24, int), np.arange(24.0))), 60, 1)
    variances = expected(KERNELS, seen)
    posterior = Posterior(PARTS, seen, variances)
    weighing = posterior.weighing
    design = (seen.points[:, None] == np.arange(24)).astype(float)
    kernel = np.tensordot(variances.components[:-1], PARTS, 1)
    kernel = kernel + variances.components[-1] * np.eye(24) + variances.mean
    noise = np.diag(1 / weighing.precisions) + variances.block * (seen.blocks[:, None] == seen.blocks)
    across = kernel @ design.T
    whole = design @ across + noise
    assert np.allclose(posterior.means, across @ np.linalg.solve(whole, seen.values - weighing.shifts))
    assert np.allclose(posterior.covariance, kernel - across @ np.linalg.solve(whole, across.T))
    inverse = np.linalg.inv(whole)
    ahead = 1 - np.diag(inverse) / weighing.precisions
    assert np.allclose(posterior.fitted_variances * weighing.precisions, ahead)


@pytest.mark.parametrize("block", [1e-6, 0.04])
def test_noise_and_blocks_are_told_apart(block: float) -> None:
    base = expected(KERNELS, Observations(np.arange(24), np.zeros(24, int), np.linspace(-1, 1, 24)))
    truth = base.with_logs(np.array([*base.logs[:-2], math.log(block), math.log(0.05**2)]))
    seen = drawn(truth, 480, 2)
    centre = expected(KERNELS, seen)
    posterior = Posterior(PARTS, seen, centre)
    for _ in range(15):
        posterior = posterior.reweighted(posterior.improved(centre))
    found = posterior.variances
    assert 0.03 < math.sqrt(found.noise.variance) < 0.06  # the scale of Student's t is below the deviation
    assert (0.1 < math.sqrt(found.block) < 0.3) if block > 0.01 else math.sqrt(found.block) < 0.02


def test_a_step_leaves_what_is_best_and_stays_above_the_least() -> None:
    seen = Observations(np.arange(24), np.zeros(24, int), np.zeros(24))
    centre = expected(KERNELS, seen)
    posterior = Posterior(PARTS, seen, centre)
    for _ in range(20):
        posterior = posterior.reweighted(posterior.improved(centre))
    assert (posterior.variances.logs >= 2 * math.log(LEAST) - 1e-9).all()
    again = posterior.improved(centre)
    assert np.abs(again.logs - posterior.variances.logs).max() < 0.1
