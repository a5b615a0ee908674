"""The noise: what undisturbed, slowed and wild runs count for."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit.study.analysis.surface.noise import SHORTEST, Noise

QUIET = Noise.of(0.01**2)


def settled(
    ahead: np.ndarray, uncertain: float = 1e-6, noise: Noise = QUIET
) -> tuple[np.ndarray, np.ndarray, Noise]:
    """Precisions and chances to be undisturbed, once the noise no longer changes."""
    for _ in range(60):
        weighing, noise = noise.weighed(ahead, np.full(len(ahead), uncertain))
    return weighing.precisions, weighing.clean, noise


def test_a_run_near_what_others_predict_weighs_as_much_as_any() -> None:
    ahead = 0.01 * np.random.default_rng(1).standard_normal(300)
    precisions, clean, noise = settled(ahead)
    near = np.abs(ahead) < 0.01
    assert clean.mean() > 0.95
    assert 0.7 < precisions[near].mean() * 0.01**2 < 1.25
    assert noise.share < 0.05


@pytest.mark.parametrize("far", [np.log(10), -np.log(10)])
def test_a_run_that_is_far_off_hardly_weighs(far: float) -> None:
    precisions, _, _ = settled(np.array([*[0.0] * 20, far]))
    assert precisions[-1] < precisions[0] / 100


def test_where_half_of_the_runs_are_slowed_their_share_and_delay_are_found() -> None:
    rng = np.random.default_rng(2)
    slowed = rng.random(400) < 0.5
    ahead = 0.01 * rng.standard_normal(400) + np.where(slowed, rng.exponential(0.25, 400), 0)
    precisions, clean, noise = settled(ahead)
    assert abs(noise.share - 0.5) < 0.08
    assert abs(noise.delay - 0.25) < 0.05
    assert clean[~slowed].mean() > 0.85
    assert precisions[slowed].mean() < precisions[~slowed].mean() / 2


def test_a_run_of_which_nothing_is_known_may_have_been_slowed() -> None:
    busy = Noise(0.004**2, 0.5, 0.25)
    weighing, _ = busy.weighed(np.array([0.0, 0.0]), np.array([1e-6, 0.3]))
    sure, alone = 1 / weighing.precisions
    assert sure < 0.01**2
    assert alone > 0.1**2
    assert weighing.shifts[1] > weighing.shifts[0]


def test_delays_are_longer_than_noise() -> None:
    assert settled(np.random.default_rng(1).standard_normal(200) * 0.01)[2].delay >= SHORTEST * 0.01 * 0.999


def test_before_anything_is_known_all_weigh_the_same() -> None:
    weighing = QUIET.even(3)
    assert len(set(weighing.precisions)) == len(set(weighing.shifts)) == 1
