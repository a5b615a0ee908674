"""SearchSummary: what the search of a tuning did. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accelkit.study.searched import TriedPoint


@dataclass(frozen=True, slots=True)
class SearchSummary:
    """What the search of a tuning did.

    ``size`` is the number of points, ``tried`` has those that were tried, with what was found out of them. ``trials`` are
    those of the search, ``confirming`` those of the confirming study. ``sampler`` says what chose the points. ``dropped``
    says by name why a point was not tried any more, ``unusable`` why one cannot be the pick: a trial failed, or broke a
    constraint. ``ended`` is False while it is searched, ``is_over`` True once the confirming study has ended, too.
    """

    size: int
    tried: tuple[TriedPoint, ...]
    trials: int
    confirming: int
    sampler: str
    dropped: Mapping[str, str]
    unusable: Mapping[str, str]
    ended: bool
    is_over: bool = False
