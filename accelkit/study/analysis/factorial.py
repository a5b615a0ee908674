"""Main effects and interactions of properties as contrasts with intervals, from trials of any grid, whole or sparse. Pure.

The time with level a of a property against that with level b, averaged over the others, is a mean of logarithms:

    main(a, b)            = mean over the settings of the others of log T(a, ·) - log T(b, ·)
    interaction(a,b; c,d) = mean of log T(a, c, ·) - log T(b, c, ·) - log T(a, d, ·) + log T(b, d, ·)

The second is 0 where both properties act apart from each other: then T(a, c) / T(b, c) does not depend on c (Fisher, The
Design of Experiments, 1935, chapter 6; Box, Hunter and Hunter, Statistics for Experimenters, 2nd edition, chapter 5).

Two kinds of trials call for two ways to them:

- Of a grid most points were measured in most blocks. Then each contrast is that of the points themselves, over the
  settings of the others that have all of its levels; :mod:`accelkit.study.analysis.contrasts` has the intervals, for
  which nothing is assumed of the response.
- A search measures few points of many, and those that promise most again and again. Then the response surface
  (:mod:`accelkit.study.analysis.surface`) says what the mean over *all* points is, and how sure that is: intervals are
  those of its posterior, c standard deviations wide, with one c for all, the quantile of the largest of its draws.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.contrasts import DRAWS, Intervals, simultaneous
from accelkit.study.analysis.surface import Factors, fit

Level = tuple[int, int]
"""The place of a property, and that of one of its levels."""

MOST_LEVELS: Final = 16
"""Levels of a property that are compared with each other; of more, each is compared with the first only."""

MOST_CONTRASTS: Final = 1500
"""Interactions of levels that are looked at, at most; of more, they are taken evenly."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was measured with one guest on one build: ``logs`` (points, blocks), NaN where there is none.

    ``levels`` are the values of each property that varies, by its name; ``codes`` (points, properties) say which level
    each point has, ``base`` (properties,) which the baseline has.
    """

    levels: Mapping[str, Sequence[str]]
    codes: NDArray[np.int64]
    base: Sequence[int]
    logs: NDArray[np.float64]
    is_search: bool = False

    @property
    def is_grid(self) -> bool:
        """Whether at least half of all points were measured, so that points can be compared with each other.

        Levels that one point alone has, as a baseline beside the grid may, do not count.
        """
        used = (sum(count > 1 for count in Counter(column.tolist()).values()) for column in self.codes.T)
        return not self.is_search and 2 * len(self.codes) >= math.prod(max(1, count) for count in used)


@dataclass(frozen=True, slots=True)
class Contrast:
    """The times with one level against those with another: ``of`` against ``beside``, on average over the others.

    With ``given`` and ``instead`` it is an interaction: by what factor that ratio differs with level ``given`` of
    another property from what it is with level ``instead``. The numbers are logarithms; ``settings`` counts the
    settings of the others that it was averaged over, 0 for all of them, by the surface.
    """

    of: Level
    beside: Level
    given: Level | None
    instead: Level | None
    settings: int
    middle: float
    low: float
    high: float


def references(measured: Measured) -> tuple[int, ...]:
    """The level of each property that the others are compared with: the baseline's, if others share its settings.

    Otherwise, as where the baseline alone leaves a property unset, it is the level that shares most settings.
    """
    found: list[int] = []
    for place in range(len(measured.levels)):
        groups = _matched(measured.codes, (place,))
        shared = [len(levels) for levels in groups if len(levels) > 1]
        counts: dict[int, int] = {}
        for levels in groups:
            if len(levels) > 1:
                for (level,) in levels:
                    counts[level] = counts.get(level, 0) + 1
        base = measured.base[place]
        is_fit = not measured.is_grid or not shared or base in counts
        found.append(base if is_fit else max(counts, key=lambda level: (counts[level], -level)))
    return tuple(found)


def mains(measured: Measured, alpha: float) -> tuple[Contrast, ...]:
    """Each two levels of each property compared, those with the reference first; all hold at once but for ``alpha``."""
    rows = [
        ((place, one), (place, other), None, None)
        for place, first in enumerate(references(measured))
        for one, other in _level_pairs(measured.codes[:, place], first)
    ]
    return _known(measured, rows, alpha)


def interactions(measured: Measured, alpha: float) -> tuple[Contrast, ...]:
    """For each two properties how the effect of a level, against the reference, differs with each level of the other."""
    first = references(measured)
    levels = [
        [level for level in levels_used(column) if level != ref]
        for column, ref in zip(measured.codes.T, first, strict=True)
    ]
    rows = [
        ((one, a), (one, first[one]), (other, b), (other, first[other]))
        for one, other in combinations(range(len(levels)), 2)
        for a in levels[one]
        for b in levels[other]
    ]
    return _known(measured, _fewer(rows), alpha)


_Row = tuple[Level, Level, Level | None, Level | None]


def _fewer(rows: Sequence[_Row]) -> Sequence[_Row]:
    """At most so many of ``rows``, taken evenly."""
    every = math.ceil(len(rows) / MOST_CONTRASTS)
    return rows[::every] if every > 1 else rows


def _known(measured: Measured, rows: Sequence[_Row], alpha: float) -> tuple[Contrast, ...]:
    ask = _by_points if measured.is_grid else _by_surface
    kept, settings, found = ask(measured, rows, alpha)
    return tuple(
        Contrast(*row, count, float(middle), float(low), float(high))
        for row, count, middle, low, high in zip(kept, settings, *found, strict=True)
    )


def _by_points(
    measured: Measured, rows: Sequence[_Row], alpha: float
) -> tuple[list[_Row], list[int], Intervals]:
    """Those of ``rows`` whose levels share settings of the others, over how many, and their intervals."""
    cache: dict[tuple[int, ...], list[dict[tuple[int, ...], int]]] = {}
    kept: list[_Row] = []
    settings: list[int] = []
    weights: list[NDArray[np.float64]] = []
    for row in rows:
        of, beside, given, instead = row
        places = (of[0],) if given is None else (of[0], given[0])
        if places not in cache:
            cache[places] = _matched(measured.codes, places)
        if given is None or instead is None:
            corners = {(of[1],): 1.0, (beside[1],): -1.0}
        else:
            corners = {
                (a, b): sign * other
                for a, sign in ((of[1], 1.0), (beside[1], -1.0))
                for b, other in ((given[1], 1.0), (instead[1], -1.0))
            }
        groups = [group for group in cache[places] if corners.keys() <= group.keys()]
        if groups:
            weight = np.zeros(len(measured.codes))
            for group in groups:
                for corner, sign in corners.items():
                    weight[group[corner]] += sign / len(groups)
            kept.append(row)
            settings.append(len(groups))
            weights.append(weight)
    table = np.array(weights).reshape(len(weights), len(measured.codes))
    return kept, settings, simultaneous(table, measured.logs, alpha)


def _matched(codes: NDArray[np.int64], places: tuple[int, ...]) -> list[dict[tuple[int, ...], int]]:
    """The points that differ in these properties only: for each setting of the others, the points by their levels."""
    groups: dict[tuple[int, ...], dict[tuple[int, ...], int]] = {}
    for point, row in enumerate(codes.tolist()):
        others = tuple(code for place, code in enumerate(row) if place not in places)
        groups.setdefault(others, {})[tuple(row[place] for place in places)] = point
    return list(groups.values())


def _by_surface(
    measured: Measured, rows: Sequence[_Row], alpha: float
) -> tuple[list[_Row], list[int], Intervals]:
    """All of ``rows``, over all points, by the surface that the trials call for."""
    points, blocks = np.nonzero(np.isfinite(measured.logs))
    surface = fit(Factors.of(measured.levels), measured.codes[points], measured.logs[points, blocks], blocks)
    asked: dict[tuple[int, ...], int] = {}  # the rows of codes to predict, each once
    weights = np.zeros((len(rows), 4 * len(rows)))
    for place, (of, beside, given, instead) in enumerate(rows):
        for level, sign in ((of, 1.0), (beside, -1.0)):
            for other, side in ((given, 1.0), (instead, -1.0)) if given else ((None, 1.0),):
                codes = [-1] * len(measured.levels)
                codes[level[0]] = level[1]
                if other is not None:
                    codes[other[0]] = other[1]
                weights[place, asked.setdefault(tuple(codes), len(asked))] += sign * side
    weights = weights[:, : len(asked)]
    mean, covariance = surface.predict(np.array(list(asked)))
    middle, spread = weights @ mean, weights @ covariance @ weights.T
    error = np.sqrt(np.maximum(np.diag(spread), 0.0))
    reach = _largest(spread, error, alpha) * error
    return list(rows), [0] * len(rows), Intervals(middle, middle - reach, middle + reach)


def _largest(spread: NDArray[np.float64], error: NDArray[np.float64], alpha: float) -> float:
    """The quantile of the largest of the contrasts, each in its standard deviations, of draws from the posterior."""
    some = error > 0
    if not some.any():
        return 0.0
    correlation = spread[np.ix_(some, some)] / np.outer(error[some], error[some])
    values, vectors = np.linalg.eigh(correlation)
    draws = np.random.default_rng(0).standard_normal((DRAWS, len(values)))
    largest = np.abs((draws * np.sqrt(np.maximum(values, 0.0))) @ vectors.T).max(axis=1)
    return float(np.quantile(largest, 1 - alpha))


def levels_used(column: NDArray[np.int64]) -> list[int]:
    """The levels that some points have, in order."""
    return sorted(set(column.tolist()))


def _level_pairs(column: NDArray[np.int64], first: int) -> Iterator[tuple[int, int]]:
    """Each level with the reference, then, if they are few, the others with each other."""
    others = [level for level in levels_used(column) if level != first]
    yield from ((level, first) for level in others)
    if len(others) < MOST_LEVELS:
        yield from ((later, sooner) for sooner, later in combinations(others, 2))
