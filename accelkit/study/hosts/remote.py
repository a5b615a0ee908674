"""What runs on a worker of Dask: a block, one trial after the other, each record told as soon as it is there."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from accelkit.study.hosts.guest_files import placed
from accelkit.study.hosts.lock import NAME, one_trial_at_a_time
from accelkit.study.model import Record, Trial
from accelkit.study.worker import Measure, Worker, attempt

MOST_MEASURES: Final = 8
"""Measures of so many studies a worker keeps."""

_MEASURES: Final[dict[str, Measure]] = {}
"""Measures by the topic of their study."""


class ForgottenError(Exception):
    """A worker does not have the measure of this study: it is a new process."""


def install(topic: str, measure: bytes, places: Mapping[str, str]) -> None:
    """Keep the pickled ``measure`` of the study of ``topic``; ``places`` says where the files of its guests are here."""
    loaded: Measure = pickle.loads(measure)  # noqa: S301 - from the study's client, as all that Dask runs
    if isinstance(loaded, Worker):
        loaded = replace(loaded, guests=placed(loaded.guests, places))
    while len(_MEASURES) >= MOST_MEASURES:
        del _MEASURES[next(iter(_MEASURES))]
    _MEASURES[topic] = loaded


def run_block(topic: str, host: str, trials: Sequence[Trial], lock: str = NAME) -> int:
    """Measure the trials one after the other, and tell each record under ``topic``; how many were measured.

    Ends before the next trial once nobody wants the block any more. Raises ForgottenError if :func:`install` was not
    called in this process.
    """
    from distributed import get_worker  # from the extra `scale`

    if (measure := _MEASURES.get(topic)) is None:
        raise ForgottenError(topic)
    worker: Any = get_worker()
    key = worker.get_current_task()
    for number, trial in enumerate(trials):
        task = worker.state.tasks.get(key)
        if task is None or task.state != "executing":  # cancelled by its client, or the client is gone
            return number
        with one_trial_at_a_time(lock):
            record = attempt(measure, trial)
        told = _of_host(record, host)
        worker.log_event(topic, {"host": host, "record": pickle.dumps(told)})
    return len(trials)


def _of_host(record: object, host: str) -> object:
    return replace(record, host=host) if isinstance(record, Record) else record


def record_in(event: Mapping[str, object]) -> tuple[str, Any]:
    """The host and the record of an event that :func:`run_block` told."""
    data = cast("dict[str, Any]", event)
    return data["host"], pickle.loads(data["record"])  # noqa: S301 - from a worker of the study
