"""The error of comparing two sessions, simulated: of one process, two stores rarely differ; of two, they do."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from support.simulate import HOSTS, INDEPENDENT, WANDERING, Noise, at_most, disturb

from accelkit.study.across.unpaired import median_of, ratio_of
from accelkit.study.analysis.verdict import decide

STUDIES = 250
KINDS = {**INDEPENDENT, **WANDERING}


def series(sides: Noise | tuple[Noise, Noise], blocks: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(STUDIES, blocks) logarithms of one configuration's times, beside another in each block."""
    noise = sides if isinstance(sides, Noise) else sides[1]
    return disturb(noise, (STUDIES, blocks, 2), rng)[..., 1]


def share(kind: str, blocks: tuple[int, int], alpha: float, effect: float = 0.0) -> float:
    """The share of studies with an interval that excludes that there is no difference."""
    rng = np.random.default_rng(sorted(KINDS).index(kind))
    old, new = (series(KINDS[kind], count, rng) for count in blocks)
    verdicts = [
        decide(*ratio_of(median_of(b + effect, alpha), median_of(a, alpha))[1:], 1e-9)
        for a, b in zip(old, new, strict=True)
    ]
    return sum(verdict != "undecided" for verdict in verdicts) / STUDIES


@pytest.mark.parametrize("kind", KINDS)
def test_two_sessions_of_one_process_rarely_differ(kind: str) -> None:
    assert share(kind, (20, 20), 0.05) <= at_most(0.05, STUDIES)
    assert share(kind, (60, 20), 0.05) <= at_most(0.05, STUDIES)
    assert share(kind, (30, 30), 0.05 / 10) <= at_most(0.005, STUDIES)


@pytest.mark.parametrize(
    ("kind", "effect"), [("quiet", 0.01), ("normal 1%", 0.03), ("noisy", 0.08), ("outliers", 0.01)]
)
def test_a_difference_is_found(kind: str, effect: float) -> None:
    assert kind in HOSTS or kind in INDEPENDENT
    assert share(kind, (20, 20), 0.05, effect) > 0.9
