"""How much longer whole runs take than those of a search, which are cut short. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable

from accelkit.guests.catalogue import Guest
from accelkit.study.model import PlannedGuest, Record


class WholeRuns:
    """Of the runs of a search, how many times as long whole ones are on a host as it is.

    A busy host makes a whole run longer, and leaves a run that is cut short as long as it is: it does fewer slices.
    ``longest`` are the seconds after which a whole run is cut short, too. A guest without slices runs whole in a search.

    >>> from accelkit.guests import guest
    >>> from accelkit.study.model import Trial
    >>> runs = WholeRuns([guest("cpu").with_work(slices=100)], longest=3.0)
    >>> runs.add(Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.0, slices=(1,) * 20, wall=0.2))
    >>> runs.add(Record(Trial("7.2", "cpu", "tcg", 1, 0), "ok", value=1.0, slices=(1,) * 4, wall=0.2))
    >>> runs.ratio
    10.0
    """

    def __init__(self, guests: Iterable[PlannedGuest], longest: float | None) -> None:
        self._slices = {guest.name: guest.slices for guest in guests if isinstance(guest, Guest)}
        self._longest = math.inf if longest is None else longest
        self._cut, self._whole = 0.0, 0.0

    def add(self, record: Record) -> None:
        """Counts a run of the search."""
        if not record.ok:
            return
        planned = self._slices.get(record.trial.guest, 0)
        whole = record.wall * planned / len(record.slices) if record.slices and planned else 0.0
        self._cut += record.wall
        self._whole += max(record.wall, min(whole, self._longest))

    @property
    def ratio(self) -> float:
        """How many times as long a whole run is as one of the search; 1 as long as nothing is known."""
        return self._whole / self._cut if self._cut else 1.0
