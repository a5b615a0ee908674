"""The families of comparisons of a study, and the fewest blocks with which each can be decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from accelkit.study.analysis.ranks import fewest
from accelkit.study.standards import Standards


class Family(NamedTuple):
    """Comparisons whose intervals hold at once: how many, of what, and the fewest blocks that can decide them."""

    comparisons: int
    of: str
    fewest: int


def workloads(guests: Iterable[object]) -> int:
    """How many workloads are compared: each guest's whole run, and each of its phases.

    >>> from accelkit.guests.makers import linux
    >>> boot = linux("vmlinuz", phases={"kernel": "Linux version", "init": "Run /init"})  # doctest: +SKIP
    >>> workloads(["cpu", boot])  # doctest: +SKIP
    4
    """
    return sum(1 + len(getattr(guest, "phases", ())) for guest in guests)


def families(points: int, workloads: int, builds: int, standards: Standards) -> tuple[Family, ...]:
    """What a study of so many configurations, workloads and builds compares; empty if there is nothing to compare.

    Each configuration with the baseline, on each build; and each build with the first. Each family shares the
    error 1 - confidence among its comparisons (:func:`accelkit.study.analysis.ranks.fewest`).

    >>> families(6, 2, 1, Standards())
    (Family(comparisons=10, of='configurations', fewest=9),)
    >>> [family.fewest for family in families(2, 1, 2, Standards(anytime=True))]
    [9, 9]
    """
    counts = {
        "configurations": (points - 1) * workloads * builds,
        "builds": (builds - 1) * workloads * points,
    }
    error = 1 - standards.confidence
    return tuple(
        Family(count, of, fewest(error / count, standards.anytime)) for of, count in counts.items() if count
    )
