"""Where a swept property falls off a cliff: flat, one steep step, flat again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from accelkit.errors import DomainError

STEEPEST: Final = 2 / 3
"""The share of all the way from the best to the worst that one step must make to be a cliff."""


@dataclass(frozen=True, slots=True)
class Cliff:
    """Between ``slow`` and ``fast``, neighbours among the values tried, time changes ``factor`` times."""

    slow: float
    fast: float
    factor: float

    @property
    def needed(self) -> float:
        """The value nearest to the cliff, of those tried, at which the guest is fast."""
        return self.fast


def cliff(values: Sequence[float], ratios: Sequence[float], *, least: float = 1.5) -> Cliff | None:
    """The cliff in ``ratios``, times relative to whatever baseline, over ``values`` in any order; or None.

    A cliff is the largest step between neighbouring values if it makes two thirds (in logarithms) of the way
    from the best ratio to the worst, so that the other third is left for the slopes on both sides and for
    noise, and if all on one side of it are at least ``least`` times slower than all on the other. Points without a ratio (NaN, infinite) are passed over.
    Raises DomainError if there are not as many ratios as values, or ``least`` is not above 1.

    >>> cliff([1, 8, 32, 256, 1024], [66, 63, 0.96, 0.94, 1.0])
    Cliff(slow=8, fast=32, factor=65.625)
    >>> cliff([1, 2, 4, 8, 16], [16, 8, 4, 2, 1]) is None  # a slope
    True
    >>> cliff([1, 2, 4, 8], [1.02, 0.99, 1.0, 1.01]) is None
    True
    """
    if len(values) != len(ratios):
        raise DomainError(f"cliff: got {len(values)} values and {len(ratios)} ratios; give a ratio a value")
    if not least > 1:
        raise DomainError(f"least: got {least!r}; takes a factor above 1, as 1.5")
    known = sorted((v, r) for v, r in zip(values, ratios, strict=True) if 0 < r < math.inf)
    if len(known) < 2:
        return None
    logs = np.log([ratio for _, ratio in known])
    steps = np.diff(logs)
    where = int(np.argmax(np.abs(steps)))
    step = float(steps[where])
    slow, fast = (logs[: where + 1], logs[where + 1 :])[:: 1 if step < 0 else -1]
    if slow.min() - fast.max() < math.log(least) or abs(step) < STEEPEST * np.ptp(logs):
        return None
    (left, left_ratio), (right, right_ratio) = known[where], known[where + 1]
    if step < 0:
        return Cliff(slow=left, fast=right, factor=left_ratio / right_ratio)
    return Cliff(slow=right, fast=left, factor=right_ratio / left_ratio)
