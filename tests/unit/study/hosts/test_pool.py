"""Pools: the one of this host, and records that arrive together."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import pytest
from support.fake_study import PLAN, fake

from accelkit.errors import StudyError
from accelkit.study.hosts.pool import Arrivals, hosts_of, one_host, together
from accelkit.study.model import Record, Trial


def blocks(asked: list[int]) -> Iterator[Sequence[Trial]]:
    for block in range(3):
        asked.append(block)
        yield PLAN.block(block)


def test_one_host_asks_for_a_block_once_the_one_before_is_measured() -> None:
    asked: list[int] = []
    running = one_host()(fake, blocks(asked))
    seen = [(record.trial.block, len(asked)) for record in running]
    assert seen == [(block, block + 1) for block in range(3) for _ in PLAN.cells]


def test_one_host_knows_no_hosts() -> None:
    assert hosts_of(one_host()) == {}


def test_a_scatter_that_gives_too_few_records_is_an_error() -> None:
    with pytest.raises(StudyError, match=r"^scatter: 1 of 3 trials have no record"):
        list(one_host(lambda measure, trials: map(measure, list(trials)[1:]))(fake, blocks([])))


def test_records_come_together_as_the_pool_gave_them() -> None:
    records = [fake(trial) for trial in PLAN.block(0)]
    batches: list[Sequence[Record]] = [[], records[:1], [], records[1:]]
    assert [*together(Arrivals(batch for batch in batches))] == [records[:1], records[1:]]
    assert [*Arrivals(batch for batch in batches)] == records
    assert [*together(iter(records))] == [[record] for record in records]


def test_what_arrived_and_was_not_taken_comes_first() -> None:
    records = [fake(trial) for trial in PLAN.block(0)]
    arrivals = Arrivals(batch for batch in [records])
    assert next(arrivals) is records[0]
    assert arrivals.together() == records[1:]
    assert arrivals.together() == []


def test_who_stops_early_closes_the_pool() -> None:
    closed: list[bool] = []

    def pool() -> Generator[list[Record]]:
        try:
            while True:
                yield [fake(PLAN.block(0)[0])]
        finally:
            closed.append(True)

    running = together(Arrivals(pool()))
    next(running)
    running.close()
    assert closed == [True]
