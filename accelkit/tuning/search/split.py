"""How the trials of a tuning are divided: most for the search, the rest to confirm what it found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SHARE: Final = 0.2
"""The share of the trials that confirm."""

LEAST_BLOCKS: Final = 12
"""With so many blocks the interval alone decides (accelkit.study.analysis.verdict.FEW_PAIRS)."""

MOST_BLOCKS: Final = 30
MOST_FINALISTS: Final = 3


@dataclass(frozen=True, slots=True)
class Split:
    """The trials of the search, and the most finalists; ``confirming`` trials are for these and the baseline."""

    search: int
    confirming: int
    finalists: int

    def blocks(self, finalists: int, left: int) -> int:
        """The blocks of the confirming study of so many finalists, if ``left`` trials are left, and a baseline beside them."""
        return min(left // (finalists + 1), max(MOST_BLOCKS, self.confirming // (finalists + 1)))


def split(trials: int) -> Split:
    """How so many trials are divided: a fifth confirms, more of few trials, at most 30 blocks of three finalists.

    >>> split(400), split(150)
    (Split(search=320, confirming=80, finalists=3), Split(search=114, confirming=36, finalists=2))
    """
    least = min(3 * LEAST_BLOCKS, trials // 3)
    confirming = min(max(round(SHARE * trials), least), MOST_BLOCKS * (MOST_FINALISTS + 1))
    finalists = max(1, min(MOST_FINALISTS, confirming // LEAST_BLOCKS - 1))
    return Split(trials - confirming, confirming, finalists)
