"""The budget of a tuning in trials and seconds, and what of it is for the search and for the confirming study. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from accelkit.study.analysis.families import families
from accelkit.study.standards import Standards
from accelkit.tuning.search.split import SHARE, Split, split

UNKNOWN: Final = 10_000
"""The scores that a search plans with where only time ends it, and nobody knows how long a trial takes."""

LARGEST_SHARE: Final = 0.5
"""The confirming study gets this share of the time at most."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of a tuning: ``trials`` and ``seconds``, None without a limit; each score takes a trial of each guest.

    ``search_pace`` and ``pace`` are about how many seconds a trial of the search takes, and one of the confirming study;
    None where nobody knows.
    """

    trials: int | None
    seconds: float | None
    guests: int
    search_pace: float | None = None
    pace: float | None = None

    @property
    def scores(self) -> int:
        """About how many scores the budget is worth.

        >>> Budget(400, None, 2).scores, Budget(None, 60.0, 1, search_pace=0.25, pace=0.25).scores
        (200, 240)
        """
        limits = [] if self.trials is None else [self.trials // self.guests]
        if self.seconds is not None and self.search_pace is not None and self.pace is not None:
            mean = (1 - SHARE) * self.search_pace + SHARE * self.pace
            limits.append(int(self.seconds / (mean * self.guests)))
        return max(2, min(limits, default=UNKNOWN))

    @property
    def split(self) -> Split:
        """How these scores are divided."""
        return split(self.scores)

    @property
    def search_trials(self) -> int | None:
        """The most trials of the search; None if only time ends it."""
        return None if self.trials is None else self.trials - self.split.confirming * self.guests

    def search_seconds(self, trials: int, seconds: float, longer: float = 1.0) -> float:
        """The seconds at which the search ends; infinite if only trials end it.

        So far it took so many ``trials`` and ``seconds``; a whole run takes ``longer`` times as long as one of its runs.
        """
        if self.seconds is None:
            return math.inf
        share, pace = SHARE, self.pace
        if pace is not None:
            pace = longer * seconds / trials if trials else pace
            share = min(LARGEST_SHARE, self.split.confirming * self.guests * pace / self.seconds)
        return self.seconds * (1 - share)

    def left(self, trials: int, seconds: float, longer: float = 1.0) -> int:
        """The scores that are left for the confirming study after so many trials and seconds of the search.

        The pace is that of the search, on the host as it is and on so many hosts, and not the one that was expected.

        >>> Budget(None, 60.0, 1, search_pace=0.2, pace=0.7).left(100, 40.0, longer=3.5)  # 1.4 s a whole run
        14
        """
        limits = [] if self.trials is None else [self.trials - trials]
        if self.seconds is not None:
            pace = longer * seconds / max(1, trials)
            limits.append(int(max(0.0, self.seconds - seconds) / max(pace, 1e-9)))
        return max(0, min(limits)) // self.guests


def fewest_blocks(finalists: int, workloads: int, standards: Standards) -> int:
    """The fewest blocks with which so many finalists can be decided."""
    return max(family.fewest for family in families(finalists + 1, workloads, 1, standards))
