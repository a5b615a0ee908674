"""Runs a study: block by block, each trial stored before the next is looked at, until the budget ends.

It can be ended at any moment, by an interrupt, a full disk or ``kill -9``: the same call goes on
where it was, in the middle of a block if it must, and no trial is measured twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final, Protocol

from accelkit.errors import StudyError
from accelkit.study.model import Cause, Cell, Record, Trial
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress
from accelkit.study.store.writer import StoreWriter
from accelkit.study.worker import Measure, attempt

Watch = Callable[[Record, Progress], object]

Records = Sequence[Record]
"""What has been measured, without slices, phases, counters and stderr, which would fill the memory."""

ENDS_A_STUDY: Final[tuple[Cause, ...]] = ("missing", "no-space")
"""Causes that the next trial would share."""


class Scatter(Protocol):
    """How trials reach workers: ``map``-shaped, as ``builtins.map`` or an executor's ``map`` is."""

    def __call__(self, measure: Measure, trials: Iterable[Trial], /) -> Iterable[Record]: ...


def run_blocks(
    plan: Plan,
    measure: Measure,
    store: StoreWriter,
    *,
    blocks: int | None = None,
    seconds: float | None = None,
    precise: Callable[[Records], bool] | None = None,
    lost: Callable[[Records], Iterable[tuple[str, str, str]]] | None = None,
    scatter: Scatter = map,
    watch: Watch | None = None,
) -> Iterator[Record]:
    """The records as they are stored; nothing runs before the first is asked for.

    The budget, of which the first to end ends the study:

    - ``blocks``: so many of them, those of earlier calls on this store counted.
    - ``seconds``: so many, those spent by earlier calls counted. No trial is begun after them, and
      no block that is not expected to end within them; but a scatter that takes all trials at once,
      as an executor's map does, ends its block. What time cut through is kept, and finished first
      when the study goes on with more time.
    - ``precise``: is asked with all records between two blocks, and true ends the study.

    ``lost`` is asked between two blocks for what need not be measured any more, as (build, guest,
    configuration): the store notes it, it never comes back, and the baseline cannot be lost.
    ``scatter`` takes ``measure`` and the trials of a block, and gives records in any order.
    ``watch`` is called with each record once it is stored.

    What ``measure`` raises becomes a record with the cause ``error``; so do failures of trials, each
    with its own. Raises StudyError without a budget; if the store cannot be written; and, with all
    that was measured stored, if QEMU is missing, a disk is full, or a whole block gave no figure.

    >>> from tempfile import TemporaryDirectory
    >>> from accelkit.study.plan import StoredGuest
    >>> from accelkit.study.store.writer import open_store
    >>> from accelkit import tcg
    >>> from accelkit.study.model import Build, Configuration
    >>> plan = Plan(
    ...     [Build("7.2", ("qemu",), "7.2.22")], [Configuration(tcg())], [StoredGuest("cpu", "")], "tcg"
    ... )
    >>> fake = lambda trial: Record(trial, "ok", value=1.5)
    >>> with TemporaryDirectory() as folder, open_store(f"{folder}/tcg.sqlite", plan) as store:
    ...     first = len(list(run_blocks(plan, fake, store, blocks=3)))
    ...     first, len(list(run_blocks(plan, fake, store, blocks=5)))
    (3, 2)
    """
    if blocks is None and seconds is None and precise is None:
        raise StudyError("no budget: give blocks=, seconds= or precise=, or the study never ends")
    if blocks is not None and type(blocks) is not int:
        raise StudyError(f"blocks={blocks!r}: takes a whole number, as 20")
    for name, value in (("blocks", blocks), ("seconds", seconds)):
        if value is not None and not value > 0:
            raise StudyError(f"{name}={value}: nothing would be measured; give more than 0")
    if plan.fingerprint != store.plan.fingerprint:
        raise StudyError(f"store={store.path!r}: was opened with another plan; open it with this one")

    def begin() -> Iterator[Record]:
        run = _Run(plan, store, blocks, seconds, precise, lost, watch)
        yield from run.records(partial(attempt, measure), scatter)

    return begin()


class _Run:
    """One call of :func:`run_blocks`: what it was asked, and how far it is."""

    def __init__(
        self,
        plan: Plan,
        store: StoreWriter,
        blocks: int | None,
        seconds: float | None,
        precise: Callable[[Records], bool] | None,
        lost: Callable[[Records], Iterable[tuple[str, str, str]]] | None,
        watch: Watch | None,
    ) -> None:
        self._plan, self._store, self._watch = plan, store, watch
        self._blocks, self._seconds, self._precise, self._lost = blocks, seconds, precise, lost
        self._baseline = {cell for cell in plan.cells if cell.configuration == plan.baseline}
        self._done = store.trial_ids()
        self._dropped = store.dropped()
        self._looks: list[Record] = []
        if precise is not None or lost is not None:
            self._looks += map(_light, store.records())
        self._spent, self._stored = store.spent(), store.count()
        self._measured_here, self._began = 0, time.perf_counter()
        self._total: int | None = None

    def records(self, measure: Measure, scatter: Scatter) -> Iterator[Record]:
        """All that is measured, block by block."""
        for block in count() if self._blocks is None else range(self._blocks):
            trials = self._plan.block(block, self._dropped_at(block))
            todo = [trial for trial in trials if trial.id not in self._done]
            begun = len(todo) < len(trials)
            if not begun:
                if block and not self._goes_on(block):
                    return
                todo = [trial for trial in todo if trial.cell not in self._dropped]
                if not todo or not self._fits(len(todo)):
                    return
            self._total = self._expected(block, len(todo))
            works = begun
            for record in self._measured(measure, scatter, todo):
                works = works or record.ok
                yield record
            if self._late():
                return
            if not works and todo:
                raise StudyError(
                    f"block {block}: none of its {len(todo)} trials gave a figure; the last:"
                    f" {self._last.cause}: {self._last.why}. The store keeps them: see its view failures"
                )

    def _measured(self, measure: Measure, scatter: Scatter, todo: Sequence[Trial]) -> Iterator[Record]:
        waiting = {trial.id for trial in todo}
        for record in scatter(measure, self._in_time(todo)):
            identity = record.trial.id
            if identity not in waiting:
                raise StudyError(f"trial {identity} was not asked for, or was answered twice; see measure=")
            waiting.remove(identity)
            self._keep(record, identity)
            yield record
            if record.cause in ENDS_A_STUDY:
                raise StudyError(
                    f"{record.cause}: {record.why}; what was measured is stored: put that right,"
                    " then run the same again"
                )
        if waiting and not self._late():
            raise StudyError(
                f"scatter: {len(waiting)} of {len(todo)} trials were not answered; it must give a record"
                " for each. What was measured is stored: run the same again"
            )

    def _keep(self, record: Record, identity: str) -> None:
        self._store.append(record)
        self._last = record
        self._measured_here += 1
        if record.done:
            self._done.add(identity)
        if self._precise is not None or self._lost is not None:
            self._looks.append(_light(record))
        if self._watch is not None:
            self._watch(record, self._progress(record.trial.block))

    def _goes_on(self, block: int) -> bool:
        """Between two blocks: notes what is lost, and says whether there is anything left to find out."""
        if self._lost is not None:
            given_up = {Cell(*cell) for cell in self._lost(self._looks)} & set(self._plan.cells)
            given_up -= self._baseline | self._dropped.keys()
            if given_up:
                self._store.drop(block, given_up)
                self._dropped.update(dict.fromkeys(given_up, block))
        if self._dropped and len(self._plan.builds) == 1:
            rest = set(self._plan.cells) - self._dropped.keys() - self._baseline
            if not rest:
                return False
        return self._precise is None or not self._precise(self._looks)

    def _dropped_at(self, block: int) -> frozenset[Cell]:
        return frozenset(cell for cell, since in self._dropped.items() if since <= block)

    def _elapsed(self) -> float:
        return self._spent + time.perf_counter() - self._began

    def _late(self) -> bool:
        return self._seconds is not None and self._elapsed() >= self._seconds

    def _in_time(self, todo: Sequence[Trial]) -> Iterator[Trial]:
        for trial in todo:
            if self._late():
                return
            yield trial

    def _pace(self) -> float | None:
        """Seconds a trial: of this call, else of earlier ones, None if there are none."""
        if self._measured_here:
            return (time.perf_counter() - self._began) / self._measured_here
        return self._spent / self._stored if self._stored else None

    def _fits(self, trials: int) -> bool:
        if self._seconds is None:
            return True
        return self._elapsed() + (self._pace() or 0.0) * trials < self._seconds

    def _expected(self, block: int, todo: int) -> int | None:
        """How many trials will be done in the end, as far as is known now."""
        if self._blocks is None:
            return None
        rest = len(self._plan.cells) - len(self._dropped)
        return len(self._done) + todo + rest * (self._blocks - block - 1)

    def _progress(self, block: int) -> Progress:
        done, pace = len(self._done), self._pace()
        lefts: list[float] = []
        if self._total is not None and pace is not None:
            lefts.append(pace * max(0, self._total - done))
        if self._seconds is not None:
            lefts.append(max(0.0, self._seconds - self._elapsed()))
        return Progress(
            block=block,
            blocks=self._blocks,
            done=done,
            total=self._total,
            elapsed=time.perf_counter() - self._began,
            left=min(lefts, default=None),
        )


def _light(record: Record) -> Record:
    return replace(record, slices=(), phases={}, counters={}, stderr="")
