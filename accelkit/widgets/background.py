"""BackgroundStudy: runs a study in a thread of its own, to be stopped and gone on with. Knows no widgets."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final, Literal

from accelkit.errors import AccelkitError, StudyError
from accelkit.study.model import Record, Trial
from accelkit.study.progress import Progress
from accelkit.study.report import charts
from accelkit.study.setup import PreparedStudy
from accelkit.study.worker import Measure

StudyEnd = Literal["stopped", "finished", "failed"]


class _StoppedError(Exception):
    """Ends a run between two trials, with all that was measured stored."""


class BackgroundStudy:
    """Runs ``asked`` in this process: one thread, which outlives every trial that it began.

    ``outcome`` is how the last run ended, None before one has; ``problem`` says why it failed.
    ``progress``, ``failed`` and ``trial`` are those of the run, ``trial`` the one that is being measured.
    What draws charts is loaded before the first trial, not between two: it takes seconds of CPU.
    """

    def __init__(self, asked: PreparedStudy) -> None:
        self.asked: Final = asked
        self.running = False
        self.outcome: StudyEnd | None = None
        self.problem = ""
        self.progress: Progress | None = None
        self.trial: Trial | None = None
        self.failed: tuple[Record, ...] = ()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._block: int | None = None
        self._listeners: list[Callable[[], object]] = []

    @property
    def stopping(self) -> bool:
        """Whether the run ends after the trial that is being measured."""
        return self.running and self._stop.is_set()

    def attach(self, listener: Callable[[], object]) -> None:
        """Has ``listener`` called when a run ends and between two blocks, when no trial would be disturbed."""
        self._listeners.append(listener)

    def leave(self, listener: Callable[[], object]) -> None:
        """Calls ``listener`` no more; when the last has left, the run stops."""
        if listener in self._listeners:
            self._listeners.remove(listener)
        if not self._listeners:
            self.stop()

    def start(self) -> None:
        """Begins the study, or goes on with it; does nothing while it runs."""
        with self._lock:
            if self.running:
                return
            self.running, self.outcome, self.problem = True, None, ""
            self.progress, self._block, self.failed = None, None, ()
            self._stop.clear()
            # A daemon: a kernel that is shut down waits for no trial, and the store needs no farewell.
            self._thread = threading.Thread(target=self._run, name="accelkit study", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends the run once the trial that is being measured is stored; returns at once."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the run has ended, within so many seconds."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        outcome: StudyEnd = "failed"
        try:
            with suppress(StudyError):  # nothing draws here: the dashboard says so in the chart's place
                charts.load()
            self.asked.run(self._watch, self._scatter)
            outcome = "finished"
        except _StoppedError:
            outcome = "stopped"
        except AccelkitError as error:
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001  # said in the dashboard: a thread has no other place
            self.problem = f"{type(error).__name__}: {error}"
        self.outcome, self.trial = outcome, None
        self.running = False
        self._tell()

    def _scatter(self, measure: Measure, trials: Iterable[Trial]) -> Iterable[Record]:
        return map(measure, self._handed(trials))

    def _handed(self, trials: Iterable[Trial]) -> Iterator[Trial]:
        for trial in trials:
            if trial.block != self._block:
                self._block = trial.block
                self._tell()
            if self._stop.is_set():
                raise _StoppedError
            self.trial = trial
            yield trial

    def _watch(self, record: Record, progress: Progress) -> None:
        self.progress = progress
        if not record.ok:
            self.failed = (*self.failed, record)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


_known: Final[dict[str, BackgroundStudy]] = {}


def background_study(asked: PreparedStudy) -> BackgroundStudy:
    """The background that runs this very study already, as for a cell that is run again, else a new one."""
    place = os.path.realpath(asked.store)
    known = _known.get(place)
    if known is None or not known.running or known.asked != asked:
        known = _known[place] = BackgroundStudy(asked)
    return known
