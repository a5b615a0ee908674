"""Known tunings that have been run: once for all tests of a process."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from functools import cache
from pathlib import Path
from unittest.mock import patch

from support.known_tuning import known_tuning

from accelkit.tuning import Tuned
from accelkit.tuning.search.search import Search


def in_turns(self: Search, block: int, _: Collection[int] = ()) -> tuple[int, ...]:
    """The baseline and seven others, in turns, in 16 blocks: what is chosen is the same on every machine."""
    others = [1 + (7 * block + step) % 19 for step in range(7)]
    return (0, *(point for point in others if point not in self.dropped)) if block < 16 else ()


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """Removed at the end of the process."""
    return tempfile.TemporaryDirectory(prefix="accelkit-tuned-")


@cache
def tuned(kind: str = "two guests") -> Tuned:
    """A tuning of ``two guests``; of one for ``time and memory``; of one whose baseline is best, ``keep``."""
    store = Path(folder().name) / f"{kind.replace(' ', '-')}.sqlite"
    match kind:
        case "two guests":
            prepared = known_tuning(store)
        case "time and memory":
            prepared = known_tuning(store, "smp", goals={"time": 1, "max_rss": 0.3})
        case _:
            prepared = known_tuning(store, "cpu", trials=300)
    with patch.object(Search, "ask", in_turns):
        return prepared.run()
