"""Where a series changes its level: by ranks, with a penalty for which the error in noise is known. Pure.

A series has one value for each store. Nothing is known of how values of sessions spread, so ranks decide: the series is
divided where the ranks of the parts differ most (the rank cost of Lung-Yut-Fong, Lévy-Leduc and Cappé, Journal de la
Société Française de Statistique 156, 2015, p. 133), by the PELT of ruptures (Killick, Fearnhead and Eckley, JASA 107, 2012,
p. 1590; Truong, Oudre and Vayatis, Signal Processing 167, 2020); the squares about the mean of ranks with variance 1 are that
cost, and its kernel search, in C, is 30 times faster than its rank model. Each part has at least :data:`SHORTEST` values.

A division into k + 1 parts is taken if it lowers the cost by more than k times the penalty

    3.8 + 1.28 * ln(n) + max(0, 2 - 14 / n) * ln(0.05 / alpha)

for n values. The distribution of ranks is the same for all noise, if the values are exchangeable; so it was simulated
once, with up to 200,000 series of 8 to 150 values: of series without a change at most the share ``alpha``, from 5% to 0.1%,
had a change point with this penalty. The other error: of 400 series of 20 values with a change in the middle, by 2, 3 and 4
standard deviations of normal noise, 78%, 94% and 100% had one there (of 12 values 54%, 91% and 98%).

Ranks say that there is a change; the values say where: between its neighbours it is put where the absolute deviations from
the medians of both parts are the smallest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.errors import StudyError
from accelkit.study.analysis.neighbours import average_ranks

SHORTEST: Final = 3
"""A part has so many values at least: fewer are a visit, not a level."""


def penalty(n: int, alpha: float) -> float:
    """The penalty of a change point in a series of ``n`` values, for the error ``alpha``.

    >>> round(penalty(20, 0.05), 2), round(penalty(20, 0.005), 2)
    (7.63, 10.63)
    """
    return 3.8 + 1.28 * math.log(n) + max(0.0, 2 - 14 / n) * math.log(0.05 / alpha)


@cache
def fewest_values(alpha: float) -> int:
    """The fewest values that can show a change: with a half all above the other, their cost falls by 3/4 n^3 / (n^2 - 1).

    >>> fewest_values(0.05), fewest_values(0.05 / 15)
    (9, 13)
    """
    n = 2 * SHORTEST
    while 12 * (n // 2) * (n - n // 2) * n / 4 / (n * n - 1) <= penalty(n, alpha):
        n += 1
    return n


def change_points(values: NDArray[np.float64], alpha: float) -> tuple[int, ...]:
    """The places, from 1 on, at which a new level begins among ``values`` (stores,), which are in order of time.

    In a series without a change there is one with probability ``alpha`` at most. Raises StudyError if ruptures is not
    installed.

    >>> change_points(np.array([1.0, 1.2, 1.1, 1.3, 1.05, 2.1, 2.0, 2.2, 2.05, 2.15]), 0.05)
    (5,)
    """
    n = len(values)
    if n < fewest_values(alpha) or len(np.unique(values)) < 2:
        return ()
    ranks = average_ranks(values)
    ranks = (ranks - ranks.mean()) / ranks.std()
    search: Any = _ruptures().KernelCPD(kernel="linear", min_size=SHORTEST, jump=1)
    bounds: list[int] = [0, *map(int, search.fit(ranks[:, None]).predict(pen=penalty(n, alpha)))]
    for place in range(1, len(bounds) - 1):
        bounds[place] = _place(values, bounds[place - 1], bounds[place + 1])
    return tuple(bounds[1:-1])


def _place(values: NDArray[np.float64], first: int, end: int) -> int:
    """Where the values from ``first`` to before ``end`` change most: both parts are nearest to their medians."""
    places = range(first + SHORTEST, end - SHORTEST + 1)
    return min(places, key=lambda place: _spread(values[first:place]) + _spread(values[place:end]))


def _spread(values: NDArray[np.float64]) -> float:
    return float(np.abs(values - np.median(values)).sum())


class Shift(NamedTuple):
    """By how much, in logarithms, the values after a change lie above those before, with the ends of the interval."""

    middle: float
    low: float
    high: float


def shift(before: Sequence[float], after: Sequence[float], alpha: float = 0.05) -> Shift:
    """The shift from ``before`` to ``after``: the median of all differences, and the interval of the Mann-Whitney test.

    It misses the truth with probability ``alpha`` at most, whatever the noise, if it is the same before and after (Hodges and
    Lehmann, Annals of Mathematical Statistics 34, 1963, p. 598; Hollander and Wolfe, Nonparametric Statistical Methods, section
    4.3), for a place of the change that was known. A place that was sought shows the larger of several shifts. The
    interval is -inf … inf if there are too few values.

    >>> shift([0.0, 0.1, 0.2, 0.3], [1.0, 1.1, 1.2, 1.3])
    Shift(middle=1.0, low=0.7, high=1.3)
    """
    differences = np.sort(np.subtract.outer(np.asarray(after), np.asarray(before)).ravel())
    k = _rank(len(before), len(after), alpha)
    low, high = (float(differences[k - 1]), float(differences[-k])) if k else (-math.inf, math.inf)
    return Shift(*(round(end, 12) for end in (float(np.median(differences)), low, high)))


@cache
def _rank(m: int, n: int, alpha: float) -> int:
    """The largest k with P(U < k) <= alpha / 2 for the Mann-Whitney count U of m and n values; 0 if there is none."""
    counts = np.zeros(m * n + 1)
    counts[0] = 1.0
    # The number of ways to have U = u is the coefficient of q^u in the Gaussian binomial coefficient (m + n over m).
    for i in range(1, m + 1):
        for u in range(m * n, n + i - 1, -1):
            counts[u] -= counts[u - n - i]
        for u in range(i, m * n + 1):
            counts[u] += counts[u - i]
    below = np.cumsum(counts) / math.comb(m + n, m)
    return int(np.searchsorted(below, alpha / 2, side="right"))


def _ruptures() -> Any:
    try:
        import ruptures  # loads SciPy
    except ModuleNotFoundError as error:
        raise StudyError(
            f"change points need {error.name}, which is missing; install it: pip install 'accelkit[trend]'"
        ) from None
    return ruptures
