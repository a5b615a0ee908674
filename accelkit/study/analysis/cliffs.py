"""Cliffs: where a swept property has one steep step with flat ground on both sides. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import (
    Summary,
    sliced,
    telling_counters,
)
from accelkit.study.model import Cell, Configuration
from accelkit.study.plan import Plan
from accelkit.study.swept import ABSENT, SweptProperty

STEEP: Final = 1.5
"""How many times as long one step must take to be worth a sentence."""

SAID: Final = 3
"""So many counters are named in a sentence, and no more."""


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


@dataclass(frozen=True, slots=True)
class CliffInStudy:
    """A cliff along ``axis`` with one guest on one build; ``counters`` are medians before and behind it."""

    build: str
    guest: str
    axis: SweptProperty
    fixed: Mapping[str, str]
    cliff: Cliff
    counters: Mapping[str, tuple[float, float]]
    more: float  # time at the best value beyond the edge, as a share of that at the edge
    code: float | None  # bytes of translated code behind the edge, where nothing was flushed

    def position(self, values: Sequence[str]) -> float:
        """Where the edge lies among ``values``, 0.5 being between the first and the second."""
        slow, fast = (values.index(str(int(end))) for end in (self.cliff.slow, self.cliff.fast))
        return (slow + fast) / 2


def cliffs_in(
    plan: Plan,
    comparisons: Iterable[Comparison],
    found: Mapping[Cell, Summary],
    at: Mapping[str, str] | None = None,
) -> tuple[CliffInStudy, ...]:
    """The cliffs along all properties that are numbers, where the intervals of both sides are apart."""
    known = {each.cell: each for each in comparisons}
    settings = plan.settings
    edges_found: list[CliffInStudy] = []
    for axis in plan.axes.values():
        if not axis.numeric:
            continue
        fixed, points = sliced(plan, (axis.name,), at)
        values = {
            int(v): each for each in points if (v := settings[each.name][axis.name]) not in (ABSENT, "0")
        }
        for build in plan.builds:
            for guest in plan.guests:
                spans = {
                    value: span
                    for value, each in values.items()
                    if (span := _span(plan, known.get(Cell(build.name, guest.name, each.name)), each))
                }
                drop = cliff(list(spans), [middle for _, middle, _ in spans.values()], least=STEEP)
                if drop is None or not spans[int(drop.slow)][0] > spans[int(drop.fast)][2]:
                    continue
                ends = [found.get(Cell(build.name, guest.name, values[int(end)].name))
                        for end in (drop.slow, drop.fast)]  # fmt: skip
                sign = 1 if drop.fast > drop.slow else -1
                beyond = [
                    middle for value, (_, middle, _) in spans.items() if sign * (value - drop.fast) >= 0
                ]
                edges_found.append(CliffInStudy(
                    build.name, guest.name, axis, fixed, drop,
                    _apart(telling_counters(found, build.name, guest.name), *ends),
                    min(beyond) / spans[int(drop.fast)][1], _code(axis, ends[1]),
                ))  # fmt: skip
    return tuple(edges_found)


def _span(plan: Plan, known: Comparison | None, point: Configuration) -> tuple[float, float, float] | None:
    """Low, middle and high; the baseline's own are 1."""
    if point.name == plan.baseline:
        return 1.0, 1.0, 1.0
    return (known.low, known.ratio, known.high) if known and known.pairs else None


def _apart(
    names: Sequence[str], slow: Summary | None, fast: Summary | None
) -> dict[str, tuple[float, float]]:
    if slow is None or fast is None:
        return {}
    both = [name for name in names if name in slow.counters and name in fast.counters]
    pairs = {name: (slow.counters[name], fast.counters[name]) for name in both}
    return dict([(name, pair) for name, pair in pairs.items() if pair[0] != pair[1]][:SAID])


def _code(axis: SweptProperty, behind: Summary | None) -> float | None:
    if axis.name != "tb-size" or behind is None or behind.counters.get("tb-flushes") != 0:
        return None
    return behind.counters.get("code-bytes")
