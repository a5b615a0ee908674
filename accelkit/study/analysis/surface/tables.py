"""Surfaces as tables: a number for each level, for each pair of levels, and for points of their own. Pure.

The posterior mean of a surface is such a function, and so is each draw from the posterior; so a space of 10^12 points is
looked at by its levels, and only where it matters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from accelkit.study.analysis.surface.factors import Codes, Floats


class Tables:
    """Functions of points, several at once: (levels, functions) for each factor, (levels, levels, functions) for pairs."""

    def __init__(self, base: Floats, mains: Sequence[Floats], pairs: dict[tuple[int, int], Floats]) -> None:
        self.base, self.mains, self.pairs = base, mains, pairs

    def plus(self, other: Tables) -> Tables:
        """The sums of the functions of both."""
        return Tables(
            self.base + other.base,
            [one + another for one, another in zip(self.mains, other.mains, strict=True)],
            {pair: table + other.pairs[pair] for pair, table in self.pairs.items()},
        )

    def at(self, codes: Codes) -> Floats:
        """(points, functions): what each function is at each point."""
        total = np.broadcast_to(self.base, (len(codes), len(self.base))).copy()
        for column, main in zip(codes.T, self.mains, strict=True):
            total += main[column]
        for (one, other), pair in self.pairs.items():
            total += pair[codes[:, one], codes[:, other]]
        return total

    def lowest(self, codes: Codes, functions: Codes, sweeps: int = 4) -> Codes:
        """(points, factors): from each point down the function with the number beside it, as far as single levels lead.

        Each factor's level is chosen in turn, given the others (coordinate descent), at most ``sweeps`` times.
        """
        points = codes.copy()
        for _ in range(sweeps):
            before = points.copy()
            for place, main in enumerate(self.mains):
                points[:, place] = (main.T[functions] + self._others(place, points, functions)).argmin(axis=1)
            if (points == before).all():
                break
        return points

    def _others(self, place: int, points: Codes, functions: Codes) -> Floats:
        """(points, levels): what the pairs with the other factors add to each level."""
        total = np.zeros((len(points), len(self.mains[place])))
        for (one, other), pair in self.pairs.items():
            if one == place:
                total += pair[:, points[:, other], functions].T
            elif other == place:
                total += pair[points[:, one], :, functions]
        return total
