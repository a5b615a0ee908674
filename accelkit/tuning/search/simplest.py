"""The simplest of points that are as good: no setting is recommended that showed no effect. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from accelkit.study.analysis.surface import Surface
from accelkit.study.analysis.surface.factors import Codes
from accelkit.tuning.search.layout import Layout

NO_EFFECT: Final = 0.004
"""Settings are left out if the surface expects the point without them to take at most this share longer: less than half
of what counts as no difference."""

NO_DIFFERENCE: Final = 0.01
"""And if with a probability of 95% they matter by less than this: where runs are noisy nothing is left out that may
matter."""

SURE: Final = 1.645
"""Standard deviations above the mean, below which a normal value is with a probability of 95%."""


def simplest(
    layout: Layout, surface: Surface, number: int, baseline: int, is_usable: Callable[[int], bool]
) -> int:
    """The number of the point that is as good as point ``number`` and differs from the baseline in the fewest axes.

    One axis after the other is set as in the baseline, that first which is expected to cost least, as long as all of it
    together is expected to cost at most :data:`NO_EFFECT`, and with a probability of 95% at most :data:`NO_DIFFERENCE`.

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> from accelkit.tuning.search.search import Evaluation, Search
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
        means, spreads = surface.beside([fewer for fewer, _ in usable], best)
        costs = np.where(means + SURE * spreads > NO_DIFFERENCE, np.inf, means)
        place = int(costs.argmin())
        if costs[place] > NO_EFFECT:
            return found
        row, found = usable[place]


def _with(row: Codes, base: Codes, axis: slice) -> Codes:
    changed = row.copy()
    changed[axis] = base[axis]
    return changed
