"""One trial, of which nothing is ever lost: what measuring raises becomes a record."""

from __future__ import annotations

import errno
import time
import traceback
from collections.abc import Callable
from typing import Final

from accelkit.study.trial import Record, Trial

Measure = Callable[[Trial], Record]
"""Runs a trial, and tells what came of it."""

FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def attempt(measure: Measure, trial: Trial) -> Record:
    """What ``measure`` makes of the trial; what it raises is a record, too.

    >>> attempt(lambda trial: 1 / 0, Trial("7.2", "cpu", "tcg", 0, 0)).why
    'ZeroDivisionError: division by zero'
    """
    started = time.time()
    try:
        return measure(trial)
    except Exception as error:  # noqa: BLE001 - one trial, not the study; an interrupt passes
        full = isinstance(error, OSError) and error.errno in FULL
        return Record(
            trial,
            "no-space" if full else "error",
            why=f"{type(error).__name__}: {error}",
            stderr=traceback.format_exc(),
            started=started,
        )
