"""The noise of runs: most are hardly disturbed, some are slowed, a few are far off; how much each observation weighs. Pure.

A run is undisturbed, with Student's t noise (Lange, Little and Taylor, JASA 84, 1989, p. 881), or neighbours slow it by an
exponentially distributed amount. Which of the two, nobody knows. By what all the other observations predict for it, each
is likely to some degree; the observation then counts as the normal one that moves the prediction as far and leaves it as
uncertain (expectation propagation: Minka, UAI 2001). So where half of the runs are slowed, the surface is that of the other
half, and a point that was measured once may be that much faster; where none are, nothing changes.
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

LEAST: Final = 0.01
"""An observation says at least this share of what one says that is known to be slowed."""

EXACT: Final = 1e-12
"""No prediction has a smaller variance."""

LIKE: Final = (1.0, 20.0)
"""Before anything is seen, as if one of 20 runs had been slowed."""


class Weighing(NamedTuple):
    """Of each observation: its precision, by how much it is thought to be slowed, the chance that it is undisturbed.

    ``slopes`` say by how much the likelihood rises with the logarithm of the variance of undisturbed runs.
    """

    precisions: Floats
    shifts: Floats
    clean: Floats
    slopes: Floats


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
        """All observations weigh the same, and each may be slowed."""
        ones = np.ones(count)
        late = self.share * self.delay
        variance = self.variance + self.share * self.delay**2
        return Weighing(ones / variance, ones * late, ones * (1 - self.share), np.zeros(count))

    def weighed(self, ahead: Floats, uncertain: Floats) -> tuple[Weighing, Noise]:
        """What observations say that are by ``ahead`` above what all the others predict, with variances ``uncertain``.

        Also the noise anew, but for its variance, which is estimated together with the other variances.
        """
        uncertain = np.maximum(uncertain, EXACT)  # a simulation without noise is known exactly
        delay = max(self.delay, SHORTEST * self.variance**0.5)
        spread = np.sqrt(self.variance + uncertain)
        near = ahead / spread
        weights = (FREEDOM + 1) / (FREEDOM + near**2)
        clean = (1 - self.share) * DENSITY * (1 + near**2 / FREEDOM) ** (-(FREEDOM + 1) / 2) / spread
        # a normal variable plus an exponential one
        exponent = np.clip((spread / delay) ** 2 / 2 - ahead / delay, -700, 300)
        slowed = self.share / delay * np.exp(exponent) * _below(near - spread / delay)
        chance = clean / (clean + slowed + 1e-300)
        # what the observation moves the prediction to, if it is undisturbed and if it was slowed
        own, other = self.variance / weights, delay**2 + self.variance
        gain, little = uncertain / (uncertain + own), uncertain / (uncertain + other)
        moved, hardly = gain * ahead, little * (ahead - delay)
        mean = chance * moved + (1 - chance) * hardly
        left = chance * gain * own + (1 - chance) * little * other
        variance = left + chance * (1 - chance) * (moved - hardly) ** 2
        precisions = np.clip(1 / variance - 1 / uncertain, LEAST / other, 1 / own)
        slopes = chance * (weights * ((ahead - moved) ** 2 + gain * own) / self.variance - 1)
        late = np.maximum(delay + delay**2 / (other + uncertain) * (ahead - delay), 0)
        count, sure = len(ahead), float((1 - chance).sum())
        noise = replace(
            self,
            share=min((sure + LIKE[0]) / (count + LIKE[1]), 0.9),
            delay=max(
                (float(((1 - chance) * late).sum()) + delay) / (sure + 1), SHORTEST * self.variance**0.5
            ),
        )
        shifts = np.clip(ahead - mean * (1 + 1 / (precisions * uncertain)), 0, delay)
        return Weighing(precisions, shifts, chance, slopes), noise


def _below(values: Floats) -> Floats:
    """The standard normal distribution function, to 0.01 (the logistic curve: Bowling et al., JIEM 2, 2009, p. 114)."""
    return 1 / (1 + np.exp(np.clip(-1.5976 * values - 0.07056 * values**3, -700, 700)))
