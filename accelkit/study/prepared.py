"""PreparedStudy: a study that is planned and checked, ready to run, to resume and to show what it will take."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TextIO

from accelkit.document import Paragraph, to_html
from accelkit.errors import StudyError
from accelkit.host.signals import interrupt, interrupting
from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.families import families, workloads
from accelkit.study.analysis.racing import lost, precise
from accelkit.study.forecast import Forecast
from accelkit.study.hosts.cluster import pool_of
from accelkit.study.hosts.pool import Pool, Scatter, hosts_of, one_host
from accelkit.study.model import Cell, Record, Trial
from accelkit.study.plan import Plan
from accelkit.study.progress import ProgressBar
from accelkit.study.result import Result
from accelkit.study.runner import Watch, run_blocks
from accelkit.study.schedule import Losers, Records
from accelkit.study.standards import Standards
from accelkit.study.store.reader import read_store, stored_plan
from accelkit.study.store.writer import StoreWriter, open_store
from accelkit.study.worker import Measure
from accelkit.syntax.shell_words import shell_line


@dataclass(frozen=True, slots=True, repr=False)
class PreparedStudy:
    """A study that is ready to run: plan, measure and budget; no trial has run yet. It shows what it will take.

    ``seconds`` and ``precision`` are the budget besides ``blocks``. ``pace`` is about how many seconds a trial takes,
    None if unknown. ``command`` is the argv that repeats the study, empty for a call from Python.

    >>> from accelkit.study import prepare  # doctest: +SKIP
    >>> prepare("tcg,tb-size={8,64}", "cpu", store="tcg.sqlite")  # doctest: +SKIP
    tcg.sqlite: 40 trials (20 blocks of 2), about 22 s; enough to decide 1 comparison (at least 6 blocks)
    """

    plan: Plan
    measure: Measure
    store: str
    blocks: int | None = None
    seconds: float | None = None
    precision: float | None = None
    standards: Standards = field(default_factory=Standards)
    race: bool = True
    command: tuple[str, ...] = field(default=(), compare=False)
    pace: float | None = field(default=None, compare=False)

    def run(self, watch: Watch | None = None, scatter: Scatter = map, *, on: object = None) -> Result:
        """The result when the budget ends. Interrupt at any time; call it again to resume.

        ``on`` is a Dask client, a cluster or a scheduler's address: the blocks then run on its hosts
        (:mod:`accelkit.study.hosts`). ``scatter`` sends the trials of this host to an executor.

        An interrupt is raised as KeyboardInterrupt, whose text says where the study stopped and how to go on. In the
        main thread SIGTERM and SIGHUP clean up as Ctrl-C does, print that text, and end the process. Raises
        StudyError if the store cannot be written or holds another study, for both ``on`` and another ``scatter``, and if
        no host of ``on`` can run the study.
        """
        baseline, standards = self.plan.baseline, self.standards
        losers: Losers | None = None
        if self.race and len(self.plan.configurations) > 2:
            losers = partial(_losers, baseline, standards)
        begun: list[Trial] = []  # the trial that was handed out last
        if on is not None and scatter is not map:
            raise StudyError("on and scatter: both say where trials run; give one of them")
        pool = one_host(partial(_scattered, scatter, begun)) if on is None else _Noting(pool_of(on), begun)

        with interrupting():
            try:
                with open_store(self.store, self.plan, command=self.command, standards=standards) as store:
                    narrow = None
                    if self.precision is not None:
                        narrow = partial(_narrow, self, store)
                    records = run_blocks(
                        self.plan, self.measure, store, blocks=self.blocks, seconds=self.seconds,
                        precise=narrow, losers=losers, pool=pool, watch=watch,
                    )  # fmt: skip
                    for _ in records:
                        pass
            except KeyboardInterrupt as stop:
                raise interrupt(
                    stop, self._interrupted(begun, is_one=on is None and scatter is map)
                ) from None
        return self.result()

    def result(self) -> Result:
        """The trials that the store has now, judged by the standards of this study."""
        standards = self.standards
        return Result.from_store(self.store).judged(delta=standards.delta, confidence=standards.confidence)

    def forecast(self) -> Forecast:
        """What the study is going to take from now on: trials, time, and whether it can give a verdict.

        Raises StudyError if the store cannot be read.
        """
        plan = self.plan
        compared = families(
            len(plan.configurations), workloads(plan.guests), len(plan.builds), self.standards
        )
        stored, blocks, dropped, spent = stored_progress(self.store, self.blocks)
        pace = spent / stored if stored and spent else self.pace
        return Forecast(
            self.store, len(plan.cells), compared, self.blocks, self.seconds, self.precision, stored, blocks,
            dropped, pace, spent, in_shell=bool(self.command),
        )  # fmt: skip

    def progress_bar(self, file: TextIO | None = None) -> ProgressBar:
        """What shows :meth:`run` going on, on stderr or ``file``; it says first what the study is going to take.

        Raises StudyError if the store cannot be read.

        >>> with prepared.progress_bar() as watching:  # doctest: +SKIP
        ...     result = prepared.run(watching)
        """
        before: tuple[Record, ...] = ()
        if stored_plan(self.store) is not None:
            with read_store(self.store) as stored:
                before = tuple(stored.records())
        return ProgressBar(self.plan, before, file=file, opening=repr(self))

    def __repr__(self) -> str:
        try:
            return str(self.forecast())
        except StudyError as error:  # of the store: showing a value never fails
            return str(error)

    def _repr_html_(self) -> str:
        return to_html([Paragraph((repr(self),))])

    def _interrupted(self, begun: Sequence[Trial], *, is_one: bool) -> str:
        """Where the study stopped, and how to go on; ``is_one`` says that the trial handed out last was the one that ran."""
        where = "before its first trial"
        if begun:
            all_blocks = f" of {self.blocks}" if self.blocks else ""
            all_trials = f" of {self.blocks * len(self.plan.cells)}" if self.blocks else ""
            where = f"in block {begun[0].block + 1}{all_blocks}"
            where += f", at trial {begun[0].position + 1}{all_trials}" if is_one else ""
        resume, look = "make the same call again", f"Result.from_store({self.store!r})"
        if self.command:
            resume, look = shell_line(self.command), shell_line(["accelkit", "report", self.store])
        return f"interrupted {where}; {self.store} keeps all trials; to resume: {resume}; the result so far: {look}"


def stored_progress(store: str | os.PathLike[str], blocks: int | None = None) -> tuple[int, int, int, float]:
    """What a store has: trials, blocks, trials dropped before block ``blocks``, and seconds spent; zeros for none.

    Raises StudyError if it cannot be read.
    """
    if stored_plan(store) is None:
        return 0, 0, 0, 0.0
    with read_store(store) as stored:
        done = stored.blocks()
        rests = 0 if blocks is None else stored.drops().left_out(stored.plan.seed, done, blocks)
        return stored.count(), done, rests, stored.spent()


def stored_blocks(store: str) -> int:
    """The number of blocks in a store, 0 if there is none. Raises StudyError if it cannot be read."""
    return stored_progress(store)[1]


class _Noting:
    """A pool that notes the first trial of the block that was handed out last."""

    def __init__(self, pool: Pool, begun: list[Trial]) -> None:
        self._pool, self._begun = pool, begun
        self.hosts = hosts_of(pool)

    def __call__(self, measure: Measure, blocks: Iterator[Sequence[Trial]], /) -> Iterator[Record]:
        return self._pool(measure, self._noted(blocks))

    def _noted(self, blocks: Iterator[Sequence[Trial]]) -> Iterator[Sequence[Trial]]:
        for block in blocks:
            self._begun[:] = [block[0]]
            yield block


def _scattered(
    scatter: Scatter, begun: list[Trial], measure: Measure, trials: Iterable[Trial], /
) -> Iterable[Record]:
    return scatter(measure, _noting(trials, begun))


def _noting(trials: Iterable[Trial], begun: list[Trial]) -> Iterator[Trial]:
    for trial in trials:
        begun[:] = [trial]
        yield trial


def _losers(baseline: str, standards: Standards, records: Records) -> dict[Cell, int]:
    """The cells that have lost by the records so far, and in one of how many blocks each is tried again."""
    losers = lost(records, baseline, margin=standards.delta, confidence=standards.confidence)
    return {cell: loss.every for cell, loss in losers.items()}


def _narrow(prepared: PreparedStudy, store: StoreWriter, records: Sequence[Record]) -> bool:
    """Whether every interval that is still measured is narrower than the study's precision."""
    standards = prepared.standards
    compared = compare(
        records,
        prepared.plan.baseline,
        delta=standards.delta,
        confidence=standards.confidence,
        anytime=standards.anytime,
    )
    comparisons = [row for row in compared if row.phase is None]  # a phase may be too short to be precise
    return precise(comparisons, prepared.precision or 0.0, dropped=store.drops().now)
