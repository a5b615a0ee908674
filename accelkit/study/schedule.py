"""The schedule of a study: which block comes next, decided when a host asks for it; and how far the study is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, overload

from accelkit.study.model import Cell, Record, Trial
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress
from accelkit.study.store.writer import StoreWriter

Records = Sequence[Record]
"""The records so far, without slices, counters and stderr, which would fill the memory."""

Losers = Callable[[Records], Mapping[Cell, int]]
"""Which cells have lost by the records so far, each with the number of blocks of which one is to measure it."""

OFTEN: Final = 10_000
"""Up to so many records losers are sought before each block; each search reads all records."""

GROWTH: Final = 1.01
"""With more, they are sought once there are so many times as many: so the work grows like the number of trials."""


@dataclass(slots=True)
class _Handed:
    """A block that a host has: since when, the trials without a record, whether it has given a value."""

    since: float
    waiting: set[str]
    trials: int
    has_value: bool


class TimedBlock(Sequence[Trial]):
    """The trials of a block; iteration ends early once the time of the study is over."""

    def __init__(self, trials: Sequence[Trial], is_over: Callable[[], bool]) -> None:
        self._trials, self._is_over = trials, is_over

    @overload
    def __getitem__(self, index: int, /) -> Trial: ...
    @overload
    def __getitem__(self, index: slice, /) -> Sequence[Trial]: ...
    def __getitem__(self, index: int | slice, /) -> Trial | Sequence[Trial]:
        return self._trials[index]

    def __len__(self) -> int:
        return len(self._trials)

    def __iter__(self) -> Iterator[Trial]:
        for trial in self._trials:
            if self._is_over():
                return
            yield trial


class Schedule:
    """What one call of :func:`accelkit.study.runner.run_blocks` measures: its budget, and how far it is.

    Blocks are handed out in their order. Those that an earlier call began are finished first, as they were planned: a
    cell is dropped, or returns, from a block on that has not begun. Blocks that other hosts have meanwhile are not
    changed, and their records count as soon as they are there.
    """

    def __init__(
        self,
        plan: Plan,
        store: StoreWriter,
        blocks: int | None,
        seconds: float | None,
        precise: Callable[[Records], bool] | None,
        losers: Losers | None,
        first: int = 0,
    ) -> None:
        self._plan, self._store, self._first = plan, store, first
        self._blocks, self._seconds, self._precise, self._losers = blocks, seconds, precise, losers
        self._others = [cell for cell in plan.cells if cell.configuration != plan.baseline]
        self._keeps = precise is not None or losers is not None
        self._light_records: list[Record] = []
        self._done: set[str] = set()
        self._begun = -1  # the last block of which an earlier call stored a trial
        self._ahead = Counter[int]()  # trials done by earlier calls, in blocks that are not handed out yet
        for record in store.records():
            self._begun = max(self._begun, record.trial.block)
            if record.done:
                self._done.add(record.trial.id)
                self._ahead[record.trial.block] += 1
            if self._keeps:
                self._light_records.append(_light(record))
        self._drops = store.drops()
        self._spent, self._stored = store.spent(), store.count()
        self._looked = 0
        self._handed: dict[int, _Handed] = {}
        self._waiting, self._rest = 0, 0
        self._new_records, self._block_seconds, self._began = 0, 0.0, time.perf_counter()

    def blocks(self) -> Iterator[TimedBlock]:
        """The trials still to be measured, block by block, until the budget ends."""
        first = self._first
        for block in count(first) if self._blocks is None else range(first, first + self._blocks):
            is_new = block > self._begun
            if is_new and (self._is_out_of_time() or (block > first and not self._continues(block))):
                return
            trials = self._planned(block)
            todo = [trial for trial in trials if trial.id not in self._done]
            done = self._ahead.pop(block, 0)
            if is_new and (not todo or not self._fits(len(todo))):
                return
            if todo:
                if self._is_out_of_time():
                    return
                self._hand(block, todo, has_value=bool(done))
                yield TimedBlock(todo, self._is_out_of_time)

    def awaits(self, record: Record) -> bool:
        """Whether the record is of a trial that was handed out and has none yet."""
        handed = self._handed.get(record.trial.block)
        return handed is not None and record.trial.id in handed.waiting

    def count(self, record: Record) -> int:
        """Count a stored record in; returns how many trials its block had if it ended without a value, else 0."""
        block, identity = record.trial.block, record.trial.id
        handed = self._handed[block]
        handed.waiting.remove(identity)
        handed.has_value = handed.has_value or record.ok
        self._waiting -= 1
        self._new_records += 1
        if record.done:
            self._done.add(identity)
        if self._keeps:
            self._light_records.append(_light(record))
        if handed.waiting:
            return 0
        self._block_seconds += time.perf_counter() - handed.since
        del self._handed[block]
        return 0 if handed.has_value or self._is_out_of_time() else handed.trials

    def missing(self) -> int:
        """How many trials were handed out and have no record; 0 once time is over, when some never began."""
        return 0 if self._is_out_of_time() else self._waiting

    def progress(self, block: int) -> Progress:
        """How far the study is, after a record of ``block``."""
        done, elapsed = len(self._done), time.perf_counter() - self._began
        total = None if self._blocks is None else done + self._waiting + self._rest
        ends: list[float] = []
        if total is not None and self._new_records:
            ends.append(elapsed / self._new_records * max(0, total - done))
        if self._seconds is not None:
            ends.append(max(0.0, self._seconds - self._elapsed()))
        left = min(ends, default=None)
        return Progress(block - self._first, self._blocks, done=done, total=total, elapsed=elapsed, left=left)

    def _hand(self, block: int, todo: Sequence[Trial], *, has_value: bool) -> None:
        now = time.perf_counter()
        self._handed[block] = _Handed(now, {trial.id for trial in todo}, len(todo), has_value)
        self._waiting += len(todo)
        if self._blocks is not None:
            end = self._first + self._blocks
            left = end - block - 1
            out = self._drops.left_out(self._plan.seed, block + 1, end)
            self._rest = max(0, len(self._plan.cells) * left - out - self._ahead.total())

    def _continues(self, block: int) -> bool:
        """Whether ``block`` is to be measured, once the losers so far are dropped, and those that are none return."""
        records = self._light_records
        is_due = len(records) <= OFTEN or len(records) >= GROWTH * self._looked
        if is_due and self._keeps:
            self._looked = len(records)
        if is_due and self._losers is not None:
            changes = self._drops.changes(self._losers(records), self._others, block)
            if changes:
                self._store.race(block, changes)
                self._drops = self._drops.changed(block, changes)
        ended = min(self._handed, default=block)  # all blocks before it have their records
        if len(self._plan.builds) == 1 and self._others and self._drops.were_tried(self._others, ended):
            return False
        return self._precise is None or not is_due or not self._precise(records)

    def _planned(self, block: int) -> tuple[Trial, ...]:
        return self._plan.block(block, self._drops.resting(self._plan.seed, block))

    def _elapsed(self) -> float:
        return self._spent + time.perf_counter() - self._began

    def _is_out_of_time(self) -> bool:
        return self._seconds is not None and self._elapsed() >= self._seconds

    def _pace(self) -> float:
        """Seconds that a host takes for a trial: in this call, else in earlier ones, else 0."""
        if not self._new_records:
            return self._spent / self._stored if self._stored else 0.0
        now = time.perf_counter()
        running = sum(now - handed.since for handed in self._handed.values())
        return (self._block_seconds + running) / self._new_records

    def _fits(self, trials: int) -> bool:
        return self._seconds is None or self._elapsed() + self._pace() * trials < self._seconds


def _light(record: Record) -> Record:
    return replace(record, slices=(), counters={}, stderr="")
