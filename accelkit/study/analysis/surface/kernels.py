"""Kernels: how alike the surface is at two points, one kernel for each component of variance. Pure.

The kernel of a factor says how alike two of its levels are: not at all if they are unordered; the nearer the more alike
if they are ordered (Matérn 5/2 over their ranks). Each is centred, so that effects add up to 0 over the levels, and
scaled to a variance of 1. The kernel of a pair is the product of those of its factors (smoothing-spline ANOVA: Gu,
Smoothing Spline ANOVA Models, 2013, chapter 2; additive Gaussian processes: Duvenaud et al., NIPS 2011).
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

import numpy as np

from accelkit.study.analysis.surface.factors import Codes, Factors, Floats

REACH: Final = 0.5
"""The distance, as a share of the range of ranks, at which ordered levels are still much alike."""

MOST_PAIRS: Final = 15
"""Up to so many pairs have a variance each; more share one."""

SHARED: Final = "pairs"
REST: Final = "rest"


class Kernels:
    """The components of a surface over ``factors``, by name, and what they are between points."""

    def __init__(self, factors: Factors) -> None:
        self.factors = factors
        self.plain = [_scaled(np.eye(size)) for size in factors.sizes]
        self.smooth = [None if scale is None else _scaled(_matern(scale)) for scale in factors.scales]
        self.mixed = [
            plain if smooth is None else (plain + smooth) / 2
            for plain, smooth in zip(self.plain, self.smooth, strict=True)
        ]
        self.is_shared = len(factors.pairs) > MOST_PAIRS

    @cached_property
    def names(self) -> tuple[str | tuple[str, str], ...]:
        """The components: factors, the smooth parts of ordered ones, pairs of factors, the rest of a point."""
        names = self.factors.names
        smooth = [
            f"{name} (smooth)" for name, part in zip(names, self.smooth, strict=True) if part is not None
        ]
        pairs = [(names[one], names[other]) for one, other in self.factors.pairs]
        return (*names, *smooth, *([SHARED] if self.is_shared else pairs), REST)

    def pair_place(self, pair: int) -> int:
        """The place of a pair's component among all."""
        first = len(self.factors.names) + sum(part is not None for part in self.smooth)
        return first if self.is_shared else first + pair

    def between(self, left: Codes, right: Codes) -> Floats:
        """(components but the rest, points, points): the kernels between two lists of points.

        The code -1 stands for the mean over all levels of the factor, where each effect of it is 0.
        """
        columns = list(zip(left.T, right.T, strict=True))
        mains = [_at(kernel, *column) for kernel, column in zip(self.plain, columns, strict=True)]
        smooth = [
            _at(kernel, *column)
            for kernel, column in zip(self.smooth, columns, strict=True)
            if kernel is not None
        ]
        mixed = [_at(kernel, *column) for kernel, column in zip(self.mixed, columns, strict=True)]
        shape = (len(left), len(right))
        if self.is_shared:
            total, squares = (
                sum(mixed, np.zeros(shape)),
                sum((part * part for part in mixed), np.zeros(shape)),
            )
            pairs = [(total * total - squares) / (2 * len(self.factors.pairs))]
        else:
            pairs = [mixed[one] * mixed[other] for one, other in self.factors.pairs]
        parts = [*mains, *smooth, *pairs]
        return np.array(parts) if parts else np.zeros((0, *shape))


def same(left: Codes, right: Codes) -> Floats:
    """1 where two points are the same one, else 0. A point with a mean over a level (-1) has no rest of its own."""
    equal = np.ones((len(left), len(right)), dtype=np.bool_)
    for one, other in zip(left.T, right.T, strict=True):
        equal &= (one[:, None] == other) & (other >= 0)
    return equal.astype(np.float64)


def _at(kernel: Floats, left: Codes, right: Codes) -> Floats:
    """The kernel between levels; a row and a column of zeros stand for the mean over the levels (-1)."""
    return np.pad(kernel, (0, 1))[left[:, None], right]


def _scaled(kernel: Floats) -> Floats:
    """The kernel centred and scaled, so that effects add up to 0 and have a variance of 1; 0 for a single level."""
    centred = kernel - kernel.mean(axis=0) - kernel.mean(axis=1)[:, None] + kernel.mean()
    variance = float(np.trace(centred)) / len(kernel)
    return centred / variance if variance > 0 else centred


def _matern(scale: Floats) -> Floats:
    distance = math.sqrt(5) * np.abs(scale[:, None] - scale) / REACH
    return (1 + distance + distance**2 / 3) * np.exp(-distance)
