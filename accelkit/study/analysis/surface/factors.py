"""Factors: what varies among points, and the levels of each as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accelkit.errors import DomainError
from accelkit.study.swept import ABSENT

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def lowest_first(values: Floats) -> list[int]:
    """The places of values, that of the lowest first; equal ones in their order."""
    return [int(place) for place in np.argsort(values, kind="stable")]


LEAST_ORDERED: Final = 3
"""Fewer levels have no order that a smooth curve could use."""


@dataclass(frozen=True)
class Factors:
    """What varies: names, levels as text, and the positions of levels that are ordered, from 0 to 1 (else None).

    A point is a row of codes: the number of its level for each factor.

    >>> factors = Factors.of({"tb-size": ("8", "64", "512"), "thread": ("single", "multi")})
    >>> factors.sizes, factors.scales[0].tolist(), factors.scales[1]
    ((3, 2), [0.0, 0.5, 1.0], None)
    """

    names: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    scales: tuple[Floats | None, ...]

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.levels) == len(self.scales):
            raise DomainError("Factors: takes as many names as tuples of levels and scales")

    @classmethod
    def of(cls, levels: Mapping[str, Sequence[str]]) -> Factors:
        """The factors with these levels; those whose levels are three numbers or more, in order, are ordered.

        A level "default", where a property is not set, may stand among numbers: it makes the factor unordered.
        """
        texts = tuple(tuple(values) for values in levels.values())
        return cls(tuple(levels), texts, tuple(map(_scale, texts)))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of levels of each factor."""
        return tuple(map(len, self.levels))

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The places of each two factors, the first before the second."""
        count = len(self.names)
        return tuple((one, other) for one in range(count) for other in range(one + 1, count))


def _scale(levels: Sequence[str]) -> Floats | None:
    """The ranks of the levels, from 0 to 1, if they are numbers; None if they are not.

    Ranks, since the values worth trying are spaced by whoever chose them so that each step may matter.
    """
    if len(levels) < LEAST_ORDERED or ABSENT in levels or not all(text.isdecimal() for text in levels):
        return None
    ranks = np.argsort(np.argsort([int(text) for text in levels]))
    return ranks / (len(levels) - 1)
