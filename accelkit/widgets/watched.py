"""What a dashboard shows of a store: a study as a Result, a tuning as what it recommends. Knows no widgets."""

from __future__ import annotations

from accelkit.study.analysis.tidy import latest
from accelkit.study.model import Record
from accelkit.study.result import Result
from accelkit.study.store.reader import read_store
from accelkit.tuning.tuned import Tuned

Shown = Result | Tuned
"""A study that is shown, or a tuning."""


def stored(path: str) -> Shown:
    """What the store at ``path`` holds now. Raises StudyError if it is none, or cannot be read."""
    with read_store(path) as store:
        return Result.of(store) if store.search.tuning() is None else Tuned.of(store)


def failures_of(shown: Shown) -> tuple[Record, ...]:
    """The trials without a value, in the order measured; of a tuning those of its search, too.

    Raises StudyError if the store of a tuning cannot be read.
    """
    if isinstance(shown, Result):
        return shown.failures
    return latest(record for record in trials_of(shown) if not record.ok)


def trials_of(shown: Shown) -> tuple[Record, ...]:
    """All trials; of a tuning those of its search, and then those of its confirming study.

    Raises StudyError if the store of a tuning cannot be read.
    """
    return shown.trials if isinstance(shown, Result) else (*shown.searched(), *shown.result.trials)
