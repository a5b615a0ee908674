"""Dashboard: starts, stops and watches a study or a tuning in the notebook, while the kernel stays free."""

from __future__ import annotations

import os
import threading
import time
from typing import Any, Final

from accelkit.errors import AccelkitError, StudyError
from accelkit.study.analysis.tidy import latest
from accelkit.study.model import Record
from accelkit.study.prepared import PreparedStudy
from accelkit.study.result import Result
from accelkit.study.store.lock import writer_of
from accelkit.study.store.reader import read_store
from accelkit.tuning.prepared import PreparedTuning
from accelkit.tuning.tuned import Tuned
from accelkit.widgets import progress_view
from accelkit.widgets.background import BackgroundStudy, Prepared, background_study
from accelkit.widgets.guard import Guard
from accelkit.widgets.look import Look
from accelkit.widgets.progress_view import State, StoredProgress, View
from accelkit.widgets.toolkit import t, w
from accelkit.widgets.watched import Shown, failures_of, stored
from accelkit.widgets.winner import WinnerBox

SHARE: Final = 10.0
"""At most one part in this many of the time goes into drawing, which shares the CPUs with the measured QEMUs."""


START: Final = "run the study; trials in the store are not measured again"
STOP: Final = "stop after the running trial; nothing is lost"


class Dashboard(w.VBox):
    """Shows a store, and runs its study or tuning if it got a prepared one; everything that lasts is in the store.

    Below its state stand the answer, the winner to copy, the chart and the table.

    ``state`` is the state on show, ``result`` the contents of the store when the charts were last drawn;
    both can be observed and may be set from any thread. While this dashboard runs the study, the table and
    the chart are drawn between two blocks, when no trial is being measured.
    """

    state = t.Unicode("not started", help="the state on show: running, stopped, finished, failed and so on")
    result = t.Any(None, help="the contents of the store when last drawn; None before there is a store")

    def __init__(self, study: Prepared | Shown | str | os.PathLike[str], every: float) -> None:
        look = Look()
        super().__init__(layout=look.column)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self._closed = threading.Event()
        self._study: BackgroundStudy | None = None
        if not every > 0:
            raise StudyError(f"every={every}: takes the seconds between two updates; give more than 0")
        self._every = every
        self._fixed: Shown | None = None  # a result to show instead of a store
        self._store = ""
        self._stored = StoredProgress()
        self._failures: tuple[Record, ...] = ()  # in the store when it was last read
        self._logged: tuple[Record, ...] = ()  # in the log on show
        self._fault = ""  # why the store cannot be read or drawn
        self._mark: object = None  # of the store when it was last read
        self._next = 0.0  # the earliest time of the next drawing
        self._warm = False  # whether a chart was drawn: the first takes longer, as it loads modules
        self._drawing = threading.Lock()  # protects the store, the chart and the tables
        self._showing = threading.Lock()  # protects what is quick, so that a click waits for no chart
        self.start_button = w.Button(description="start", layout=look.steady, style=look.button)
        self.stop_button = w.Button(description="stop", layout=look.steady, style=look.button)
        self.buttons = w.HBox(layout=look.together)
        self.message = look.beside()
        self.winner = WinnerBox(look)
        self.progress, self.answer, self.chart, self.verdicts, self.failures = (
            look.below() for _ in range(5)
        )
        match study:
            case PreparedStudy() | PreparedTuning():
                self._store = study.store
                self._study = background_study(study)
                self._study.attach(self._between_blocks)
                self.buttons.children = (self.start_button, self.stop_button)
                self.start_button.on_click(self._clicked)
                self.stop_button.on_click(self._clicked)
            case Result() | Tuned():
                self._fixed = study
            case _:
                self._store = _path(study)
        head = w.HBox(children=(self.buttons, self.message), layout=look.row)
        parts = (self.progress, self.answer, self.winner, self.chart, self.verdicts, self.failures)
        self.children = (head, *parts, look.sheet(), Guard())
        self.add_class("accelkit")
        self.add_class("ak-dashboard")
        self._refresh()
        self._show()
        if self._store:
            threading.Thread(target=self._tick, name="accelkit dashboard", daemon=True).start()

    def __repr__(self) -> str:
        return f"dashboard({self._store or self.result!r}: {self.state})"

    def start(self) -> None:
        """Start the study in a thread, or resume it; returns at once. Interrupting the kernel does not stop
        it: the button does.

        Raises StudyError if the dashboard shows a store or a result only.
        """
        self._own_study().start()
        self._show()

    def stop(self) -> None:
        """Stop the study after the trial being measured; returns at once. Raises StudyError as ``start`` does."""
        self._own_study().stop()
        self._show()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the study has ended, after waiting for at most ``seconds``. Raises StudyError as ``start`` does."""
        return self._own_study().wait(seconds)

    def close(self) -> None:
        """Stop updating; closing the last dashboard of a study also stops the study, after its running trial."""
        if not self._closed.is_set():
            self._closed.set()
            if self._study is not None:
                self._study.detach(self._between_blocks)
        super().close()  # pyright: ignore[reportUnknownMemberType]  # as above

    def _clicked(self, button: Any) -> None:
        self.start() if button is self.start_button else self.stop()

    def _own_study(self) -> BackgroundStudy:
        if self._study is None:
            raise StudyError(
                "this dashboard shows a store and has no study to run; give what prepare() returns"
            )
        return self._study

    # When to update: a ticking thread calls _tick, the thread of the study _between_blocks.

    def _tick(self) -> None:
        while not self._closed.wait(self._every):
            if self._study is None or not self._study.running:
                self._refresh()
            self._show()

    def _between_blocks(self) -> None:
        self._refresh(at_once=not self._own_study().running)
        self._show()

    # What to show.

    def _refresh(self, *, at_once: bool = False) -> None:
        """Read and draw the store if it has changed and was not drawn just before."""
        with self._drawing:
            begin = time.monotonic()
            if self._closed.is_set() or (begin < self._next and not at_once):
                return
            if (mark := _mark(self._store)) == self._mark:
                return
            self._mark, self._fault = mark, ""
            try:
                self._draw(self._read())
            except AccelkitError as error:
                self._fault = str(error)
            except Exception as error:  # noqa: BLE001  # shown here: a thread has no caller; it may be an observer's
                self._fault = f"{type(error).__name__}: {error}"
            end = time.monotonic()
            seconds = end - begin if self._warm else 0.0
            self._warm = self._warm or bool(self.chart.value)
            self._next = end + max(self._every, SHARE * seconds)

    def _read(self) -> Shown | None:
        prepared = None if self._study is None else self._study.prepared
        if self._fixed is not None or (prepared is not None and not os.path.exists(self._store)):
            return self._fixed
        return prepared.result() if isinstance(prepared, PreparedStudy) else stored(self._store)

    def _draw(self, result: Shown | None) -> None:
        if result is not None:
            prepared = None if self._study is None else self._study.prepared
            blocks = prepared.blocks if isinstance(prepared, PreparedStudy) else None
            self._stored, self._failures = progress_view.stored_progress(result, blocks), failures_of(result)
            self.answer.value = progress_view.answer_html(result)
            self.winner.show(result)
            self.chart.value = progress_view.chart_html(result)
            self.verdicts.value = progress_view.verdicts_html(result)
            self.result = result

    def _show(self) -> None:
        """Update state, progress and buttons; cheap, and sent to the page only where they changed."""
        with self._showing:
            if self._closed.is_set():
                return
            view = self._view()
            self.message.value = progress_view.state_html(view)
            self.progress.value = progress_view.progress_html(view)
            if view.plan is not None and view.failures != self._logged:
                self._logged = view.failures
                self.failures.value = progress_view.failures_html(view.plan, view.failures)
            for button, why, does in (
                (self.start_button, progress_view.why_no_start(view), START),
                (self.stop_button, progress_view.why_no_stop(view), STOP),
            ):
                button.disabled, button.tooltip = bool(why), why or does
            self.start_button.description = "resume" if view.progress or view.stored.progress else "start"
        try:
            self.state = view.state
        except Exception as error:  # noqa: BLE001  # an observer's, which must end neither the study nor updating
            self._fault = f"{type(error).__name__}: {error}"

    def _view(self) -> View:
        study, stored, state = self._study, self._stored, self._state()
        progress, trial, problem, failures = None, None, "", self._failures
        shown: Shown | None = self.result
        result = shown.result if isinstance(shown, Tuned) else shown
        plan = study.prepared.plan if study is not None else None if result is None else result.plan
        if study is not None and study.running:
            progress, trial = study.progress, study.trial
            failures = latest((*failures, *study.failed)) if study.failed else failures
        elif state == "running elsewhere":
            trial = stored.upcoming
        if study is not None and study.outcome == "failed":
            problem = study.problem
        problems = "\n".join(filter(None, (problem, self._fault)))
        command = "" if result is None or study is not None else str(result.info.get("command", ""))
        forecast = repr(study.prepared) if study is not None and state in ("not started", "stopped") else ""
        return View(state, stored, progress, trial, plan, failures, command, forecast, problems)

    def _state(self) -> State:
        study, stored = self._study, self._stored
        if self._fixed is not None:
            return "result"
        if study is not None and study.running:
            return "stopping" if study.stopping else "running"
        if writer_of(self._store) is not None:
            return "running elsewhere"
        if study is None:
            return "not running"
        if study.outcome is not None:
            return study.outcome
        if stored.progress is None:
            return "not started"
        return "finished" if stored.complete else "stopped"


def _path(study: str | os.PathLike[str]) -> str:
    try:
        return os.fspath(study)
    except TypeError:
        kind = type(study).__name__
        raise StudyError(
            f"got {kind}; takes what prepare() returns, the path of a store, or a result"
        ) from None


def _mark(store: str) -> object:
    """A value that changes with every trial stored; for a store that cannot be read, the reason."""
    try:
        with read_store(store) as stored:
            return stored.mark()
    except AccelkitError as error:
        return str(error)
