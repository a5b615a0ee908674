"""BackgroundStudy: runs a study or a tuning in a thread, which can be stopped and started again. Knows no widgets."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final, Literal

from accelkit.errors import AccelkitError, StudyError
from accelkit.study.model import Record, Trial
from accelkit.study.prepared import PreparedStudy
from accelkit.study.progress import Progress
from accelkit.study.report import charts
from accelkit.study.worker import Measure
from accelkit.tuning.prepared import PreparedTuning

Prepared = PreparedStudy | PreparedTuning

StudyEnd = Literal["stopped", "finished", "failed"]


class _StoppedError(BaseException):
    """Ends a run between two trials; all trials so far are stored. As an interrupt, it is no failure of the scatter."""


class BackgroundStudy:
    """Runs ``prepared`` in one thread of this process; the thread ends between two trials only.

    ``outcome`` is how the last run ended, None before the first end; ``problem`` says why it failed.
    ``progress``, ``failed`` and ``trial`` are those of the run, ``trial`` the one being measured.
    The modules that draw charts are loaded before the first trial, not between two: loading takes seconds of CPU.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared: Final = prepared
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
        """Whether the run ends after the trial being measured."""
        return self.running and self._stop.is_set()

    def attach(self, listener: Callable[[], object]) -> None:
        """Call ``listener`` when a run ends and between two blocks, when it disturbs no trial."""
        self._listeners.append(listener)

    def detach(self, listener: Callable[[], object]) -> None:
        """Stop calling ``listener``; when the last one is detached, the run stops."""
        if listener in self._listeners:
            self._listeners.remove(listener)
        if not self._listeners:
            self.stop()

    def start(self) -> None:
        """Start the study, or resume it; does nothing while it runs."""
        with self._lock:
            if self.running:
                return
            self.running, self.outcome, self.problem = True, None, ""
            self.progress, self._block, self.failed = None, None, ()
            self._stop.clear()
            # A daemon thread: a kernel that shuts down waits for no trial, and the store needs no closing.
            self._thread = threading.Thread(target=self._run, name="accelkit study", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the run once the trial being measured is stored; returns at once."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the run has ended, after waiting for at most ``seconds``."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        outcome: StudyEnd = "failed"
        try:
            with suppress(StudyError):  # without these modules the dashboard says so in place of the chart
                charts.load()
            self.prepared.run(self._record, self._scatter)
            outcome = "finished"
        except _StoppedError:
            outcome = "stopped"
        except AccelkitError as error:
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001  # the dashboard shows it: a thread has no caller
            self.problem = f"{type(error).__name__}: {error}"
        self.outcome, self.trial = outcome, None
        self.running = False
        self._notify()

    def _scatter(self, measure: Measure, trials: Iterable[Trial]) -> Iterable[Record]:
        return map(measure, self._until_stopped(trials))

    def _until_stopped(self, trials: Iterable[Trial]) -> Iterator[Trial]:
        for trial in trials:
            if trial.block != self._block:
                self._block = trial.block
                self._notify()
            if self._stop.is_set():
                raise _StoppedError
            self.trial = trial
            yield trial

    def _record(self, record: Record, progress: Progress) -> None:
        self.progress = progress
        if not record.ok:
            self.failed = (*self.failed, record)

    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            listener()


_studies: Final[dict[str, BackgroundStudy]] = {}


def background_study(prepared: Prepared) -> BackgroundStudy:
    """The background study that already runs ``prepared``, as when a cell is run again; otherwise a new one."""
    store = os.path.realpath(prepared.store)
    study = _studies.get(store)
    if study is None or not study.running or not _is_same(study.prepared, prepared):
        study = _studies[store] = BackgroundStudy(prepared)
    return study


def _is_same(one: Prepared, other: Prepared) -> bool:
    """Whether both ask for the same: the points of a tuning are the same where their source is."""
    if isinstance(one, PreparedTuning) and isinstance(other, PreparedTuning):
        return (one.plan, one.terms, one.measuring, one.standards) == (
            other.plan, other.terms, other.measuring, other.standards
        )  # fmt: skip
    return one == other
