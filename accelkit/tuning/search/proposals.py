"""Which points may be the best: candidates, and how likely surfaces see them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from accelkit.study.analysis.surface import Surface
from accelkit.study.analysis.surface.factors import Codes, Floats, lowest_first
from accelkit.tuning.search.design import numbers_at_random
from accelkit.tuning.search.layout import Layout

DRAWS: Final = 64
"""So many surfaces are drawn for a block."""

MOST_DRAWN: Final = 2_000
"""So many listed points are looked at on each of them: those with the lowest means, and some at random."""

DESCENTS: Final = 3
"""In a larger space so many descents down each drawn surface begin at random, and one at the best point measured."""

MOST_MEASURED: Final = 200
"""So many of the points that were measured are candidates in a larger space."""


@dataclass(frozen=True)
class Candidates:
    """Points by number, and what each of the drawn surfaces has for them: (points, draws)."""

    numbers: Sequence[int]
    values: Floats

    @property
    def best(self) -> list[int]:
        """The number of the best point of each draw."""
        return [self.numbers[place] for place in self.values.argmin(axis=0).tolist()]

    @property
    def ranked(self) -> list[int]:
        """The numbers of all points by the lowest value that any draw has for them, the lowest first."""
        return [self.numbers[place] for place in lowest_first(self.values.min(axis=1))]


def candidates(
    layout: Layout,
    surface: Surface,
    measured: Sequence[int],
    more: Sequence[int],
    free: Callable[[list[int]], list[int]],
    rng: np.random.Generator,
) -> Candidates:
    """The points that may be the best, on surfaces drawn from the posterior.

    Of a list all points are looked at. In a larger space: the lowest points of the drawn surfaces, by descents along
    single factors; the points measured that are best; the neighbours of the best one; and ``more``. ``free`` says which
    of them may be chosen.
    """
    tables, rests = surface.draws(DRAWS, rng)
    if layout.listed is not None:
        numbers = _listed(layout.listed, surface, rng)
    else:
        means = surface.means(layout.codes(measured))
        near = [measured[place] for place in lowest_first(means)[:MOST_MEASURED]]
        starts = layout.codes(near)
        values = tables.at(starts) + surface.rests(starts, rests)
        begun = np.vstack([
            starts[values.argmin(axis=0)],
            layout.codes(numbers_at_random(layout.size, DESCENTS * DRAWS, rng)),
        ])  # fmt: skip
        functions = np.tile(np.arange(DRAWS), DESCENTS + 1)
        found = np.unique(tables.lowest(begun, functions), axis=0)
        around = _neighbours(starts[:1], layout.factors.sizes)
        near += [number for number in layout.numbers(np.vstack([found, around])) if number is not None]
        numbers = list(dict.fromkeys([*near, *more]))
    numbers = free(numbers)
    codes = layout.codes(numbers)
    values = tables.at(codes) + surface.rests(codes, rests)
    unknown = surface.places(codes) < 0
    own = float(surface.variances.components[-1]) ** 0.5
    values[unknown] += own * rng.standard_normal((int(unknown.sum()), DRAWS))
    return Candidates(numbers, values)


def _listed(codes: Codes, surface: Surface, rng: np.random.Generator) -> list[int]:
    """The numbers of all points, or of those with the lowest means and of some at random."""
    if len(codes) <= MOST_DRAWN:
        return list(range(len(codes)))
    order = lowest_first(surface.means(codes))
    head = order[: MOST_DRAWN * 3 // 4]
    tail = rng.permutation(order[MOST_DRAWN * 3 // 4 :])[: MOST_DRAWN // 4]
    return [*head, *tail.tolist()]


def _neighbours(code: Codes, sizes: Sequence[int]) -> Codes:
    """The points that differ from one in the level of one factor."""
    rows: list[Codes] = []
    for place, size in enumerate(sizes):
        changed = np.repeat(code, size, axis=0)
        changed[:, place] = np.arange(size)
        rows.append(changed)
    return np.vstack(rows) if rows else code
