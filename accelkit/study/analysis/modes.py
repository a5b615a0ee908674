"""Whether the runs of a cell are of two kinds, as if there were two machines. Pure."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

NOTABLE: Final = 0.02
"""The smallest change that is reported, as a share: as much as a run may lie above the fastest of its cell."""


def gap(logs: NDArray[np.float64]) -> tuple[float, float] | None:
    """Share and factor of the slower of two groups of runs; None if there is only one group.

    ``logs`` (runs,) are logarithms of the values of one cell. The split is the one that explains most of the
    variance (Otsu, IEEE Transactions SMC 9, 1979, p. 62), with at least a fifth of the runs on each side. It counts
    as two groups if it explains nine tenths (the best split of one normal group explains 64%, of one exponential
    group 65%) and if the gap is at least half as wide as either group.

    >>> share, factor = gap(np.log([1.0, 1.01] * 8 + [2.0, 2.01] * 2))
    >>> share, round(factor, 2)
    (0.2, 2.0)
    """
    n = len(logs)
    least = n // 5
    if n < 16:  # with fewer runs, one skewed group looks like two too often
        return None
    x = np.sort(logs)
    x = x - x.mean()
    sizes = np.arange(least, n - least + 1)
    sums = np.cumsum(x)[sizes - 1]
    explained = sums**2 * n / (sizes * (n - sizes))  # between groups; x has mean 0
    best = int(np.argmax(explained))
    size = int(sizes[best])
    low, high = x[:size], x[size:]
    gap = float(high[0] - low[-1])
    whole = float((x**2).sum())
    if (
        gap < NOTABLE
        or explained[best] < 0.9 * whole
        or 2 * gap < max(float(np.ptp(low)), float(np.ptp(high)))
    ):
        return None
    return (n - size) / n, math.exp(float(np.median(high) - np.median(low)))
