"""The surface: means, draws and covariances agree with each other; intervals hold what they say."""

from __future__ import annotations

import numpy as np
import pytest
from support.simulate import HOSTS, Noise, disturb
from support.surfaces import KINDS, SMALL

from accelkit.study.analysis.surface import Factors, Surface, fit

FACTORS = Factors.of({
    "a": ("1", "2", "4", "8", "16"), "b": tuple("vwxyz"), "c": ("1", "2", "4", "8"), "d": ("on", "off")
})  # fmt: skip


def simulated(kind: str, noise: Noise, count: int, seed: int) -> tuple[Surface, np.ndarray]:
    """A surface fitted to points at random in blocks of eight, and the truth of all points."""
    rng = np.random.default_rng(seed)
    truth = KINDS[kind](SMALL, rng)
    numbers = rng.integers(0, truth.size, count)
    values = truth.values(numbers) + disturb(noise, (count // 8, 8), rng).ravel()
    return fit(FACTORS, truth.codes(numbers), values, np.arange(count) // 8), truth.values(np.arange(200))


ALL = np.array(np.unravel_index(np.arange(200), SMALL)).T.astype(np.int64)


def test_means_by_tables_are_those_predicted() -> None:
    surface, _ = simulated("rough", Noise(sigma=0.05), 160, 1)
    assert np.allclose(surface.means(ALL), surface.predict(ALL)[0])


def test_ratios_are_those_predicted_and_of_a_point_to_itself_there_is_no_doubt() -> None:
    surface, _ = simulated("rough", Noise(sigma=0.05), 160, 1)
    means, covariance = surface.predict(ALL)
    ratios, spreads = surface.beside(ALL, ALL[7])
    own = np.diag(covariance)
    assert np.allclose(ratios, means - means[7])
    assert np.allclose(spreads**2, own + own[7] - 2 * covariance[7])
    assert (ratios[7], spreads[7]) == pytest.approx((0, 0), abs=1e-6)  # rounding


def test_draws_have_the_means_and_the_covariance_predicted() -> None:
    surface, _ = simulated("rough", Noise(sigma=0.05), 240, 2)
    points = surface.points[:40]
    tables, rests = surface.draws(4_000, np.random.default_rng(1))
    draws = tables.at(points) + surface.rests(points, rests)
    draws -= draws.mean(axis=0)  # the mean over all points is hardly known
    centre = np.eye(40) - 1 / 40
    means, covariance = surface.predict(points)
    covariance = centre @ covariance @ centre
    assert np.allclose(draws.mean(axis=1), centre @ means, atol=0.01)
    assert np.abs(np.cov(draws) - covariance).max() < 0.12 * np.diag(covariance).max()


@pytest.mark.parametrize("noise", [Noise(sigma=0.05), HOSTS["busy"], Noise(sigma=0.05, drift=0.6)])
def test_95_of_100_intervals_of_ratios_hold_the_truth(noise: Noise) -> None:
    held: list[float] = []
    for seed in range(4):
        surface, truth = simulated("gentle", noise, 240, seed)
        means, covariance = surface.predict(ALL)
        spread = np.sqrt(np.diag(covariance) + covariance[0, 0] - 2 * covariance[0])[1:]
        error = (means - means[0] - truth + truth[0])[1:]
        held.append(float(np.mean(np.abs(error) < 1.96 * spread)))
    assert 0.85 < np.mean(held) <= 1


def test_where_runs_are_slowed_or_far_off_the_error_is_that_of_the_others() -> None:
    errors = {}
    for name in ("busy", "outliers", "noisy"):
        surface, truth = simulated("gentle", HOSTS[name], 400, 3)
        errors[name] = float(np.std(surface.means(ALL) - truth))
    assert errors["busy"] < 0.03  # the runs vary by 0.2
    assert errors["outliers"] < 0.02  # by 0.7
    assert errors["noisy"] < 0.02  # by 0.03


def test_spreads_have_a_name_for_all_that_a_time_is_made_of() -> None:
    surface, _ = simulated("few matter", Noise(sigma=0.01), 320, 4)
    spreads = surface.spreads
    assert set(spreads) == {*FACTORS.names, *surface.kernels.names[6:-1], "rest", "block", "noise"}
    assert ("a", "b") in spreads
    assert 0.005 < spreads["noise"] < 0.012
    assert max(spreads[name] for name in FACTORS.names) > 5 * spreads["rest"]


def test_a_level_alone_is_the_mean_over_the_other_factors() -> None:
    surface, truth = simulated("additive", Noise(sigma=0.01), 320, 5)
    levels = np.full((5, 4), -1)
    levels[:, 0] = np.arange(5)
    means, covariance = surface.predict(levels)
    marginal = truth.reshape(SMALL).mean(axis=(1, 2, 3))
    assert np.allclose(means - means.mean(), marginal - marginal.mean(), atol=0.01)
    contrast = np.eye(5) - 1 / 5
    assert np.sqrt(np.diag(contrast @ covariance @ contrast)).max() < 0.01
