"""What a search was told: which points worked, how often, and what chance others have to work. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from accelkit.study.analysis.surface.factors import Codes, Floats
from accelkit.tuning.search.layout import Layout

MOST_FAILURES: Final = 0.2
"""A point that failed twice or more, in a larger share of its trials than this, is not tried again."""


ENOUGH: Final = 0.5
"""A level with which at least this share of the trials worked is tried like any other."""


class Evaluation(NamedTuple):
    """One trial of a search: the number of the point, the block, and its score.

    A score is the logarithm of a time, weighted over guests; None for a trial that failed or broke a constraint.
    """

    point: int
    block: int
    score: float | None


class Evaluations:
    """Evaluations in the order told, each block's trial of a point once: telling it again says nothing new."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()
        self.all: list[Evaluation] = []
        self.worked: list[tuple[int, int, float]] = []  # point, block, score
        self.successes, self.failures = Counter[int](), Counter[int]()

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, evaluations: Iterable[Evaluation]) -> None:
        """Adds those that are new."""
        for point, block, score in evaluations:
            if (point, block) in self._seen:
                continue
            self._seen.add((point, block))
            self.all.append(Evaluation(point, block, score))
            if score is None:
                self.failures[point] += 1
            else:
                self.successes[point] += 1
                self.worked.append((point, block, score))

    @property
    def tried(self) -> set[int]:
        """The points of all trials, failed ones among them."""
        return self.successes.keys() | self.failures.keys()

    @property
    def failing(self) -> dict[int, str]:
        """The points that failed too often, each with what happened as words."""
        return {
            point: f"failed in {failed} of {failed + self.successes[point]} trials"
            for point, failed in self.failures.items()
            if failed > 1 and failed > MOST_FAILURES * (failed + self.successes[point])
        }


class Chances:
    """Which points may work, by what happened to others with the same level, or the same two levels."""

    def __init__(self, layout: Layout, evaluations: Evaluations) -> None:
        self.layout = layout
        self.are_sure = not evaluations.failures
        points = [] if self.are_sure else list(evaluations.tried)
        self._sizes = layout.factors.sizes
        good = np.array([evaluations.successes[point] for point in points], dtype=np.float64)
        bad = np.array([evaluations.failures[point] for point in points], dtype=np.float64)
        self._shares = [
            _shares(cells, good, bad, size) for cells, size in self._cells(layout.codes(points)) if points
        ]

    def kept(self, numbers: Sequence[int], rng: np.random.Generator) -> list[int]:
        """The points that a block may try: none with a level, or pair, with which most trials failed.

        Such a level is given another chance now and then: the more of its trials failed, the more rarely.
        """
        if self.are_sure:
            return list(numbers)
        keep = np.ones(len(numbers), dtype=np.bool_)
        cells = self._cells(self.layout.codes(numbers))
        for (column, _), shares in zip(cells, self._shares, strict=True):
            keep &= (shares >= ENOUGH)[column] | (rng.random(len(shares)) < shares)[column]
        return [number for number, may in zip(numbers, keep.tolist(), strict=True) if may]

    def _cells(self, codes: Codes) -> list[tuple[Codes, int]]:
        """For each factor and each pair of factors, the level or pair of levels of each point, and how many there are."""
        sizes = self._sizes
        levels = list(zip(codes.T, sizes, strict=True))
        pairs = [
            (codes[:, one] * sizes[other] + codes[:, other], sizes[one] * sizes[other])
            for one, other in self.layout.factors.pairs
        ]
        return [*levels, *pairs]


def _shares(cells: Codes, good: Floats, bad: Floats, size: int) -> Floats:
    """For each cell the share that worked, as if one more trial had worked: what was not tried is thought to work."""
    worked, failed = np.bincount(cells, good, size), np.bincount(cells, bad, size)
    return (worked + 1) / (worked + failed + 1)
