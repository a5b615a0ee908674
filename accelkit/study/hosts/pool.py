"""Pools: where the blocks of a study run. A block is whole on one host, and a host runs one trial at a time.

A pool asks for the next block only when a host is free. So what is known by then decides what the block has in it, and
nothing is planned that a time budget would cut off.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from accelkit.errors import AccelkitError, StudyError, shown
from accelkit.host.identity import Host
from accelkit.measure.outcome import Cause
from accelkit.study.model import Record, Trial
from accelkit.study.worker import Measure, attempt

ENDS_A_STUDY: Final[tuple[Cause, ...]] = ("missing", "no-space")
"""Causes for which the next trial on that host would fail, too."""

_END: Final = object()
"""What :func:`next` gives at the end of a scatter's results."""


class Pool(Protocol):
    """Where blocks run: a block is whole on one host, one trial at a time a host."""

    def __call__(self, measure: Measure, blocks: Iterator[Sequence[Trial]], /) -> Iterator[Record]:
        """Records as they arrive; the next block is taken from ``blocks`` only when a host is free.

        Each trial gets one record: what ``measure`` raises is one, too. Blocks are iterated once; one whose time is over
        may give fewer trials than it has.
        """
        ...


class Scatter(Protocol):
    """How trials reach the workers of one host: called like ``builtins.map`` or an executor's ``map``."""

    def __call__(self, measure: Measure, trials: Iterable[Trial], /) -> Iterable[Record]: ...


class Arrivals(Iterator[Record]):
    """Records that came in batches: an iterator that knows which of them arrived together."""

    def __init__(self, batches: Generator[Sequence[Record]]) -> None:
        self._batches = batches
        self._rest: list[Record] = []

    def __next__(self) -> Record:
        while not self._rest:
            self._rest = [*reversed(next(self._batches))]
        return self._rest.pop()

    def together(self) -> list[Record]:
        """The next record, and all that arrived with it; empty at the end."""
        try:
            first = next(self)
        except StopIteration:
            return []
        rest, self._rest = self._rest[::-1], []
        return [first, *rest]

    def close(self) -> None:
        """End the pool's work: what has not arrived is cancelled."""
        self._batches.close()


def together(records: Iterator[Record]) -> Generator[list[Record]]:
    """The records in lists of those that arrived together; each by itself where a pool does not say so.

    >>> from accelkit.study.model import Trial
    >>> records = [Record(Trial("7.2", "cpu", "tcg", block, block), "ok") for block in range(3)]
    >>> [len(batch) for batch in together(iter(records))]
    [1, 1, 1]
    >>> [len(batch) for batch in together(Arrivals(batch for batch in (records[:2], records[2:])))]
    [2, 1]
    """
    try:
        if isinstance(records, Arrivals):
            while batch := records.together():
                yield batch
        else:
            for record in records:
                yield [record]
    finally:
        close = getattr(records, "close", None)
        if close is not None:
            close()


def hosts_of(pool: Pool) -> Mapping[str, Host]:
    """The hosts that a pool knows, by the names that records have; none for this host alone."""
    return getattr(pool, "hosts", {})


def one_host(scatter: Scatter = map) -> Pool:
    """A pool of this host alone: block after block, the trials of each handed to ``scatter``.

    ``scatter`` takes ``measure`` and the trials of a block, and returns their records in any order. Its errors, and what
    it returns in place of a record, are StudyErrors of the pool.

    >>> from accelkit.study.model import Trial
    >>> block = [Trial("7.2", "cpu", "tcg", 0, position) for position in range(2)]
    >>> [record.cause for record in one_host()(lambda trial: Record(trial, "ok"), iter([block]))]
    ['ok', 'ok']
    """

    def pool(measure: Measure, blocks: Iterator[Sequence[Trial]], /) -> Iterator[Record]:
        for block in blocks:
            handed: list[Trial] = []
            missing = 0
            for record in _results(scatter, partial(attempt, measure), _noting(block, handed)):
                missing -= 1
                yield record
            missing += len(handed)
            if missing > 0:
                raise StudyError(
                    f"scatter: {missing} of {len(handed)} trials have no record; it must return one for each"
                    " trial. All records are stored: run the same again"
                )

    return pool


def _noting(trials: Iterable[Trial], handed: list[Trial]) -> Iterator[Trial]:
    for trial in trials:
        handed.append(trial)
        yield trial


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
            f"scatter: {what.rstrip(': ')}; all records before are stored: mend the executor, then run the same again"
        ) from error


def _as_record(result: object) -> Record:
    if not isinstance(result, Record):
        raise StudyError(
            f"scatter: gave {shown(result)} in place of a record; return what measure returns (of a future"
            " its result()). All records before are stored: run the same again"
        )
    return result
