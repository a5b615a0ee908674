"""The simplest of points that are as good: no setting is recommended that showed no effect. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from accelkit.study.analysis.surface import Surface
from accelkit.study.analysis.surface.factors import Codes, Floats
from accelkit.tuning.layout import Layout

LOSS: Final = 0.0025
"""Settings are left out if that is expected to cost at most this share: what it may cost, times how likely it does."""


def simplest(
    layout: Layout, surface: Surface, number: int, baseline: int, is_usable: Callable[[int], bool]
) -> int:
    """The number of the point that is as good as point ``number`` and differs from the baseline in the fewest axes.

    One axis after the other is set as in the baseline, that first which is expected to cost least, as long as all of it
    together is expected to cost at most :data:`LOSS`. Of a difference of logarithms that has the mean m and the standard
    deviation s the expected cost is E[max(0, N(m, s²))] = m Φ(m/s) + s φ(m/s), the expected improvement of the other
    point (Jones, Schonlau and Welch, Journal of Global Optimization 13, 1998, p. 455). So a setting stays as long as it is
    not known well enough that it does nothing.

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> from accelkit.tuning.search import Evaluation, Search
    >>> search = Search(tcg() | tb_size(each(8, 64)) | thread(each(single, multi)), baseline=0, budget=99)
    >>> costs = [0.5, 0.1, 0.5, 0.1]  # only thread matters
    >>> search.tell(Evaluation(point, block, costs[point]) for point in range(4) for block in range(8))
    >>> simplest(search.layout, search.surface, 3, 0, lambda number: True)
    1
    """
    best, base = layout.codes([number, baseline])
    row, found = best, number
    while True:
        rows = [_with(row, base, axis) for axis in layout.axes if (row[axis] != base[axis]).any()]
        usable = [
            (fewer, other)
            for fewer, other in zip(rows, layout.numbers(np.array(rows)) if rows else (), strict=True)
            if other is not None and is_usable(other)
        ]
        if not usable:
            return found
        losses = _losses(surface, np.array([best, *(fewer for fewer, _ in usable)]))
        place = int(losses.argmin())
        if losses[place] > LOSS:
            return found
        row, found = usable[place]


def _with(row: Codes, base: Codes, axis: slice) -> Codes:
    changed = row.copy()
    changed[axis] = base[axis]
    return changed


def _losses(surface: Surface, codes: Codes) -> Floats:
    """(points - 1,): what each point but the first is expected to cost beside the first."""
    means, covariance = surface.predict(codes)
    behind, own = means[1:] - means[0], np.diag(covariance)
    spread = np.sqrt(np.maximum(own[1:] + own[0] - 2 * covariance[0, 1:], 1e-18))
    ratio = behind / spread
    above = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in ratio])
    return behind * above + spread * np.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi)
