"""The response surface of a search, fitted anew as evaluations arrive: how often, and to which of them. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Final

from accelkit.study.analysis.surface import Surface, fit
from accelkit.study.analysis.surface.factors import lowest_first
from accelkit.tuning.search.evaluations import Evaluations
from accelkit.tuning.search.layout import Layout

REFIT: Final = 1.02
"""The surface is fitted anew when there are so many times the evaluations that it was fitted to."""

MANY: Final = 400
REFIT_MANY: Final = 1.05
"""And that is how many times where there are more than so many."""

REFINE: Final = 1.25
"""Its variances are estimated anew when there are so many times the evaluations."""

STEPS: Final = 12

MOST_POINTS: Final = 400
MOST_EVALUATIONS: Final = 3_000
"""The surface is fitted to so many points and evaluations at the most: the best points, and the latest."""

MOST_REFINED: Final = 400
"""With more points the variances stay as they are: what they say of so many they say of all."""


class Model:
    """The surface of a search. It costs the less the more is known: 10^5 evaluations are fitted to some 200 times."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.surface: Surface | None = None
        self.means: dict[int, float] = {}  # of the points that the surface was fitted to, by number
        self._fitted = self._refined = 0

    def copy(self) -> Model:
        """Another model, which goes on from what this one knows."""
        other = Model(self.layout)
        other.surface, other.means = self.surface, self.means
        other._fitted, other._refined = self._fitted, self._refined
        return other

    def updated(self, evaluations: Evaluations) -> Surface | None:
        """The surface, fitted anew if enough was added; None as long as no point worked."""
        count = len(evaluations.worked)
        growth = REFIT if count <= MANY else REFIT_MANY
        if count and (self.surface is None or count >= self._fitted * growth):
            self._fit(evaluations)
            self._fitted = count
        return self.surface

    def updated_means(self, evaluations: Evaluations) -> dict[int, float]:
        """The means of the points that the surface, updated, was fitted to."""
        self.updated(evaluations)
        return self.means

    def _fit(self, evaluations: Evaluations) -> None:
        worked = self._relevant(evaluations)
        numbers = list(dict.fromkeys(point for point, _, _ in worked))
        places = {number: place for place, number in enumerate(numbers)}
        rows = self.layout.codes(numbers)
        codes = rows[[places[point] for point, _, _ in worked]]
        count = len(evaluations.worked)
        steps = STEPS if len(numbers) <= MOST_REFINED and count >= self._refined * REFINE else 0
        if self.surface is None:
            steps = STEPS
        self.surface = fit(
            self.layout.factors,
            codes,
            [score for _, _, score in worked],
            [block for _, block, _ in worked],
            # Not from the last one where variances are estimated: once it has taken all runs of a slow point for slowed
            # ones, and has seen few, no step leads away from that.
            start=None if steps else self.surface,
            steps=steps,
        )
        self.means = dict(zip(numbers, self.surface.means(rows).tolist(), strict=True))
        if steps:
            self._refined = count

    def _relevant(self, evaluations: Evaluations) -> list[tuple[int, int, float]]:
        """The evaluations to fit to: all, but where there are many those of the best points and the latest."""
        worked = evaluations.worked
        if len(worked) <= MOST_POINTS:
            return worked
        latest = worked[-MOST_EVALUATIONS:]
        points = Counter(point for point, _, _ in latest)
        if len(points) <= MOST_POINTS:
            return latest
        numbers, kept = list(points), set[int]()
        if self.surface is not None:
            means = self.surface.means(self.layout.codes(numbers))
            kept |= {numbers[place] for place in lowest_first(means)[: MOST_POINTS * 3 // 4]}
        for point, _, _ in reversed(latest):
            if len(kept) >= MOST_POINTS:
                break
            kept.add(point)
        return [row for row in latest if row[0] in kept]
