"""The point that changes less than the pick and seems as good: which settings of a pick showed no effect. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from accelkit.study.analysis.best import Best
from accelkit.study.model import Configuration
from accelkit.tuning.summary import SearchSummary


class Simpler(NamedTuple):
    """A point that changes less than the pick: its name, and its cost by the search as a multiple of the pick's."""

    name: str
    ratio: float


def simpler(best: Best, search: SearchSummary) -> Simpler | None:
    """The point as good as the pick with the fewest of its settings, and no others; None if all of them seem to matter.

    As good is what the search estimates to cost at most delta more. The baseline and the other finalists are left out: the
    confirming study says of these what they are worth. Among points with as many settings it is the one that costs least.
    """
    ratios = {point.name: point.ratio for point in search.tried}
    own = ratios.get(best.name)
    if own is None:
        return None
    changed = _changes(best.configuration, best.baseline)
    known = {best.baseline.name, *(point.name for point in best.candidates), *search.unusable}
    found: list[tuple[int, float, str]] = []
    for point in search.tried:
        if point.ratio is None or point.name in known or point.ratio - own > math.log1p(best.standards.delta):
            continue
        changes = _changes(point.configuration, best.baseline)
        if changes.items() < changed.items():
            found.append((len(changes), point.ratio - own, point.name))
    if not found:
        return None
    _, behind, name = min(found)
    return Simpler(name, math.exp(behind))


def _changes(point: Configuration, baseline: Configuration) -> Mapping[str, str | None]:
    """What a point sets otherwise than the baseline; None for what only the baseline sets."""
    return {
        key: point.settings.get(key)
        for key in {**point.settings, **baseline.settings}
        if point.settings.get(key) != baseline.settings.get(key)
    }
