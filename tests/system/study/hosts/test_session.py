"""A session with a cluster on loopback: one host however many workers, workers that join later, declared resources."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from support.clusters import by_name, local, timed
from support.fake_study import PLAN, fake

from accelkit.study.hosts.cluster import DaskPool
from accelkit.study.hosts.session import Terms
from accelkit.study.model import Record, Trial

pytestmark = pytest.mark.xdist_group("dask")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with local(2, threads_per_worker=2, resources={"qemu": 1}) as client:
        yield client


def blocks(number: int) -> Iterator[Sequence[Trial]]:
    return (PLAN.block(block) for block in range(number))


def by_block(records: Sequence[Record]) -> list[list[Trial]]:
    found: dict[int, list[Trial]] = {}
    for record in records:
        found.setdefault(record.trial.block, []).append(record.trial)
    return [found[block] for block in sorted(found)]


def test_all_workers_of_this_machine_are_one_host_that_runs_one_trial_at_a_time(client: Any) -> None:
    pool = DaskPool(client)
    records = list(pool(timed, blocks(6)))
    assert by_block(records) == [list(PLAN.block(block)) for block in range(6)]
    assert {record.host for record in records} == {""}  # the study's own
    assert pool.hosts == {}
    spans = sorted((record.started, record.started + record.wall) for record in records)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def test_each_host_gets_whole_blocks(client: Any) -> None:
    pool = DaskPool(client, Terms(identify=by_name))
    records = list(pool(fake, blocks(12)))
    hosts: dict[int, set[str]] = {}
    for record in records:
        hosts.setdefault(record.trial.block, set()).add(record.host)
    assert {len(names) for names in hosts.values()} == {1}
    assert {record.host for record in records} == set(pool.hosts) == {"host-0", "host-1"}


def test_a_worker_that_joins_later_is_examined_and_used(client: Any) -> None:
    pool = DaskPool(client, Terms(identify=by_name))
    used: set[str] = set()

    def until_used() -> Iterator[Sequence[Trial]]:
        block = 0
        while "host-2" not in used:
            yield PLAN.block(block)
            block += 1

    try:
        for number, record in enumerate(pool(timed, until_used())):
            used.add(record.host)
            if number == 2:
                threading.Thread(target=client.cluster.scale, args=(3,)).start()
    finally:
        client.cluster.scale(2)
    assert set(pool.hosts) == {"host-0", "host-1", "host-2"}


def test_who_stops_early_leaves_no_task_behind(client: Any) -> None:
    records = DaskPool(client)(timed, blocks(50))
    next(records)
    records.close()
    assert not [key for key in client.futures if str(key).startswith("accelkit-")]
    assert next(DaskPool(client)(fake, blocks(1))).trial in PLAN.block(0)
