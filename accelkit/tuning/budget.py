"""How a tuning divides its budget: most for the search, enough for a confirming study that can decide. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from accelkit.errors import StudyError
from accelkit.study.analysis.families import families
from accelkit.study.standards import Standards

CONFIRMED: Final = 3
"""Finalists beside the baseline, at most, besides the best point of each of several guests."""

SHARE: Final = 1 / 3
"""The confirming study's share of the budget, at most."""

MOST_BLOCKS: Final = 100
"""Blocks of a confirming study, at most: what it has beyond goes to the search."""

FEWEST_POINTS: Final = 4
"""A search tries at least so many points."""


class Confirming(NamedTuple):
    """A confirming study: the number of finalists beside the baseline, and of blocks."""

    finalists: int
    blocks: int

    def trials(self, guests: int) -> int:
        """The trials that it takes."""
        return (self.finalists + 1) * self.blocks * guests


def fewest_blocks(finalists: int, workloads: int, standards: Standards) -> int:
    """The fewest blocks with which so many finalists can be decided."""
    return max(family.fewest for family in families(finalists + 1, workloads, 1, standards))


def fewest_trials(guests: int, workloads: int, standards: Standards) -> int:
    """The fewest trials of a tuning that can decide anything: one finalist, and a search of few points."""
    confirming = Confirming(1, fewest_blocks(1, workloads, standards))
    return confirming.trials(guests) + FEWEST_POINTS * guests


def confirming(
    trials: float, guests: int, workloads: int, standards: Standards, most: int = CONFIRMED
) -> Confirming:
    """The confirming study of a tuning of so many ``trials``: as many finalists, at most, as can be decided.

    >>> confirming(400, 1, 1, Standards()), confirming(60, 1, 1, Standards())
    (Confirming(finalists=3, blocks=33), Confirming(finalists=1, blocks=10))
    """
    for finalists in range(most, 0, -1):
        blocks = int(trials * SHARE) // ((finalists + 1) * guests)
        if blocks >= fewest_blocks(finalists, workloads, standards) or finalists == 1:
            return Confirming(finalists, blocks_of(blocks, finalists, workloads, standards))
    raise AssertionError


def blocks_of(affordable: int, finalists: int, workloads: int, standards: Standards) -> int:
    """The blocks of a confirming study for which ``affordable`` ones are left: enough to decide, and not too many."""
    return max(min(affordable, MOST_BLOCKS), fewest_blocks(finalists, workloads, standards))


def refuse_too_few(trials: int | None, guests: int, workloads: int, standards: Standards) -> None:
    """Raises StudyError for fewer ``trials`` than a tuning needs to decide anything."""
    least = fewest_trials(guests, workloads, standards)
    if trials is not None and trials < least:
        raise StudyError(
            f"trials: {trials} cannot decide anything: a confirming study of two configurations and a search of"
            f" {FEWEST_POINTS} points need at least {least}; give more"
        )
