"""A stand-in: successive halving over random points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from random import Random
from statistics import fmean, pstdev
from typing import Any, NamedTuple

from accelkit.recipes.space import Space


class Evaluation(NamedTuple):
    """A score."""

    point: int
    block: int
    score: float | None


class Search:
    """A stand-in."""

    def __init__(
        self,
        points: Space[Any] | Sequence[Any],
        *,
        baseline: int,
        budget: int,
        allowed: Callable[[int], bool] = lambda _: True,
        seed: int = 0,
    ) -> None:
        self.size = points.size if isinstance(points, Space) else len(points)
        self.baseline, self.budget, self.allowed, self.seed = baseline, budget, allowed, seed
        self.told: dict[tuple[int, int], float | None] = {}
        self.sampler = "a stand-in"

    def tell(self, evaluations: Iterable[Evaluation]) -> None:
        """Take scores in."""
        for evaluation in evaluations:
            self.told[evaluation[:2]] = evaluation.score

    @property
    def dropped(self) -> Mapping[int, str]:
        """What is out."""
        return {point: "it failed" for (point, _), score in self.told.items() if score is None}

    def _scores(self) -> dict[int, list[float]]:
        levels: dict[int, list[float]] = {}
        for (_, block), score in self.told.items():
            if score is not None:
                levels.setdefault(block, []).append(score)
        logs: dict[int, list[float]] = {}
        for (point, _), score in sorted(self.told.items()):
            if score is not None and point not in self.dropped:
                logs.setdefault(point, []).append(score)
        return logs

    @property
    def incumbent(self) -> int:
        """The best so far."""
        return (self.finalists(1) or (self.baseline,))[0]

    def ask(self, block: int, pending: Collection[int] = ()) -> tuple[int, ...]:
        """The points of a block."""
        if len(self.told) >= self.budget:
            return ()
        random = Random(f"{self.seed} {block}")
        chosen = dict.fromkeys([self.incumbent, *self.finalists(3)])
        for _ in range(64):
            point = random.randrange(self.size)
            if len(chosen) < 8 and point not in self.dropped and self.allowed(point):
                chosen[point] = None
        return tuple(chosen)

    def finalists(self, most: int) -> tuple[int, ...]:
        """The best few."""
        logs = self._scores()
        return tuple(sorted(logs, key=lambda point: (fmean(logs[point]), point))[:most])

    def estimate(self, points: Sequence[int]) -> tuple[list[float], list[float]]:
        """Means and deviations."""
        logs = self._scores()
        return [fmean(logs[point]) for point in points], [pstdev(logs[point]) for point in points]
