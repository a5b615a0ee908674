"""The search for the best of many points, by asking and telling. Pure: it measures nothing and stores nothing.

A block has about eight points, the incumbent among them, which are compared with each other. The first blocks are a
balanced design (:mod:`accelkit.tuning.search.design`). Then each place of a block goes to the best point of a surface drawn from
the posterior (Thompson sampling: Thompson, Biometrika 25, 1933, p. 285; Kandasamy et al., AISTATS 2018, for many at
once), so a point is tried as often as it is likely to be the best one, and what cannot be the best is not tried again.

This takes the place of successive halving also where the points are few. On 200 points (5 × 5 × 4 × 2, mostly additive) at
5% noise with 400 trials, confirming ones included, 23 of 24 tunings end within 1% of the best, 18 with halving; at 1% noise
with 150 trials 24 against 9; on a busy host with 400 trials 23 against 9 (tests/bench/tuning.py, which has more peers).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from accelkit.errors import StudyError
from accelkit.recipes.space import Space
from accelkit.study.analysis.surface import Surface
from accelkit.study.analysis.surface.factors import Floats
from accelkit.tuning.search.design import balanced, first_trials
from accelkit.tuning.search.evaluations import Chances, Evaluation, Evaluations
from accelkit.tuning.search.layout import Layout, Point, layout_of
from accelkit.tuning.search.model import REFIT, Model
from accelkit.tuning.search.outlook import Outlook
from accelkit.tuning.search.proposals import Candidates, candidates
from accelkit.tuning.search.sampler import Sampler
from accelkit.tuning.search.simplest import simplest

BLOCK: Final = 8
"""A block has so many points: more share an incumbent, fewer lie closer together in time."""

PROPOSED: Final = 4
"""So many points are asked of Optuna for a block."""

USES: Final = 8
"""As long as the surface stays the same, so many blocks share what was drawn from it."""

TOGETHER: Final = 256
"""So many points are estimated together."""

SETTLED: Final = 0.0005
"""The search has ended when the incumbent is expected to be slower than the best by at most this share."""


class Search:
    """Which points to measure next, given what was measured.

    ``points`` is a space, or a list of recipes; a point is its number there. ``budget`` is how many trials the search
    may take, ``allowed`` says whether QEMU would start with a point, by its number, and is asked of few points only.
    The same seed and evaluations give the same blocks. Whoever tells all evaluations again goes on.

    Raises StudyError for no point at all, and a baseline that is not among the points.

    >>> from accelkit import each, tb_size, tcg
    >>> search = Search(tcg() | tb_size(each(8, 64, 512)), baseline=2, budget=30)
    >>> block = search.ask(0)
    >>> search.tell(Evaluation(point, 0, [0.3, 0.1, 0.2][point]) for point in block)
    >>> sorted(block), search.incumbent
    ([0, 1, 2], 1)
    """

    def __init__(
        self,
        points: Space[Any] | Sequence[Point] | Layout,
        *,
        baseline: int,
        budget: int,
        allowed: Callable[[int], bool] = lambda _: True,
        seed: int = 0,
    ) -> None:
        self.layout = points if isinstance(points, Layout) else layout_of(points)
        if not 0 <= baseline < self.layout.size:
            raise StudyError(
                f"baseline: got point {baseline} of {self.layout.size}; give the number of one of the points"
            )
        self.baseline, self.budget, self.seed = baseline, budget, seed
        self.evaluations = Evaluations()
        self._sampler = (
            None if self.layout.listed is not None else Sampler(self.layout.factors, self.layout.size)
        )
        self._model = Model(self.layout)
        self._allowed = {baseline: True}
        self._asked = allowed
        self._proposed: tuple[Surface | None, list[int]] = None, []  # by Optuna, for which surface
        self._found: Candidates | None = None  # of the last block
        self._drawn_from: Surface | None = None
        self._uses = 0
        self._chances: tuple[int, Chances] | None = None  # and to how many evaluations they belong

    @property
    def sampler(self) -> str:
        """The sampler of Optuna that proposes points; empty where each point is looked at."""
        return self._sampler.name if self._sampler else ""

    @property
    def surface(self) -> Surface | None:
        """The response surface of what was told; None as long as no point worked."""
        return self._model.updated(self.evaluations)

    def tell(self, evaluations: Iterable[Evaluation]) -> None:
        """Adds evaluations, in any order; those told before say nothing new."""
        self.evaluations.add(evaluations)

    def told(self, evaluations: Iterable[Evaluation]) -> Search:
        """Another search that knows what this one does, and ``evaluations``; this one stays as it is."""
        other = Search(self.layout, baseline=self.baseline, budget=self.budget, seed=self.seed)
        other._model = self._model.copy()
        other.tell([*self.evaluations.all, *evaluations])
        return other

    def ask(self, block: int, pending: Collection[int] = ()) -> tuple[int, ...]:
        """The points of the next block, the incumbent first; empty where the budget is used up.

        ``block`` is the number of the block, ``pending`` are points that are being measured.
        """
        rng = np.random.default_rng([self.seed, block, len(self.evaluations)])
        begun = len(self.evaluations) + len(pending)
        size = min(BLOCK, self.budget - begun, self.layout.size)
        if size < 1:
            return ()
        incumbent = self.incumbent
        if self.surface is None or begun < first_trials(self.layout.factors, self.budget):
            return self._first(size, incumbent, pending, rng)
        if self._found is None or self._drawn_from is not self.surface or self._uses == USES:
            self._found, self._drawn_from, self._uses = self._candidates(rng), self.surface, 0
        turn = self._uses * BLOCK  # each block begins with draws that no other block has used
        self._uses += 1
        return tuple(self._chosen(size, incumbent, self._found, turn))

    @property
    def incumbent(self) -> int:
        """The best point so far, that with the lowest mean of those measured; the baseline before."""
        return self.best_of(self.evaluations.successes)

    def best_of(self, points: Iterable[int]) -> int:
        """The best of these points, if any of them worked; else of all that worked; else the baseline."""
        measured, among = self._measured(), set(points)
        known = [point for point in measured if point in among] or measured
        return min(known, key=self._model.means.__getitem__, default=self.baseline)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to gain: the incumbent is expected to be slower than the best by less than 0.05%.

        By what was known when the last block was chosen.
        """
        surface = self.surface
        if (
            surface is None
            or len(self.evaluations) < first_trials(self.layout.factors, self.budget) + 2 * BLOCK
        ):
            return False
        found = self._found
        if found is None or self.incumbent not in found.numbers:
            return False
        values = found.values
        behind = values[found.numbers.index(self.incumbent)] - values.min(axis=0)
        return float(behind.mean()) < SETTLED

    def finalists(self, most: int) -> tuple[int, ...]:
        """The points worth confirming, the best one first: at most ``most``, fewer where the search is sure.

        Of points that are as good it is the one that differs least from the baseline. Empty if no point worked.
        """
        outlook, surface = self._outlook(), self.surface
        if outlook is None or surface is None:
            return ()
        best = outlook.finalists(most, np.random.default_rng([self.seed, most, len(self.evaluations)]))
        known = set(self._measured())
        simple = [simplest(self.layout, surface, point, self.baseline, known.__contains__) for point in best]
        return tuple(dict.fromkeys(simple))

    def estimate(self, points: Sequence[int], beside: int | None = None) -> tuple[Floats, Floats]:
        """The means and standard deviations of the undisturbed logarithms of points; NaN as long as none worked.

        With ``beside``, a point, they are of the ratios to it, which are known better.
        """
        surface = self.surface
        means, spreads = np.full(len(points), np.nan), np.full(len(points), np.nan)
        if surface is None:
            return means, spreads
        for first in range(0, len(points), TOGETHER):  # all covariances of many points would fill the memory
            part = slice(first, first + TOGETHER)
            codes = self.layout.codes(list(points[part]))
            if beside is not None:
                means[part], spreads[part] = surface.beside(codes, self.layout.codes([beside])[0])
            else:
                means[part], covariance = surface.predict(codes)
                spreads[part] = np.sqrt(np.maximum(np.diag(covariance), 0))
        return means, spreads

    @property
    def dropped(self) -> Mapping[int, str]:
        """The points that were tried and are not tried again, each with the reason as words."""
        outlook = self._outlook()
        slow = outlook.hopeless() if outlook else {}
        words = {point: f"about {ratio:.2f} times as slow as the best" for point, ratio in slow.items()}
        return words | self.evaluations.failing

    def _measured(self) -> list[int]:
        """The points that worked, do not fail too often, and that the surface was fitted to."""
        failing = self.evaluations.failing
        return [point for point in self._model.updated_means(self.evaluations) if point not in failing]

    def _which_work(self) -> Chances:
        """The chances of points, made anew when there are some more evaluations: it takes time where there are many."""
        count = len(self.evaluations)
        if self._chances is None or count > self._chances[0] * REFIT:
            self._chances = count, Chances(self.layout, self.evaluations)
        return self._chances[1]

    def _outlook(self) -> Outlook | None:
        surface, measured = self.surface, self._measured()
        return Outlook.of(self.layout, surface, measured) if surface is not None and measured else None

    def _first(
        self, size: int, incumbent: int, pending: Collection[int], rng: np.random.Generator
    ) -> tuple[int, ...]:
        """A block of the first design: the baseline, the incumbent if that is another one, and points not yet tried."""
        start = list(dict.fromkeys((self.baseline, incumbent)))[:size]
        taken, failing = [*self.evaluations.tried, *pending, *start], self.evaluations.failing
        chances = self._which_work()

        def free(number: int) -> bool:
            return number not in failing and self._is_allowed(number) and bool(chances.kept([number], rng))

        new = set(taken)
        points = balanced(
            self.layout, taken, size - len(start), lambda number: number not in new and free(number), rng
        )
        left, chosen = size - len(start) - len(points), {*start, *points}
        again = balanced(
            self.layout, taken, left, lambda number: number not in chosen and free(number), rng
        )  # where all were tried
        return (*start, *points, *again)

    def _candidates(self, rng: np.random.Generator) -> Candidates:
        surface, failing, measured = self.surface, self.evaluations.failing, self._measured()
        assert surface is not None
        chances = self._which_work()
        if self._sampler and measured and self._proposed[0] is not surface:
            codes = self.layout.codes(measured)
            proposed = self._sampler.proposed(
                codes, surface.means(codes), PROPOSED, int(rng.integers(1 << 31))
            )
            more = [number for number in self.layout.numbers(proposed) if number is not None]
            self._proposed = surface, more
        return candidates(
            self.layout, surface, measured, self._proposed[1],
            lambda numbers: [
                number
                for number in chances.kept(numbers, rng)
                if number not in failing and self._is_allowed(number)
            ], rng,
        )  # fmt: skip

    def _chosen(self, size: int, incumbent: int, found: Candidates, turn: int) -> list[int]:
        """The incumbent, the best points of drawn surfaces, and where these are few the next best ones."""
        chosen, best, failing = [incumbent], found.best, self.evaluations.failing
        for number in dict.fromkeys([*best[turn:], *best[:turn], *found.ranked]):
            if len(chosen) == size:
                break
            if number not in chosen and number not in failing:
                chosen.append(number)
        return chosen

    def _is_allowed(self, number: int) -> bool:
        if number not in self._allowed:
            self._allowed[number] = self._asked(number)
        return self._allowed[number]
