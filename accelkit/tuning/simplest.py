"""The simplest of points that are as good: no setting is recommended that showed no effect. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from accelkit.study.analysis.surface import Surface
from accelkit.tuning.layout import Layout

LOSS: Final = 0.002
"""A setting is left out if that is expected to cost at most this share: what it may cost, times how likely it does."""


def simplest(
    layout: Layout, surface: Surface, number: int, baseline: int, is_usable: Callable[[int], bool]
) -> int:
    """The number of the point as good as point ``number`` that differs from the baseline in the fewest axes.

    One axis after the other is set as in the baseline, that first which is expected to cost least, as long as all of it is
    expected to cost less than :data:`LOSS`. The expected cost of a point beside another, of whose difference of logarithms
    the posterior has mean m and standard deviation s, is E[max(0, N(m, s²))] = m Φ(m/s) + s φ(m/s): the expected
    improvement of the other (Jones, Schonlau and Welch, Journal of Global Optimization 13, 1998, p. 455).

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> from accelkit.tuning.search import Search
    >>> search = Search(tcg() | tb_size(each(8, 64)) | thread(each(single, multi)), baseline=0, budget=99)
    >>> costs = [0.5, 0.1, 0.5, 0.1]  # only thread matters
    >>> search.tell((point, block, costs[point]) for point in range(4) for block in range(4))
    >>> simplest(search.layout, search.surface, 3, 0, lambda number: True)
    1
    """
    best, base = layout.codes([number, baseline])
    row, found = best.copy(), number
    while True:
        rows = [_with(row, base, axis) for axis in layout.axes if (row[axis] != base[axis]).any()]
        numbers = layout.numbers(np.array(rows).reshape(len(rows), len(base)))
        fewer = [(one, other) for one, other in zip(rows, numbers, strict=True) if other is not None]
        usable = [(one, other) for one, other in fewer if is_usable(other)]
        if not usable:
            return found
        losses = _losses(surface, np.array([best, *(one for one, _ in usable)]))
        place = int(losses.argmin())
        if losses[place] > LOSS:
            return found
        row, found = usable[place]


def _with(row: np.ndarray, base: np.ndarray, axis: slice) -> np.ndarray:
    changed = row.copy()
    changed[axis] = base[axis]
    return changed


def _losses(surface: Surface, codes: np.ndarray) -> np.ndarray:
    """(points - 1,): what each point but the first is expected to cost beside the first."""
    means, covariance = surface.predict(codes)
    behind = means[1:] - means[0]
    own = np.diag(covariance)
    spread = np.sqrt(np.maximum(own[1:] + own[0] - 2 * covariance[0, 1:], 1e-18))
    ratio = behind / spread
    above = np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in ratio])
    return behind * above + spread * np.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi)
