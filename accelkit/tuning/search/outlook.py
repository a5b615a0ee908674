"""What the surface of a search says of the points that were measured: which may be the best, which cannot. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from accelkit.study.analysis.surface import Surface
from accelkit.study.analysis.surface.factors import Floats, lowest_first
from accelkit.tuning.search.layout import Layout

NEAR: Final = 0.01
"""A point whose time is within this share of the best one's is as good."""

BEYOND: Final = 3.5
"""Standard deviations by which a point must be slower than that to be dropped: by chance one of 4,000 is."""

LEAST_CHANCE: Final = 0.04
"""A finalist is the best one with at least this probability."""

DRAWS: Final = 400


@dataclass(frozen=True)
class Outlook:
    """Points by number with the means of their logarithms, the lowest first, and the covariance of these."""

    numbers: tuple[int, ...]
    means: Floats
    covariance: Floats

    @classmethod
    def of(cls, layout: Layout, surface: Surface, numbers: Sequence[int]) -> Outlook:
        """The outlook on the points with these numbers."""
        means, covariance = surface.predict(layout.codes(numbers))
        order = lowest_first(means)
        ranked = tuple(numbers[place] for place in order)
        return cls(ranked, means[order], covariance[np.ix_(order, order)])

    def hopeless(self) -> dict[int, float]:
        """The points whose chance to be within 1% of the best is negligible, each with its ratio to the best."""
        own = np.diag(self.covariance)
        spread = np.sqrt(np.maximum(own + own[0] - 2 * self.covariance[0], 0))
        behind = self.means - self.means[0]
        lost = behind > NEAR + BEYOND * spread
        return {self.numbers[place]: float(np.exp(behind[place])) for place in np.flatnonzero(lost).tolist()}

    def finalists(self, most: int, rng: np.random.Generator) -> tuple[int, ...]:
        """The first, and others that may well be the best one, at most ``most`` in all; the likeliest first."""
        few = min(len(self.numbers), 40 * most)  # those after them have no chance
        values, vectors = np.linalg.eigh(self.covariance[:few, :few])
        root = vectors * np.sqrt(np.maximum(values, 0))
        draws = self.means[:few, None] + root @ rng.standard_normal((few, DRAWS))
        chances = np.bincount(draws.argmin(axis=0), minlength=few) / DRAWS
        order = [0, *(place for place in lowest_first(-chances) if place)]
        return tuple(
            self.numbers[place] for place in order[:most] if not place or chances[place] >= LEAST_CHANCE
        )
