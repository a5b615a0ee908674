"""The front of several goals: the measured points of which no other is better in one goal and at least as good in the rest."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from accelkit.study.model import Record
from accelkit.study.searched import Terms
from accelkit.tuning.finalists import FEWEST_BLOCKS, latest_of, point_levels
from accelkit.tuning.goals import TIME


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A point of the front, with its estimates beside the baseline: ``time`` and ``max_rss`` as multiples of its.

    ``blocks`` is the number of blocks that the time was measured in. Estimates from few blocks are rough, and those of
    the fastest points are a little too good, as they were chosen for it; the confirming study has none of that.
    """

    name: str
    time: float
    max_rss: float
    blocks: int


def front(records: Iterable[Record], terms: Terms, baseline: str) -> tuple[FrontPoint, ...]:
    """The front of time and memory, the fastest point first; empty for a single goal, or without values of the baseline.

    Points that failed or break a constraint are left out, and those measured in one block alone as soon as others were
    in more: the luckiest of them would look the fastest. Times are compared within blocks
    (:mod:`accelkit.tuning.levels`). Memory is the median of a point's trials with each guest, and the weighted geometric
    mean of the guests.
    """
    if len(terms.goals) < 2:
        return ()
    known = latest_of(records)
    times = point_levels(known, replace(terms, goals={TIME: 1.0}))
    memory = _memory(known, terms)
    if baseline not in times or baseline not in memory:
        return ()
    most = max((times[name].blocks for name in times.keys() & memory.keys() - {baseline}), default=0)
    fewest = min(FEWEST_BLOCKS, most)
    points = [
        FrontPoint(
            name,
            math.exp(level.value - times[baseline].value),
            math.exp(memory[name] - memory[baseline]),
            level.blocks,
        )
        for name, level in times.items()
        if name in memory and level.blocks >= fewest
    ]
    return not_dominated(points)


def not_dominated(points: Iterable[FrontPoint]) -> tuple[FrontPoint, ...]:
    """The points of which no other is better in one of time and memory and at least as good in the other.

    >>> a, b, c = FrontPoint("a", 1, 1, 9), FrontPoint("b", 0.8, 2, 9), FrontPoint("c", 1, 2, 9)
    >>> [point.name for point in not_dominated([a, b, c])]
    ['b', 'a']
    """
    kept: list[FrontPoint] = []
    for point in sorted(points, key=lambda row: (row.time, row.max_rss, row.name)):
        if not kept or point.max_rss < kept[-1].max_rss:
            kept.append(point)
    return tuple(kept)


def _memory(records: Iterable[Record], terms: Terms) -> dict[str, float]:
    """The logarithm of each point's memory over all guests, for points that have it with each of them."""
    of_guests: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        if record.ok and record.max_rss:
            of_guests[record.trial.configuration][record.trial.guest].append(record.max_rss)
    total = math.fsum(terms.weights.values())
    return {
        name: math.fsum(weight * math.log(median(guests[guest])) for guest, weight in terms.weights.items())
        / total
        for name, guests in of_guests.items()
        if all(guest in guests for guest in terms.weights)
    }
