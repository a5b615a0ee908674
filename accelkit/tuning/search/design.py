"""The first points of a search: few, of which each level, and each pair of levels, has its share. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from accelkit.study.analysis.surface.factors import Codes, Factors, Floats
from accelkit.tuning.search.layout import Layout

TRIED: Final = 64
"""A point is chosen among so many that are drawn at random."""

PER_EFFECT: Final = 2.0
"""So many trials for each main effect that is to be estimated."""


def first_trials(factors: Factors, budget: int) -> int:
    """How many trials the first points get: two for each main effect, at most a third of the budget."""
    effects = 1 + sum(size - 1 for size in factors.sizes)
    return min(math.ceil(PER_EFFECT * effects), budget // 3)


def balanced(
    layout: Layout,
    taken: Sequence[int],
    count: int,
    free: Callable[[int], bool],
    rng: np.random.Generator,
) -> list[int]:
    """Up to ``count`` points that balance those ``taken`` best: one after the other, the best of a few drawn at random.

    ``free`` says whether a point may be chosen.
    """
    chosen: list[int] = []
    counts = _Counts(layout.factors)
    counts.add(layout.codes(taken))
    for _ in range(count):
        drawn = dict.fromkeys(numbers_at_random(layout.size, TRIED, rng))
        numbers = [number for number in drawn if number not in chosen and free(number)]
        if not numbers:
            break
        codes = layout.codes(numbers)
        best = int(counts.cost(codes).argmin())
        chosen.append(numbers[best])
        counts.add(codes[best : best + 1])
    return chosen


def numbers_at_random(size: int, count: int, rng: np.random.Generator) -> list[int]:
    """``count`` numbers below ``size``, which may be above 2^63; all of them, in random order, if there are fewer."""
    if size <= count:
        return [int(number) for number in rng.permutation(size)]
    if size < 1 << 62:
        return [int(number) for number in rng.integers(0, size, count)]
    return [int.from_bytes(rng.bytes(size.bit_length() // 8 + 8), "little") % size for _ in range(count)]


class _Counts:
    """How often each level and each pair of levels was taken."""

    def __init__(self, factors: Factors) -> None:
        sizes = factors.sizes
        self.levels = [np.zeros(size) for size in sizes]
        self.pairs = {(one, other): np.zeros((sizes[one], sizes[other])) for one, other in factors.pairs}

    def add(self, codes: Codes) -> None:
        for column, counts in zip(codes.T, self.levels, strict=True):
            np.add.at(counts, column, 1)
        for (one, other), counts in self.pairs.items():
            np.add.at(counts, (codes[:, one], codes[:, other]), 1)

    def cost(self, codes: Codes) -> Floats:
        """How often the levels of each point were taken, as a multiple of what each level has when all are even."""
        cost = np.zeros(len(codes))
        for column, counts in zip(codes.T, self.levels, strict=True):
            cost += counts[column] * len(counts) / 2
        for (one, other), counts in self.pairs.items():
            cost += counts[codes[:, one], codes[:, other]] / 2
        return cost
