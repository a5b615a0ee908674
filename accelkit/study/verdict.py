"""From an interval to a word, and to the number of blocks that would give one."""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from accelkit.study.ranks import fewest, rank

Verdict = Literal["faster", "slower", "no difference", "undecided"]

MOST_BLOCKS: Final = 1000
"""More blocks than this nobody waits for: no number is then given."""


def decide(low: float, high: float, delta: float) -> Verdict:
    """The word for a ratio to the baseline between ``low`` and ``high``; smaller is faster.

    The whole interval inside 1 / (1 + delta) … 1 + delta is ``no difference`` (of more than delta),
    even when it leaves out 1: the difference is real then, and not worth having. Otherwise an interval
    that leaves out 1 is ``faster`` or ``slower``, and any other is ``undecided``.

    >>> decide(0.93, 0.97, 0.01), decide(1.02, 1.9, 0.01), decide(0.996, 0.999, 0.01), decide(0.9, 1.1, 0.01)
    ('faster', 'slower', 'no difference', 'undecided')
    """
    if low * (1 + delta) >= 1 and high <= 1 + delta:
        return "no difference"
    if high < 1:
        return "faster"
    return "slower" if low > 1 else "undecided"


def pairs_to_decide(
    logs: NDArray[np.float64], alpha: float, delta: float, anytime: bool = False
) -> int | None:
    """About how many pairs would give a verdict, if more of them look like ``logs`` (pairs,), the
    logarithms of the ratios so far; None when :data:`MOST_BLOCKS` would not.

    The expected place of the k-th of N numbers is their distribution's k / (N + 1) quantile (David and
    Nagaraja, Order Statistics, 3rd edition, section 4.5); that quantile is read off the ratios so far,
    for growing N. An estimate, rough below ten pairs.

    >>> pairs_to_decide(np.linspace(-0.05, 0.01, 8), 0.05, 0.01)
    12
    >>> pairs_to_decide(np.linspace(-0.05, 0.03, 8), 0.05, 0.01)
    79
    """
    least = max(fewest(alpha, anytime), len(logs) + 1)
    if least > MOST_BLOCKS or not len(logs):
        return least if least <= MOST_BLOCKS else None
    sizes = np.unique(np.geomspace(least, MOST_BLOCKS, 100).round().astype(int)).tolist()
    levels = np.array([rank(n, alpha, anytime) / (n + 1) for n in sizes])
    low, high = np.exp(np.quantile(logs, [levels, 1 - levels], method="weibull"))
    for n, a, b in zip(sizes, low.tolist(), high.tolist(), strict=True):
        if decide(a, b, delta) != "undecided":
            return n
    return None


def runs_to_settle(runs: int, near: int, needed: int) -> int | None:
    """About how many runs until ``needed`` come near the fastest, at the rate of ``near`` of ``runs``.

    >>> runs_to_settle(8, 1, 3), runs_to_settle(0, 0, 3)
    (24, None)
    """
    return math.ceil(needed * runs / near) if near else None
