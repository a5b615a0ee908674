"""A measure for studies that need no QEMU, of which a test decides when each trial ends."""

from __future__ import annotations

import threading

from accelkit.study.model import Record, Trial

from .fake_study import fake

PATIENCE = 300.0
"""Seconds that bound a hang, on however slow a host."""


class Paced:
    """Measures as ``fake`` does, but waits for a permit before each trial ends."""

    def __init__(self) -> None:
        self.begun = 0
        self._starts = threading.Semaphore(0)
        self._permits = threading.Semaphore(0)

    def __call__(self, trial: Trial) -> Record:
        self.begun += 1
        self._starts.release()
        assert self._permits.acquire(timeout=PATIENCE)
        return fake(trial)

    def let(self, trials: int) -> None:
        """Let so many more trials end."""
        self._permits.release(trials)

    def wait_for(self, begun: int) -> None:
        """Return once so many trials have begun."""
        while self.begun < begun:
            assert self._starts.acquire(timeout=PATIENCE)
