"""How far a tuning is: the progress of a study, the part that runs, and the best point so far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from accelkit.study.progress import Leader, Progress
from accelkit.study.report.phrases import plural

SURE: Final = 1.96
"""Standard deviations of an estimate on both sides that hold 95% of a normal distribution."""


@dataclass(frozen=True, slots=True)
class TuningProgress(Progress):
    """How far a tuning is, after a trial: ``done`` and ``total`` count the trials of both parts.

    ``part`` is the one that runs, ``tried`` the number of points that were tried. ``incumbent`` is the best point so far,
    by which the next points are chosen, ``ratio`` its estimated cost as a multiple of the baseline's; empty and None
    while nothing is known, and once the confirming study runs. ``measure`` says what that is a cost of,
    ``spread`` is the standard deviation of its logarithm.

    >>> progress = TuningProgress(3, None, 40, 400, 9.0, 81.0, "search", 12, "tcg,thread=multi", 0.59)
    >>> progress.place, progress.leader.ratio
    ('search of 12 points so far, 40 of 400 trials', 0.59)
    """

    part: Literal["search", "confirming study"] = "search"
    tried: int = 0
    incumbent: str = ""
    ratio: float | None = None
    measure: str = "time"
    spread: float | None = None

    @property
    def stage(self) -> str:
        """The part that runs."""
        return self.part

    @property
    def place(self) -> str:
        """The part with its points or blocks, and the trials of both parts."""
        if self.part == "search":
            return f"search of {plural(self.tried, 'point')} so far, {self.trials}"
        of_blocks = "" if self.blocks is None else f" of {self.blocks}"
        return f"confirming study, block {self.block + 1}{of_blocks}, {self.trials}"

    @property
    def leader(self) -> Leader | None:
        """The incumbent, while it is searched; the blocks of the confirming study tell by themselves."""
        if self.part != "search":
            return None
        if self.ratio is None or self.spread is None:
            return Leader(self.incumbent, self.ratio, self.measure)
        reach = math.exp(SURE * self.spread)
        return Leader(self.incumbent, self.ratio, self.measure, self.ratio / reach, self.ratio * reach)
