"""The noise of runs: most are hardly disturbed, some are slowed, a few are far off; how much each observation weighs. Pure.

A run is undisturbed, with Student's t noise (Lange, Little and Taylor, JASA 84, 1989, p. 881), or neighbours slow it by an
exponentially distributed amount. Which of the two, nobody knows; by its residual each is likely to some degree, and
the observation weighs and is shifted accordingly (expectation maximisation). So where half of the runs are slowed, the
surface is that of the other half; where none are, nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from accelkit.study.analysis.surface.factors import Floats

FREEDOM: Final = 4.0
"""Degrees of freedom of undisturbed noise: a run 5 standard deviations away weighs a sixth of one that is near."""

DENSITY: Final = 0.375
"""Student's t density with 4 degrees of freedom at 0."""

SHORTEST: Final = 3.0
"""Delays are on average at least so many times the noise: shorter ones are noise."""

LIKE: Final = (1.0, 20.0)
"""Before anything is seen, as if one of 20 runs had been slowed."""


class Weighing(NamedTuple):
    """Of each observation: its precision, by how much it is thought to be slowed, and its undisturbed part of the precision."""

    precisions: Floats
    shifts: Floats
    clean: Floats


@dataclass(frozen=True)
class Noise:
    """The variance of undisturbed runs, the share of slowed ones, and their mean delay, of logarithms."""

    variance: float
    share: float
    delay: float

    @classmethod
    def of(cls, variance: float) -> Noise:
        """The noise that is expected where only its variance is known."""
        return cls(variance, LIKE[0] / LIKE[1], SHORTEST * variance**0.5)

    def even(self, count: int) -> Weighing:
        """All observations weigh the same."""
        ones = np.ones(count)
        return Weighing(ones / self.variance, np.zeros(count), ones)

    def weighed(self, residuals: Floats, uncertain: Floats) -> tuple[Weighing, Noise]:
        """What ``residuals``, with the variances ``uncertain`` of what they are taken from, call for; the noise anew.

        The variance stays as it is: it is estimated together with the other variances.
        """
        delay = max(self.delay, SHORTEST * self.variance**0.5)
        total = self.variance + uncertain
        spread = np.sqrt(total)
        near = residuals / spread
        clean = (1 - self.share) * DENSITY * (1 + near**2 / FREEDOM) ** (-(FREEDOM + 1) / 2) / spread
        # a normal variable plus an exponential one
        exponent = np.clip(total / (2 * delay**2) - residuals / delay, -700, 50)
        slowed = self.share / delay * np.exp(exponent) * _below(near - spread / delay)
        chance = slowed / (clean + slowed + 1e-300)
        weights = (FREEDOM + 1) / (FREEDOM + (residuals**2 + uncertain) / self.variance)
        undisturbed = (1 - chance) * weights / self.variance
        other = chance / (delay**2 + self.variance)
        precisions = undisturbed + other
        count, sure = len(residuals), float(chance.sum())
        delays = float((chance * np.maximum(residuals, 0)).sum())
        noise = replace(
            self,
            share=min((sure + LIKE[0]) / (count + LIKE[1]), 0.9),
            delay=max((delays + delay) / (sure + 1), SHORTEST * self.variance**0.5),
        )
        return Weighing(precisions, other * delay / precisions, undisturbed / precisions), noise


def _below(values: Floats) -> Floats:
    """The standard normal distribution function, to 0.01 (the logistic curve: Bowling et al., JIEM 2, 2009, p. 114)."""
    return 1 / (1 + np.exp(np.clip(-1.5976 * values - 0.07056 * values**3, -700, 700)))
