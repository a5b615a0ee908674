"""Dashboard: a study that is started, stopped and watched in the notebook, while the kernel stays free."""

from __future__ import annotations

import os
import threading
import time
from typing import Any, Final

from accelkit.errors import AccelkitError, StudyError
from accelkit.study.analysis.tidy import latest
from accelkit.study.model import Record
from accelkit.study.result import Result
from accelkit.study.setup import PreparedStudy
from accelkit.study.store.lock import writer_of
from accelkit.study.store.reader import read_store
from accelkit.widgets import progress_view as view
from accelkit.widgets.background import BackgroundStudy, background_study
from accelkit.widgets.guard import Guard
from accelkit.widgets.look import Look
from accelkit.widgets.progress_view import State, StoredProgress, View
from accelkit.widgets.toolkit import t, w

SHARE: Final = 10.0
"""Drawing may take one part in so many of the time: it shares the CPUs with what is measured."""


class Dashboard(w.VBox):
    """Shows a store, and runs its study if it was given one; all that lasts is in the store.

    ``state`` is what the dashboard says it is, ``result`` what the store held when it was last drawn:
    both can be observed, from whichever thread sets them. Of a study that this dashboard runs the
    table and the chart are drawn between two blocks, when no trial is being measured.
    """

    state = t.Unicode("not started", help="as shown: running, stopped, finished, failed and so on")
    result = t.Any(None, help="what the store held when it was last drawn; None before there is a store")

    def __init__(self, given: PreparedStudy | Result | str | os.PathLike[str], every: float) -> None:
        look = Look()
        super().__init__(layout=look.column)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self._closed = threading.Event()
        self._conductor: BackgroundStudy | None = None
        if not every > 0:
            raise StudyError(f"every={every}: seconds between two looks; give more than 0")
        self._every = every
        self._given: Result | None = None
        self._store = ""
        self._standing = StoredProgress()
        self._failures: tuple[Record, ...] = ()  # in the store, when it was last read
        self._logged: tuple[Record, ...] = ()  # on show
        self._fault = ""  # why the store cannot be read or drawn
        self._mark: object = None  # of the store, when it was last read
        self._next = 0.0  # not to be drawn before
        self._warm = False  # whether a chart was drawn: the first takes longer, for all that is loaded
        self._drawing = threading.Lock()  # the store, the chart and the tables
        self._showing = threading.Lock()  # all that is quick: who clicks waits for no chart
        self.begin = w.Button(description="start", layout=look.small, style=look.button,
                              tooltip="run the study; what the store has is not measured again")  # fmt: skip
        self.end = w.Button(description="stop", layout=look.small, style=look.button,
                            tooltip="stop after the trial that is being measured; nothing is lost")  # fmt: skip
        self.buttons = w.HBox(layout=look.row)
        self.said, self.far, self.chart, self.verdicts, self.failures = (look.below() for _ in range(5))
        match given:
            case PreparedStudy():
                self._store = given.store
                self._conductor = background_study(given)
                self._conductor.attach(self._between)
                self.buttons.children = (self.begin, self.end)
                self.begin.on_click(self._clicked)
                self.end.on_click(self._clicked)
            case Result():
                self._given = given
            case _:
                self._store = _path(given)
        shown = (self.said, self.far, self.chart, self.verdicts, self.failures)
        self.children = (self.buttons, *shown, look.sheet(), Guard())
        self.add_class("accelkit")
        self.add_class("ak-dashboard")
        self._refresh()
        self._show()
        if self._store:
            threading.Thread(target=self._tick, name="accelkit dashboard", daemon=True).start()

    def __repr__(self) -> str:
        return f"dashboard({self._store or self.result!r}: {self.state})"

    def start(self) -> None:
        """Starts the study, or goes on with it, in a thread; returns at once. Interrupting the kernel
        does not stop it: the button does.

        Raises StudyError where only a store or a result was given.
        """
        self._own().start()
        self._show()

    def stop(self) -> None:
        """Stops the study after the trial that is being measured; returns at once."""
        self._own().stop()
        self._show()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the study that was started here has ended, within ``seconds`` if they are given."""
        return self._own().wait(seconds)

    def close(self) -> None:
        """Ends the refreshing and, once its last dashboard is closed, the study after its running trial."""
        if not self._closed.is_set():
            self._closed.set()
            if self._conductor is not None:
                self._conductor.leave(self._between)
        super().close()  # pyright: ignore[reportUnknownMemberType]  # as above

    def _clicked(self, button: Any) -> None:
        self.start() if button is self.begin else self.stop()

    def _own(self) -> BackgroundStudy:
        if self._conductor is None:
            raise StudyError("here is a store to look at and no study to run; give what prepare() returns")
        return self._conductor

    # When to look: from the ticking thread, and from the background's between two blocks.

    def _tick(self) -> None:
        while not self._closed.wait(self._every):
            if self._conductor is None or not self._conductor.running:
                self._refresh()
            self._show()

    def _between(self) -> None:
        self._refresh(at_once=not self._own().running)
        self._show()

    # What is there, and what is shown of it.

    def _refresh(self, *, at_once: bool = False) -> None:
        """Read the store and draw what it holds, if it has changed and was not drawn just before."""
        with self._drawing:
            began = time.monotonic()
            if self._closed.is_set() or (began < self._next and not at_once):
                return
            if (mark := _mark(self._store)) == self._mark:
                return
            self._mark, self._fault = mark, ""
            try:
                self._draw(self._read())
            except AccelkitError as error:
                self._fault = str(error)
            except Exception as error:  # noqa: BLE001  # said here: a thread has no other place, an observer's too
                self._fault = f"{type(error).__name__}: {error}"
            ended = time.monotonic()
            took = ended - began if self._warm else 0.0
            self._warm = self._warm or bool(self.chart.value)
            self._next = ended + max(self._every, SHARE * took)

    def _read(self) -> Result | None:
        if self._conductor is None:
            return self._given or Result.from_store(self._store)
        return self._conductor.asked.result() if os.path.exists(self._store) else None

    def _draw(self, result: Result | None) -> None:
        if result is not None:
            blocks = None if self._conductor is None else self._conductor.asked.blocks
            self._standing, self._failures = view.standing(result, blocks), result.failures
            self.chart.value = view.chart_html(result)
            self.verdicts.value = view.verdicts_html(result)
            self.result = result

    def _show(self) -> None:
        """Bring state, progress and buttons up to date: cheap, and sent only where they changed."""
        with self._showing:
            if self._closed.is_set():
                return
            sight = self._sight()
            self.said.value = view.state_html(sight)
            self.far.value = view.progress_html(sight)
            if sight.plan is not None and sight.failures != self._logged:
                self._logged = sight.failures
                self.failures.value = view.failures_html(sight.plan, sight.failures)
            self.begin.disabled = sight.state in ("running", "stopping")
            self.end.disabled = sight.state != "running"
            self.begin.description = "resume" if sight.progress or sight.standing.progress else "start"
        try:
            self.state = sight.state
        except Exception as error:  # noqa: BLE001  # an observer's, which must end neither study nor refreshing
            self._fault = f"{type(error).__name__}: {error}"

    def _sight(self) -> View:
        own, stored, state = self._conductor, self._standing, self._state()
        progress, trial, problem, failures = None, None, "", self._failures
        result: Result | None = self.result
        plan = own.asked.plan if own is not None else None if result is None else result.plan
        if own is not None and own.running:
            progress, trial = own.progress, own.trial
            failures = latest((*failures, *own.failed)) if own.failed else failures
        elif state == "running elsewhere":
            trial = stored.upcoming
        if own is not None and own.outcome == "failed":
            problem = own.problem
        said = "\n".join(filter(None, (problem, self._fault)))
        command = "" if result is None or own is not None else str(result.info.get("command", ""))
        return View(state, stored, progress, trial, plan, failures, command, said)

    def _state(self) -> State:
        own, stored = self._conductor, self._standing
        if self._given is not None:
            return "result"
        if own is not None and own.running:
            return "stopping" if own.stopping else "running"
        if writer_of(self._store) is not None:
            return "running elsewhere"
        if own is None:
            return "not running"
        if own.outcome is not None:
            return own.outcome
        if stored.progress is None:
            return "not started"
        return "finished" if stored.complete else "stopped"


def _path(given: str | os.PathLike[str]) -> str:
    try:
        path = os.fspath(given)
    except TypeError:
        kind = type(given).__name__
        raise StudyError(
            f"got {kind}; takes what prepare() returns, the path of a store, or a result"
        ) from None
    return path


def _mark(store: str) -> object:
    """What changes when something is stored; of a store that cannot be read, why not."""
    try:
        with read_store(store) as stored:
            return stored.mark()
    except AccelkitError as error:
        return str(error)
