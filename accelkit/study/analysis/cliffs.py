"""Cliffs: where the time along a swept property has one steep step and is flat on both sides of it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import TELLING, Summary, sliced, telling_counters
from accelkit.study.model import Cell, Configuration
from accelkit.study.plan import Plan
from accelkit.study.swept import ABSENT, SweptProperty

STEEP: Final = 1.5
"""A step is reported if the slow side takes at least this many times as long."""

STEEPEST: Final = 2 / 3
"""A step is a cliff if it makes at least this share of the way from the best ratio to the worst, in logarithms."""

MOST_COUNTERS: Final = 3
"""At most this many counters are reported with a cliff."""


@dataclass(frozen=True, slots=True)
class Cliff:
    """Between the neighbouring values ``slow`` and ``fast`` the time changes by ``factor``."""

    slow: float
    fast: float
    factor: float


def cliff(values: Sequence[float], ratios: Sequence[float], *, least: float = 1.5) -> Cliff | None:
    """The cliff in ``ratios``, times relative to any baseline, over ``values`` in any order; None if there is none.

    A cliff is the largest step between neighbouring values if two conditions hold. The step makes two thirds (in
    logarithms) of the way from the best ratio to the worst, which leaves a third for the slopes on both sides and for
    noise. And all ratios on one side are at least ``least`` times those on the other. Points without a ratio (NaN,
    infinite) are ignored. Raises DomainError if there are not as many ratios as values, or ``least`` is not above 1.

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
    """A cliff along the property ``axis``, with one guest on one build, the other properties being ``fixed``.

    ``counters`` are medians of what QEMU counted in a slice or a run (``per``), at the slow and at the fast end. ``more`` is
    the best time beyond the fast end, as a share of the time at that end; None if no value beyond it was tried.
    ``code`` is the size in bytes of the translated code at the fast end, None where the cache was flushed or the
    property is not tb-size.
    """

    build: str
    guest: str
    axis: SweptProperty
    fixed: Mapping[str, str]
    cliff: Cliff
    counters: Mapping[str, tuple[float, float]]
    more: float | None
    code: float | None
    per: Literal["slice", "run"] = "run"

    def position(self, values: Sequence[str]) -> float:
        """Where the cliff lies among ``values``; 0.5 is halfway between the first and the second."""
        slow, fast = (values.index(str(int(end))) for end in (self.cliff.slow, self.cliff.fast))
        return (slow + fast) / 2


def cliffs_in(
    plan: Plan,
    comparisons: Iterable[Comparison],
    summaries: Mapping[Cell, Summary],
    at: Mapping[str, str] | None = None,
) -> tuple[CliffInStudy, ...]:
    """The cliffs along all properties that are numbers, where the intervals at both ends of the step are disjoint.

    ``at`` fixes some of the other properties, as in :func:`accelkit.study.analysis.tidy.sliced`.
    """
    compared = {comparison.cell: comparison for comparison in comparisons}
    settings = plan.settings
    cliffs: list[CliffInStudy] = []
    for axis in plan.axes.values():
        if not axis.numeric:
            continue
        fixed, points = sliced(plan, (axis.name,), at)
        values = {
            int(value): point
            for point in points
            if (value := settings[point.name][axis.name]) not in (ABSENT, "0")
        }
        for build in plan.builds:
            for guest in plan.guests:
                spans = {
                    value: reached
                    for value, point in values.items()
                    if (reached := span(plan, compared.get(Cell(build.name, guest.name, point.name)), point))
                }
                step = cliff(list(spans), [middle for _, middle, _ in spans.values()], least=STEEP)
                if step is None or not spans[int(step.slow)][0] > spans[int(step.fast)][2]:
                    continue
                ends = [summaries.get(Cell(build.name, guest.name, values[int(end)].name))
                        for end in (step.slow, step.fast)]  # fmt: skip
                sign = 1 if step.fast > step.slow else -1
                beyond = [middle for value, (_, middle, _) in spans.items() if sign * (value - step.fast) > 0]
                cliffs.append(CliffInStudy(
                    build.name, guest.name, axis, fixed, step,
                    _apart(telling_counters(summaries, build.name, guest.name), *ends),
                    min(beyond) / spans[int(step.fast)][1] if beyond else None, _code(axis, ends[1]),
                    ends[1].per if ends[1] else "run",
                ))  # fmt: skip
    return tuple(cliffs)


def span(
    plan: Plan, comparison: Comparison | None, point: Configuration
) -> tuple[float, float, float] | None:
    """Low end, ratio and high end of the interval of ``point``; all 1 for the baseline, None if not compared."""
    if point.name == plan.baseline:
        return 1.0, 1.0, 1.0
    return (comparison.low, comparison.ratio, comparison.high) if comparison and comparison.pairs else None


def _apart(
    names: Sequence[str], slow: Summary | None, fast: Summary | None
) -> dict[str, tuple[float, float]]:
    """The first of the counters ``names`` whose medians differ between the two ends of a cliff far enough to be telling."""
    if slow is None or fast is None:
        return {}
    both = [name for name in names if name in slow.counters and name in fast.counters]
    pairs = {name: (slow.counters[name], fast.counters[name]) for name in both}
    return dict(
        [(name, pair) for name, pair in pairs.items() if max(pair) > TELLING * min(pair)][:MOST_COUNTERS]
    )


def _code(axis: SweptProperty, fast: Summary | None) -> float | None:
    """Bytes of translated code at the fast end, if the cache held all of it."""
    if axis.name != "tb-size" or fast is None or fast.counters.get("tb-flushes") != 0:
        return None
    return fast.counters.get("code-bytes")
