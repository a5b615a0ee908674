"""The response surface: what a time is made of, property by property and pair by pair. Pure, numpy only.

Logarithms of times are a mean, a block's effect, a main effect of each factor's level, an interaction of each pair of
levels, a rest of the point that these do not explain, and noise. All are normal with variances estimated from the data
(:mod:`accelkit.study.analysis.surface.variances`), so what does not matter shrinks to nothing; the noise has heavy tails.
"""

from accelkit.study.analysis.surface.factors import Factors as Factors
from accelkit.study.analysis.surface.fitting import fit as fit
from accelkit.study.analysis.surface.surface import Surface as Surface

__all__ = ["Factors", "Surface", "fit"]
