"""Run a study block by block until its budget ends; each record is stored before the next is taken.

A study can end at any moment, by an interrupt, a full disk or ``kill -9``. The same call resumes it,
in the middle of a block if need be, and no trial is measured twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final, Protocol

from accelkit.errors import AccelkitError, StudyError, shown
from accelkit.measure.outcome import CAUSES, Cause
from accelkit.study.budget import Budget
from accelkit.study.model import Cell, Record, Trial
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress
from accelkit.study.store.writer import StoreWriter
from accelkit.study.worker import Measure, attempt

Watch = Callable[[Record, Progress], object]
"""Called with each record once it is stored, and how far the study is by then."""

Records = Sequence[Record]
"""The records so far, without slices, counters and stderr, which would fill the memory."""

Losers = Callable[[Records], Mapping[Cell, int]]
"""Which cells have lost by the records so far, each with the number of blocks of which one is to measure it."""

_END: Final = object()
"""What :func:`next` gives at the end of a scatter's results."""

ENDS_A_STUDY: Final[tuple[Cause, ...]] = ("missing", "no-space")
"""Causes for which the next trial would fail, too."""


class Scatter(Protocol):
    """How trials reach workers: called like ``builtins.map`` or an executor's ``map``."""

    def __call__(self, measure: Measure, trials: Iterable[Trial], /) -> Iterable[Record]: ...


def run_blocks(
    plan: Plan,
    measure: Measure,
    store: StoreWriter,
    *,
    blocks: int | None = None,
    seconds: float | None = None,
    precise: Callable[[Records], bool] | None = None,
    losers: Losers | None = None,
    scatter: Scatter = map,
    watch: Watch | None = None,
) -> Iterator[Record]:
    """The records as they are stored, lazily: the first trial runs when the first record is requested.

    The study ends when the first of these budgets ends:

    - ``blocks``: the number of blocks, including those of earlier calls on this store.
    - ``seconds``: the time, including that of earlier calls. Afterwards no trial begins, and no block
      begins that is not expected to end in time. A scatter that takes all trials at once, such as an
      executor's map, finishes its block. A block that the time cut short stays in the store, and is
      finished first when the study is resumed with more time.
    - ``precise``: called with all records between two blocks; the study ends when it returns True.

    ``losers`` is called between two blocks and returns the cells that have lost by the records so far, each
    with a number n: the cell is dropped, which means that it is measured in one of n blocks. A dropped cell that
    it no longer names returns: it is measured in every block again. The store notes both. The baseline cannot be
    dropped. A study of one build in which all others are dropped ends once each of them was tried again.
    ``scatter`` takes ``measure`` and the trials of a block, and returns records in any order.
    ``watch`` is called with each record once it is stored.

    A trial that fails is a record with its cause; an exception of ``measure`` is one with the cause
    ``error``. Raises StudyError without a budget, and if the store cannot be written. Raises it, too, if
    QEMU is missing, a disk is full, or a whole block gave no value; all records are stored by then.

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
        raise StudyError("no budget: give blocks=, seconds= or precise=; without them the study never ends")
    if blocks is not None and type(blocks) is not int:
        raise StudyError(f"blocks={blocks!r}: takes a whole number, such as 20")
    for name, value in (("blocks", blocks), ("seconds", seconds)):
        if value is not None and not value > 0:
            raise StudyError(f"{name}={value}: nothing would be measured; give a number above 0")
    if plan.fingerprint != store.plan.fingerprint:
        raise StudyError(f"store={store.path!r}: was opened with another plan; open it with this plan")

    def begin() -> Iterator[Record]:
        run = _Run(plan, store, blocks, seconds, precise, losers, watch)
        yield from run.records(partial(attempt, measure), scatter)

    return begin()


class _Run:
    """One call of :func:`run_blocks`: its arguments, and how far it is."""

    def __init__(
        self,
        plan: Plan,
        store: StoreWriter,
        blocks: int | None,
        seconds: float | None,
        precise: Callable[[Records], bool] | None,
        losers: Losers | None,
        watch: Watch | None,
    ) -> None:
        self._plan, self._store, self._watch = plan, store, watch
        self._blocks, self._seconds, self._precise, self._losers = blocks, seconds, precise, losers
        self._others = [cell for cell in plan.cells if cell.configuration != plan.baseline]
        self._done = store.trial_ids()
        self._drops = store.drops()
        self._light_records: list[Record] = []
        if precise is not None or losers is not None:
            self._light_records += map(_light, store.records())
        self._spent, self._stored = store.spent(), store.count()
        self._new_records, self._began = 0, time.perf_counter()
        self._total: int | None = None

    def records(self, measure: Measure, scatter: Scatter) -> Iterator[Record]:
        """The records of all trials still to be measured, block by block; then the store knows that the budget ended."""
        self._store.begin_budget(
            Budget(self._blocks, self._seconds, self._precise is not None, self._store.count())
        )
        yield from self._all(measure, scatter)
        self._store.end_budget()

    def _all(self, measure: Measure, scatter: Scatter) -> Iterator[Record]:
        for block in count() if self._blocks is None else range(self._blocks):
            trials = self._planned(block)
            todo = [trial for trial in trials if trial.id not in self._done]
            is_resumed = len(todo) < len(trials)
            if not is_resumed:
                if block and not self._continues(block):
                    return
                todo = [trial for trial in self._planned(block) if trial.id not in self._done]
                if not todo or not self._fits(len(todo)):
                    return
            self._total = self._expected(block, len(todo))
            has_value = is_resumed
            for record in self._measure(measure, scatter, todo):
                has_value = has_value or record.ok
                yield record
            if self._is_out_of_time():
                return
            if not has_value and todo:
                raise StudyError(
                    f"block {block}: none of its {len(todo)} trials gave a value; the last:"
                    f" {self._last.cause}: {self._last.why}. The store has them all: see its view failures"
                )

    def _measure(self, measure: Measure, scatter: Scatter, todo: Sequence[Trial]) -> Iterator[Record]:
        waiting = {trial.id for trial in todo}
        for record in _results(scatter, measure, self._in_time(todo)):
            identity = record.trial.id
            if identity not in waiting:
                raise StudyError(
                    f"trial {identity} was not requested, or has a second record; correct measure="
                )
            waiting.remove(identity)
            self._keep(record, identity)
            yield record
            if record.cause in ENDS_A_STUDY:
                raise StudyError(
                    f"{record.cause}: {record.why}; all records are stored: {CAUSES[record.cause].remedy},"
                    " then run the same again"
                )
        if waiting and not self._is_out_of_time():
            raise StudyError(
                f"scatter: {len(waiting)} of {len(todo)} trials have no record; it must return one for each"
                " trial. All records are stored: run the same again"
            )

    def _keep(self, record: Record, identity: str) -> None:
        self._store.append(record)
        self._last = record
        self._new_records += 1
        if record.done:
            self._done.add(identity)
        if self._precise is not None or self._losers is not None:
            self._light_records.append(_light(record))
        if self._watch is not None:
            self._watch(record, self._progress(record.trial.block))

    def _continues(self, block: int) -> bool:
        """Whether ``block`` is to be measured, once the losers so far are dropped, and those that are none return."""
        if self._losers is not None:
            changes = self._drops.changes(self._losers(self._light_records), self._others, block)
            if changes:
                self._store.race(block, changes)
                self._drops = self._drops.changed(block, changes)
        if len(self._plan.builds) == 1 and self._others and self._drops.were_tried(self._others, block):
            return False
        return self._precise is None or not self._precise(self._light_records)

    def _planned(self, block: int) -> tuple[Trial, ...]:
        return self._plan.block(block, self._drops.resting(self._plan.seed, block))

    def _elapsed(self) -> float:
        return self._spent + time.perf_counter() - self._began

    def _is_out_of_time(self) -> bool:
        return self._seconds is not None and self._elapsed() >= self._seconds

    def _in_time(self, todo: Sequence[Trial]) -> Iterator[Trial]:
        for trial in todo:
            if self._is_out_of_time():
                return
            yield trial

    def _pace(self) -> float | None:
        """Seconds per trial: in this call, else in earlier ones, else None."""
        if self._new_records:
            return (time.perf_counter() - self._began) / self._new_records
        return self._spent / self._stored if self._stored else None

    def _fits(self, trials: int) -> bool:
        if self._seconds is None:
            return True
        return self._elapsed() + (self._pace() or 0.0) * trials < self._seconds

    def _expected(self, block: int, todo: int) -> int | None:
        """How many trials will be done at the end, by what is known now; None without a number of blocks."""
        if self._blocks is None:
            return None
        rest = len(self._plan.cells) * (self._blocks - block - 1)
        rest -= self._drops.left_out(self._plan.seed, block + 1, self._blocks)
        return len(self._done) + todo + rest

    def _progress(self, block: int) -> Progress:
        done, pace = len(self._done), self._pace()
        ends: list[float] = []
        if self._total is not None and pace is not None:
            ends.append(pace * max(0, self._total - done))
        if self._seconds is not None:
            ends.append(max(0.0, self._seconds - self._elapsed()))
        return Progress(
            block=block,
            blocks=self._blocks,
            done=done,
            total=self._total,
            elapsed=time.perf_counter() - self._began,
            left=min(ends, default=None),
        )


def _results(scatter: Scatter, measure: Measure, trials: Iterable[Trial]) -> Iterator[Record]:
    """What ``scatter`` returns, its errors and mistakes as StudyError.

    Errors of a measurement are records by now. So an exception is one of the scatter: a broken pool, a cancelled
    future, a worker that is gone.
    """
    results: Iterator[object] = iter(())
    try:
        results = iter(scatter(measure, trials))
        while (result := next(results, _END)) is not _END:
            yield _as_record(result)
    except (AccelkitError, GeneratorExit):
        raise
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        raise StudyError(
            f"scatter: {what.rstrip(': ')}; all records before are stored: mend the executor or the cluster, then"
            " run the same again"
        ) from error


def _as_record(result: object) -> Record:
    if not isinstance(result, Record):
        raise StudyError(
            f"scatter: gave {shown(result)} in place of a record; return what measure returns (of a future"
            " its result()). All records before are stored: run the same again"
        )
    return result


def _light(record: Record) -> Record:
    return replace(record, slices=(), counters={}, stderr="")
