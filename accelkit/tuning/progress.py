"""How far a tuning is: the progress of a study, the part that runs, and the best point so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from accelkit.study.progress import Progress


@dataclass(frozen=True, slots=True)
class TuningProgress(Progress):
    """How far a tuning is, after a trial: ``done`` and ``total`` count the trials of both parts.

    ``part`` is the one that runs, ``tried`` the number of points that were tried, ``incumbent`` the name of the best so
    far, by which the next points are chosen; empty while nothing is known, and once the confirming study runs.
    """

    part: Literal["search", "confirming study"] = "search"
    tried: int = 0
    incumbent: str = ""
