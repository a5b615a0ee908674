"""PreparedTuning: a tuning that is planned and checked, ready to run, to resume and to show what it will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TextIO

from accelkit.document import Paragraph, to_html
from accelkit.errors import StudyError
from accelkit.host.signals import interrupt, interrupting
from accelkit.study.analysis.families import workloads
from accelkit.study.hosts.cluster import pool_of
from accelkit.study.hosts.pool import Pool, Scatter, hosts_of, one_host, together
from accelkit.study.model import Configuration, Record
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress, ProgressBar
from accelkit.study.runner import Watch, run_blocks
from accelkit.study.searched import Terms, Tuning
from accelkit.study.standards import Standards
from accelkit.study.store.reader import read_store, stored_plan
from accelkit.study.store.writer import StoreWriter, open_store
from accelkit.study.worker import Measure, Worker
from accelkit.syntax.shell_words import shell_line
from accelkit.tuning.budget import Budget, fewest_blocks
from accelkit.tuning.finalists import best_names
from accelkit.tuning.forecast import TuningForecast
from accelkit.tuning.goals import cost_word
from accelkit.tuning.points import TuningPoints
from accelkit.tuning.progress import TuningProgress
from accelkit.tuning.search.search import Search
from accelkit.tuning.searching import Searching
from accelkit.tuning.tuned import Tuned
from accelkit.tuning.whole_runs import WholeRuns


@dataclass(frozen=True, slots=True)
class Measuring:
    """What measures a tuning's trials: a worker, whose runs end after ``quick`` seconds in a search; or a function.

    ``quick`` holds for bundled guests, which are timed in slices: few of them are enough for a search.
    """

    by: Worker | Measure
    quick: float = 0.0

    @property
    def longest(self) -> float | None:
        """The seconds after which a whole run ends, if it is of a bundled guest; None without a limit."""
        return self.by.enough if isinstance(self.by, Worker) else None

    def searching(self) -> Measure:
        """What measures trials that bring their configuration along."""
        return replace(self.by, enough=self.quick) if isinstance(self.by, Worker) else self.by

    def confirming(self, configurations: Sequence[Configuration]) -> Measure:
        """What measures trials of these configurations, whole."""
        if isinstance(self.by, Worker):
            return replace(self.by, configurations={point.name: point for point in configurations})
        return self.by


@dataclass(frozen=True, slots=True)
class Pace:
    """About how many seconds a trial of the search takes, and one of the confirming study; None where it is unknown."""

    search: float | None = None
    confirming: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PreparedTuning:
    """A tuning that is ready to run: no trial has run yet. It shows what it will take.

    ``plan`` is that of the confirming study, with the baseline alone: its finalists are what the search finds. ``command``
    is the argv that repeats the tuning, empty for a call from Python.

    >>> from accelkit.tuning import prepare  # doctest: +SKIP
    >>> prepare("tcg,tb-size={8,64,512},thread={single,multi}", "smp", store="tune.sqlite")  # doctest: +SKIP
    tune.sqlite: 400 trials, about 2 min: a search of 6 points, then a confirming study of 3 finalists and the baseline …
    """

    plan: Plan
    points: TuningPoints
    terms: Terms
    measuring: Measuring
    store: str
    standards: Standards = field(default_factory=Standards)
    command: tuple[str, ...] = field(default=(), compare=False)
    pace: Pace = field(default=Pace(), compare=False)

    def run(self, watch: Watch | None = None, scatter: Scatter = map, *, on: object = None) -> Tuned:
        """What to run, when the budget ends. Interrupt at any time; call it again to resume.

        ``watch`` is called with each record once it is stored, and a :class:`TuningProgress`. ``on`` is a Dask client, a
        cluster or a scheduler's address: the blocks then run on its hosts (:mod:`accelkit.study.hosts`). ``scatter``
        sends the trials of this host to an executor. An interrupt is raised as KeyboardInterrupt, whose text says
        where the tuning stopped and how to go on. In the main thread SIGTERM and SIGHUP clean up as Ctrl-C does, print
        that text, and end the process. Raises StudyError if the store cannot be written or holds another tuning, for
        both ``on`` and another ``scatter``, and if no host of ``on`` can run the tuning.
        """
        if on is not None and scatter is not map:
            raise StudyError("on and scatter: both say where trials run; give one of them")
        pool = one_host(scatter) if on is None else pool_of(on)
        places = [""]

        def watching(record: Record, progress: TuningProgress) -> None:
            of_all = f" of {progress.total}" if progress.total else ""
            places[:] = [f"in the {progress.part}, after {progress.done}{of_all} trials"]
            if watch is not None:
                watch(record, progress)

        search = self._new_search()
        tuning = Tuning(self.terms, sampler_of(search))
        with interrupting():
            try:
                with open_store(
                    self.store, self.plan, command=self.command, standards=self.standards, tuning=tuning
                ) as store:
                    clock = _Clock(store.spent())
                    stored = store.search.tuning() or tuning
                    if stored.first is None:
                        stored = self._search(search, store, pool, clock, watching)
                    self._confirm(stored, store, pool, clock, watching)
            except KeyboardInterrupt as stop:
                raise interrupt(stop, self._interrupted(places[0])) from None
        return Tuned.from_store(self.store)

    def forecast(self) -> TuningForecast:
        """What the tuning is going to take from now on. Raises StudyError if the store cannot be read."""
        searched = confirmed = 0
        spent = 0.0
        finalists, blocks = self.budget.split.finalists, 0
        has_ended = False
        if stored_plan(self.store) is not None:
            with read_store(self.store) as stored:
                searched, confirmed, spent = stored.search.count(), stored.count(), stored.spent()
                tuning = stored.search.tuning()
                if tuning is not None and tuning.blocks is not None:
                    finalists, blocks = len(stored.plan.configurations) - 1, tuning.blocks
                    has_ended = True
        if not has_ended:
            blocks = self.budget.split.blocks(finalists, self.budget.split.confirming)
        least = fewest_blocks(1, workloads(self.plan.guests), self.standards)
        return TuningForecast(
            self.store, self.points.size, self.budget, finalists, blocks, least, searched, confirmed, spent,
            has_ended=has_ended,
        )  # fmt: skip

    def progress_bar(self, file: TextIO | None = None) -> ProgressBar:
        """What shows :meth:`run` going on, on stderr or ``file``; it says first what the tuning is going to take.

        Raises StudyError if the store cannot be read.
        """
        confirmed: tuple[Record, ...] = ()
        if stored_plan(self.store) is not None:
            with read_store(self.store) as stored:
                confirmed = tuple(stored.records())
        return ProgressBar(self.plan, confirmed, file=file, opening=repr(self), weights=self.terms.weights)

    def __repr__(self) -> str:
        try:
            return str(self.forecast())
        except StudyError as error:  # of the store: showing a value never fails
            return str(error)

    def _repr_html_(self) -> str:
        return to_html([Paragraph((repr(self),))])

    @property
    def budget(self) -> Budget:
        """The budget, and how it is divided."""
        terms, pace = self.terms, self.pace
        return Budget(terms.trials, terms.seconds, len(self.plan.guests), pace.search, pace.confirming)

    def _new_search(self) -> Search:
        return Search(
            self.points.points, baseline=self.points.start, budget=self.budget.split.search,
            allowed=self.points.allows, seed=self.plan.seed,
        )  # fmt: skip

    def _search(
        self, search: Search, store: StoreWriter, pool: Pool, clock: _Clock, watch: TuningWatch
    ) -> Tuning:
        """Run the search to its end, and begin the confirming study; the tuning as it is stored then."""
        budget = self.budget
        runs = WholeRuns(self.plan.guests, self.measuring.longest)
        for record in store.search.records():
            runs.add(record)
        searching = Searching(
            self.plan, self.terms, self.points, search, store.search, budget.search_trials,
            lambda done: clock.elapsed() >= budget.search_seconds(done, clock.elapsed(), runs.ratio),
        )  # fmt: skip
        measure = self.measuring.searching()
        with closing(together(pool(measure, searching.blocks()))) as batches:
            for batch in batches:
                try:
                    searching.keep(batch, hosts_of(pool))
                finally:
                    for record in batch:
                        runs.add(record)
                        watch(record, self._progress(searching, clock, record.trial.block))
        if missing := searching.missing():
            raise StudyError(f"{missing} trials have no record. All records are stored: run the same again")
        finalists, blocks = self._finalists(searching, store, clock, runs.ratio)
        store.confirm(finalists, searching.next_block, blocks, searching.found())
        return store.search.tuning() or Tuning(self.terms, sampler_of(search))

    def _finalists(
        self, searching: Searching, store: StoreWriter, clock: _Clock, longer: float
    ) -> tuple[list[Configuration], int]:
        """Who takes part in the confirming study beside the baseline, and its number of blocks.

        A whole run takes ``longer`` times as long as one of the search.
        """
        budget, compared, baseline = self.budget, workloads(self.plan.guests), self.plan.baseline
        chosen = searching.finalists(budget.split.finalists)
        if len(self.plan.guests) > 1 and chosen:
            own = {*best_names(store.search.records(), self.terms, chosen[0].name).values()}
            own -= {baseline, *(point.name for point in chosen)}
            # Behind the best of all and before the others: without them nobody knows what a guest pays for it.
            chosen[1:1] = [point.configuration for point in store.search.points() if point.name in own]
        left = budget.left(searching.done, clock.elapsed(), longer)
        while len(chosen) > 1 and left // (len(chosen) + 1) < fewest_blocks(
            len(chosen), compared, self.standards
        ):
            chosen.pop()
        return chosen, budget.split.blocks(len(chosen), left) if chosen else 0

    def _confirm(
        self, tuning: Tuning, store: StoreWriter, pool: Pool, clock: _Clock, watch: TuningWatch
    ) -> None:
        """Run the confirming study to its end, which is that of the time where a busy host is slower than planned."""
        if not tuning.blocks or tuning.first is None:
            return
        searched, tried = store.search.count(), len(store.search.points())

        def watching(record: Record, progress: Progress) -> None:
            total = None if progress.total is None else progress.total + searched
            watch(record, TuningProgress(
                progress.block, progress.blocks, progress.done + searched, total, clock.elapsed(), progress.left,
                "confirming study", tried,
            ))  # fmt: skip

        plan = store.plan
        records = run_blocks(
            plan, self.measuring.confirming(plan.configurations), store, blocks=tuning.blocks,
            first=tuning.first, seconds=self.terms.seconds, pool=pool, watch=watching,
        )  # fmt: skip
        for _ in records:
            pass

    def _progress(self, searching: Searching, clock: _Clock, block: int) -> TuningProgress:
        total, ends = self.terms.trials, list[float]()
        if total is not None:
            ends.append(clock.elapsed() / max(1, searching.done) * max(0, total - searching.done))
        if self.terms.seconds is not None:
            ends.append(max(0.0, self.terms.seconds - clock.elapsed()))
        leading = searching.incumbent
        return TuningProgress(
            block, None, searching.done, total, clock.elapsed(), min(ends), "search", searching.tried,
            leading.name, leading.ratio, cost_word(self.terms), leading.spread,
        )  # fmt: skip

    def _interrupted(self, place: str) -> str:
        """Where the tuning stopped, and how to go on."""
        resume, look = "make the same call again", f"Tuned.from_store({self.store!r})"
        if self.command:
            resume, look = shell_line(self.command), shell_line(["accelkit", "report", self.store])
        where = place or "before a trial"
        return f"interrupted {where}; {self.store} keeps all trials; to resume: {resume}; the result so far: {look}"


def sampler_of(search: Search) -> str:
    """What chooses the points of a search, as words."""
    own = "Thompson sampling from a response surface"
    return f"{own}, with proposals by {search.sampler}" if search.sampler else own


TuningWatch = Callable[[Record, TuningProgress], object]


class _Clock:
    """Seconds of a tuning, those of earlier calls included."""

    def __init__(self, spent: float) -> None:
        self._spent, self._began = spent, time.perf_counter()

    def elapsed(self) -> float:
        """Seconds so far."""
        return self._spent + time.perf_counter() - self._began
