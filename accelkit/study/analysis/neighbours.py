"""Whether the ratios of neighbouring blocks are alike, and how many blocks they then stand for. Pure.

A slow hour covers several blocks. If it slows one side more than the other, the ratios of these blocks say the same
thing several times, and an interval that counts each of them would be too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, median
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FEWEST: Final = 10
"""With fewer ratios the approximation of the check by a normal distribution is rough, and nothing is found anyway."""

ALIKE: Final = -1.88
"""The check fires below this many standard deviations: in one of 33 series of independent ratios."""


class Neighbours(NamedTuple):
    """What the check found: the correlation of neighbours, 0 if none is proved, and the number of independent blocks."""

    correlation: float
    independent: int


def neighbours(logs: NDArray[np.float64]) -> Neighbours:
    """How alike neighbours among ``logs`` are: (pairs,) logarithms of ratios, in the order of their blocks.

    The check is the von Neumann ratio of the ranks (Bartels, The rank version of von Neumann's ratio test for
    randomness, JASA 77, 1982, p. 40): the sum of the squared steps between neighbours, divided by the sum of squares
    about the mean. It is about 2 for independent numbers of any distribution, and smaller where neighbours are alike.
    Where it fires, the lag-1 correlation r is estimated by 1 minus half of that ratio. It is then raised by its bias,
    (1 + 4 r) / n (Kendall, Biometrika 41, 1954, p. 403), and by one standard error, since a correlation taken for too
    small makes wrong verdicts.

    The number of independent blocks is n divided by the factor by which correlation raises the variance of a count of
    ratios above the median. For an autoregressive series the signs at distance j correlate by 2/pi * asin(r^j)
    (Sheppard's formula), so the factor is 1 + 2 * sum((1 - j/n) * 2/pi * asin(r^j)).

    >>> neighbours(np.array([0.1, -0.2, 0.3, 0.0, -0.1, 0.2, -0.3, 0.15, -0.05, 0.05, 0.12, -0.12]))
    Neighbours(correlation=0.0, independent=12)
    >>> wandering = neighbours(np.sin(np.arange(40) / 6))
    >>> wandering.correlation > 0.9, wandering.independent
    (True, 1)
    """
    check = _check(logs)
    return _fit(check, len(logs)) if check.score < ALIKE else Neighbours(0.0, len(logs))


def neighbours_together(series: Sequence[NDArray[np.float64]]) -> tuple[Neighbours, ...]:
    """:func:`neighbours` of several ``series``, the ratios of one configuration to each of the others, checked as one.

    Checked by itself, one of seven series would fire by chance in every fifth study. So all count as alike if the median
    of their scores is below the limit, since what makes neighbours alike is mostly the host, or the configuration that
    all share; otherwise those whose score one of so many has by chance in one of 33 studies.

    >>> wandering, others = np.sin(np.arange(40) / 6), np.random.default_rng(1).normal(size=(2, 40))
    >>> [kind.independent for kind in neighbours_together([wandering, *others])]
    [1, 40, 40]
    """
    checks = [_check(logs) for logs in series]
    known = [check.score for check, logs in zip(checks, series, strict=True) if len(logs) >= FEWEST]
    together = bool(known) and median(known) < ALIKE
    one = NormalDist().inv_cdf(NormalDist().cdf(ALIKE) / max(1, len(known)))
    return tuple(
        _fit(check, len(logs)) if check.score < (0 if together else one) else Neighbours(0.0, len(logs))
        for check, logs in zip(checks, series, strict=True)
    )


class _Check(NamedTuple):
    """The von Neumann ratio of the ranks, and by how many standard deviations it differs from 2; 0 if unknown."""

    ratio: float
    score: float


def _check(logs: NDArray[np.float64]) -> _Check:
    n = len(logs)
    if n < FEWEST:
        return _Check(2.0, 0.0)
    ranks = average_ranks(logs)
    squares = float(((ranks - ranks.mean()) ** 2).sum())
    if not squares:
        return _Check(2.0, 0.0)
    ratio = float((np.diff(ranks) ** 2).sum()) / squares
    variance = 4 * (n - 2) * (5 * n * n - 2 * n - 9) / (5 * n * (n + 1) * (n - 1) ** 2)
    return _Check(ratio, (ratio - 2) / math.sqrt(variance))


def _fit(check: _Check, n: int) -> Neighbours:
    seen = min(max(1 - check.ratio / 2, 0.0), 0.99)
    r = min(seen + (1 + 4 * seen) / n + math.sqrt((1 - seen * seen) / n), 0.98)
    distances = np.arange(1, n)
    factor = 1 + 2 * float(((1 - distances / n) * 2 / math.pi * np.arcsin(r**distances)).sum())
    return Neighbours(seen, max(1, int(n / factor)))


def average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(values,) Ranks from 1; equal values share the mean of theirs, so that ties do not look like an order."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]
