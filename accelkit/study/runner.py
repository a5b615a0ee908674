"""Run a study block by block until its budget ends; each record is stored before the next is taken.

A study can end at any moment, by an interrupt, a full disk or ``kill -9``. The same call resumes it,
in the middle of a block if need be, and no trial is measured twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import takewhile

from accelkit.errors import StudyError
from accelkit.measure.outcome import CAUSES
from accelkit.study.budget import Budget
from accelkit.study.hosts.pool import ENDS_A_STUDY, Pool, hosts_of, one_host, together
from accelkit.study.model import Record
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress
from accelkit.study.schedule import Losers, Records, Schedule
from accelkit.study.store.writer import StoreWriter
from accelkit.study.worker import Measure

Watch = Callable[[Record, Progress], object]
"""Called with each record once it is stored, and how far the study is by then."""


def run_blocks(
    plan: Plan,
    measure: Measure,
    store: StoreWriter,
    *,
    blocks: int | None = None,
    first: int = 0,
    seconds: float | None = None,
    precise: Callable[[Records], bool] | None = None,
    losers: Losers | None = None,
    pool: Pool | None = None,
    watch: Watch | None = None,
) -> Iterator[Record]:
    """The records as they are stored, lazily: the first trial runs when the first record is requested.

    The study ends when the first of these budgets ends:

    - ``blocks``: the number of blocks, including those of earlier calls on this store; ``first`` is that of the first.
    - ``seconds``: the time, including that of earlier calls. Afterwards no trial begins, and no block
      begins that is not expected to end in time. A pool that takes all trials of a block at once, as other hosts
      do, finishes its block. A block that the time cut short stays in the store, and is
      finished first when the study is resumed with more time.
    - ``precise``: called with all records before a block begins; no block begins once it returns True.

    ``losers`` is called before a block begins and returns the cells that have lost by the records so far, each with a
    number n: the cell is dropped, which means that it is measured in one of n blocks. A dropped cell that it no longer
    names returns: it is measured in every block again. The store notes both. The baseline cannot be dropped. A study
    of one build in which all others are dropped ends once each of them was tried again. With more than 10,000 records
    ``losers`` and ``precise`` are called only once there are 1% more.
    ``pool`` runs the blocks, by default on this host, one trial after the other. With several hosts several blocks are in
    flight; what is decided then is for blocks that have not begun.
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
        budget = Budget(blocks, seconds, precise is not None, store.count())
        schedule = Schedule(plan, store, blocks, seconds, precise, losers, first)
        yield from _records(measure, store, pool or one_host(), schedule, budget, watch)

    return begin()


def _records(
    measure: Measure, store: StoreWriter, pool: Pool, schedule: Schedule, budget: Budget, watch: Watch | None
) -> Iterator[Record]:
    """The records of all trials still to be measured; then the store knows that the budget ended."""
    store.begin_budget(budget)
    with closing(
        together(pool(measure, schedule.blocks()))
    ) as batches:  # closed, it cancels what is in flight
        for batch in batches:
            known = [*takewhile(schedule.awaits, batch)]
            store.append(*known, hosts=hosts_of(pool))
            for record in known:
                without_value = schedule.count(record)
                if watch is not None:
                    watch(record, schedule.progress(record.trial.block))
                yield record
                _refuse_to_go_on(record, without_value)
            if len(known) < len(batch):
                raise StudyError(
                    f"trial {batch[len(known)].trial.id} was not requested, or has a second record;"
                    " correct measure="
                )
    if missing := schedule.missing():
        raise StudyError(f"{missing} trials have no record. All records are stored: run the same again")
    store.end_budget()


def _refuse_to_go_on(record: Record, without_value: int) -> None:
    """Raises StudyError if the next trial would fail, too; ``without_value`` trials were all of a block."""
    if record.cause in ENDS_A_STUDY:
        raise StudyError(
            f"{record.cause}: {record.why}; all records are stored: {CAUSES[record.cause].remedy},"
            " then run the same again"
        )
    if without_value:
        raise StudyError(
            f"block {record.trial.block}: none of its {without_value} trials gave a value; the last:"
            f" {record.cause}: {record.why}. The store has them all: see its view failures"
        )
