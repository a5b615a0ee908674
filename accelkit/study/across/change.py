"""One configuration with one guest in two stores: how many times as long it takes now, and how sure that is. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from accelkit.study.across.unpaired import Median, ratio_of
from accelkit.study.analysis.phases import Phase
from accelkit.study.analysis.ranks import fewest
from accelkit.study.analysis.verdict import MOST_FAILED, Side, VerdictWord, decide
from accelkit.study.model import Cell


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of medians, new to old, with the ends of its interval and the verdict that follows from it.

    Below 1 is faster. ``why`` gives the reason for ``undecided``.
    """

    ratio: float
    low: float
    high: float
    verdict: VerdictWord
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One configuration with one guest, or a phase of it, in two stores.

    ``time`` compares the times of both stores. ``beside`` compares what they are in proportion to the control, by
    default the baseline with the same guest: what makes a whole host faster or slower cancels. It is None for the control
    itself, and without one. ``old_value`` and ``new_value`` are the medians, in ``unit``, both for the work of a run in the
    new store. ``runs`` and ``failed``
    count the trials of the old and the new store that gave a value, and those that gave none.
    """

    guest: str
    configuration: str
    old_build: str
    new_build: str
    runs: tuple[int, int]
    failed: tuple[int, int]
    old_value: float
    new_value: float
    unit: str
    time: Ratio
    beside: Ratio | None
    why_fails: str = ""
    phase: Phase | None = None

    @property
    def fails(self) -> bool:
        """Whether it fails too often now to say how long it takes, and did not before."""
        return bool(self.why_fails)

    @property
    def cell(self) -> Cell:
        """Build, guest and configuration, as the new store has them."""
        return Cell(self.new_build, self.guest, self.configuration)


def change_of(
    old: Median, new: Median, sides: tuple[Side, Side], delta: float, alpha: float, wider: float = 1.0
) -> Ratio:
    """The ratio of two medians and its verdict: undecided if too many trials of a side failed, or too few ran.

    ``alpha`` is the error for which the intervals of both medians were made; the interval is ``wider`` by that factor.

    >>> one = Median(0.0, -0.01, 0.01, 20, 20)
    >>> change_of(
    ...     one, Median(0.1, 0.09, 0.11, 20, 20), (Side("old", 20), Side("new", 20)), 0.01, 0.05
    ... ).verdict
    'slower'
    """
    ratio, low, high = ratio_of(new, old)
    low, high = low / wider, high * wider
    broken = "; ".join(side.failures for side in sides if too_many_failed(side))
    if broken:
        return Ratio(ratio, low, high, "undecided", broken)
    absent = [side.name for side, median in zip(sides, (old, new), strict=True) if not median.runs]
    if absent:
        return Ratio(ratio, low, high, "undecided", f"no run in {' and '.join(absent)}")
    verdict = decide(low, high, delta)
    why = ""
    if verdict == "undecided" and math.isinf(high):
        why = f"{old.runs} and {new.runs} runs, and {fewest(alpha)} of each are the fewest"
    elif verdict == "undecided":
        alike = [
            side.name
            for side, median in zip(sides, (old, new), strict=True)
            if median.independent < median.runs
        ]
        counts = f" (which count as fewer in {' and '.join(alike)}, as neighbours are alike)" if alike else ""
        other = " of slices with other amounts of work" if wider > 1 else ""
        why = f"{old.runs} and {new.runs} runs{other}{counts} leave it between {low:.3g} and {high:.3g}"
    return Ratio(ratio, low, high, verdict, why)


def too_many_failed(side: Side) -> bool:
    """Whether so many trials of a side failed that the others are no fair sample of it."""
    return side.failed > MOST_FAILED * (side.failed + side.runs)
