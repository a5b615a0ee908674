"""The series of one configuration with one guest over stores: its levels, its changes, and the newest store. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

from accelkit.errors import StudyError
from accelkit.study.across.change import Ratio
from accelkit.study.across.change_points import change_points, shift
from accelkit.study.across.circumstances import Difference, differences
from accelkit.study.across.moments import Key, Moment
from accelkit.study.across.unpaired import Median
from accelkit.study.analysis.verdict import decide

Kind = Literal["beside", "time"]

FEWEST_BEFORE: Final = 3
"""The newest store is compared with so many before it at least: of fewer nobody knows how much sessions differ."""


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A change of a series' level: from the store ``before`` to ``after``, by which ratio, with its interval.

    ``place`` is the number of ``after`` among the stores of the trend, from 0; ``differences`` say what else changed there.
    """

    place: int
    before: str
    after: str
    ratio: float
    low: float
    high: float
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A configuration with a guest over the stores that have it, in order of time.

    ``places`` are the numbers of these stores among those of the trend, ``points`` the medians there: with the ``kind``
    "beside" of the ratios to the baseline in the same block, else of the times. ``changes`` are the changes of its level,
    ``newest`` compares the newest store of the trend with the level before it; None if that store does not have it, or
    fewer than three stores of that level do. ``fails`` says that all of its trials in the newest store failed.
    """

    key: Key
    kind: Kind
    places: tuple[int, ...]
    points: tuple[Median, ...]
    changes: tuple[LevelChange, ...]
    newest: Ratio | None
    fails: bool = False

    @property
    def levels(self) -> tuple[tuple[int, int, float], ...]:
        """Each level: the numbers of its first and its last store in the trend, and the logarithm of its median."""
        starts = [0, *(self.places.index(change.place) for change in self.changes), len(self.points)]
        return tuple(
            (
                self.places[first],
                self.places[end - 1],
                float(np.median([point.middle for point in self.points[first:end]])),
            )
            for first, end in pairwise(starts)
        )


def series_of(
    key: Key, kind: Kind, moments: Sequence[Moment], places: Sequence[int], alpha: float, delta: float
) -> Series:
    """The series of ``key`` over the stores numbered ``places``, with the error ``alpha`` for a change in noise.

    Raises StudyError if ruptures is not installed.
    """
    points = [_point(moments[place], key, kind) for place in places]
    values = np.array([point.middle for point in points])
    starts = change_points(values, alpha)
    bounds = [0, *starts, len(values)]
    changes: list[LevelChange] = []
    for first, middle, last in zip(bounds, bounds[1:], bounds[2:], strict=False):
        size = shift(values[first:middle].tolist(), values[middle:last].tolist())
        old, new = moments[places[middle - 1]], moments[places[middle]]
        ratio, low, high = map(_exp, size)
        besides = differences(old.circumstances, new.circumstances)
        changes.append(LevelChange(places[middle], old.label, new.label, ratio, low, high, besides))
    is_newest = bool(places) and places[-1] == len(moments) - 1
    before = values[bounds[-2] : -1].tolist()
    newest = (
        compare_newest(before, float(values[-1]), alpha, delta)
        if is_newest and len(before) >= FEWEST_BEFORE
        else None
    )
    return Series(key, kind, tuple(places), tuple(points), tuple(changes), newest, key in moments[-1].fails)


def _point(moment: Moment, key: Key, kind: Kind) -> Median:
    value = moment.values[key]
    return value.beside if kind == "beside" and value.beside is not None else value.time


def compare_newest(before: Sequence[float], value: float, alpha: float, delta: float) -> Ratio:
    """The newest value beside those ``before``, with the interval that Student's t gives for one more of them.

    It holds where values of sessions spread as normal numbers do: mean +- t * s * sqrt(1 + 1 / n), with n - 1 degrees of
    freedom (Hahn and Meeker, Statistical Intervals, section 4.8).
    """
    n = len(before)
    mean, spread = float(np.mean(before)), float(np.std(before, ddof=1))
    half = float(_special().stdtrit(n - 1, 1 - alpha / 2)) * spread * math.sqrt(1 + 1 / n)
    middle = value - mean
    low, high = _exp(middle - half), _exp(middle + half)
    verdict = decide(low, high, delta)
    why = f"sessions differ by {math.expm1(half):.1%}" if verdict == "undecided" else ""
    return Ratio(_exp(middle), low, high, verdict, why)


def _exp(log: float) -> float:
    return math.exp(log) if log < 700 else math.inf


def _special() -> Any:
    try:
        from scipy import special  # heavy, and there where ruptures is
    except ModuleNotFoundError as error:
        raise StudyError(
            f"a trend needs {error.name}, which is missing; install it: pip install 'accelkit[trend]'"
        ) from None
    return special
