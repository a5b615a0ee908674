"""What a trial costs through a pool of Dask, beside what Dask itself takes for an empty task, in one run on one cluster.

``PYTHONPATH=tests python tests/bench/hosts.py [ROUNDS]`` starts a cluster of one worker on loopback. Each round measures
in turn, so that a busy host slows all alike: empty tasks that Dask maps and gathers; the trials of a study whose measure
does nothing, in blocks of 8, without a store and with one; the same trials on this host with a store. It prints the
median of the rounds and their range, a trial each, and the ratios to Dask's own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from support.clusters import local

from accelkit.study.hosts.cluster import DaskPool
from accelkit.study.hosts.pool import one_host
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.runner import run_blocks
from accelkit.study.store.writer import open_store

POINTS = 8
BLOCKS = 60
PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [stored_configuration(f"c{place}", (f"c{place}",)) for place in range(POINTS)],
    [StoredGuest("cpu", "")],
    "c0",
)


def nothing(trial: Trial) -> Record:
    """A trial of no length."""
    return Record(trial, "ok", value=1.0)


def empty(number: int) -> int:
    """A task of no length."""
    return number


def by_dask(client: Any) -> int:
    return len(client.gather(client.map(empty, range(POINTS * BLOCKS), pure=False)))


def without_store(client: Any) -> int:
    return sum(1 for _ in DaskPool(client)(nothing, (PLAN.block(block) for block in range(BLOCKS))))


def with_store(pool: Callable[[], Any]) -> int:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "s.sqlite", PLAN) as store:
        return sum(1 for _ in run_blocks(PLAN, nothing, store, blocks=BLOCKS, pool=pool()))


def main(rounds: int) -> None:
    """All sides in turn, so many times."""
    with local(1, threads_per_worker=1) as client:
        sides: dict[str, Callable[[], int]] = {
            "Dask: an empty task": partial(by_dask, client),
            "a pool of Dask, no store": partial(without_store, client),
            "a pool of Dask, with a store": partial(with_store, partial(DaskPool, client)),
            "this host, with a store": partial(with_store, one_host),
        }
        costs: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(rounds + 1):
            for name, side in sides.items():
                began = time.perf_counter()
                assert side() == POINTS * BLOCKS
                if number:  # the first warms up
                    costs[name].append((time.perf_counter() - began) / (POINTS * BLOCKS) * 1e3)
    own = median(costs["Dask: an empty task"])
    for name, values in costs.items():
        span = f"{min(values):.2f} to {max(values):.2f}"
        print(f"{name:30} {median(values):6.2f} ms a trial ({span}), {median(values) / own:.2f} × Dask's own")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
