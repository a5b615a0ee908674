"""Trials on other processes: executors, and Dask as study() tells it, with workers that are killed meanwhile."""

from __future__ import annotations

import inspect
import os
import signal
import textwrap
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import distributed
import pytest
from processes import qemu

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.study import commission, study
from accelkit.study.commissioning import Commission
from accelkit.study.progress import Progress
from accelkit.study.results import Result
from accelkit.study.trial import Record

pytestmark = [pytest.mark.qemu, pytest.mark.xdist_group("dask")]

SPACE = tcg() | tb_size(each(8, 64)) | thread(each(single, multi))
BLOCKS = 3
TRIALS = 4 * BLOCKS


def asked(path: Path) -> Commission:
    qemu()
    return commission(SPACE, ["cpu"], store=str(path / "s.sqlite"), blocks=BLOCKS, run_seconds=0.05, race=False)


def each_once(result: Result) -> bool:
    assert [record.why for record in result.records if not record.ok] == []
    counts = Counter(record.trial.id for record in result.records)
    return len(counts) == TRIALS and set(counts.values()) == {1}


def one_thread_each(pool: str) -> Any:
    if pool == "threads":
        return ThreadPoolExecutor(2)
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


# ---- executors ----


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_executors_map_scatters(tmp_path: Path, kind: str) -> None:
    asked(tmp_path)
    with one_thread_each(kind) as pool:
        result = study(
            SPACE, ["cpu"], store=str(tmp_path / "s.sqlite"), blocks=BLOCKS, run_seconds=0.05, race=False,
            watch=False, scatter=pool.map,
        )  # fmt: skip
    assert each_once(result)


def test_a_killed_worker_of_an_executor_ends_the_study_and_loses_nothing(tmp_path: Path) -> None:
    job = asked(tmp_path)
    stored: list[Record] = []
    with one_thread_each("processes") as pool:

        def kill(record: Record, _: Progress) -> None:
            stored.append(record)
            if len(stored) == 2:
                os.kill(next(iter(pool._processes)), signal.SIGKILL)

        with pytest.raises(BrokenProcessPool):
            job.run(kill, pool.map)
    assert 2 <= len(stored) < TRIALS
    assert [record.trial for record in job.result().records] == [record.trial for record in stored]
    assert each_once(job.run())


# ---- Dask ----


@pytest.fixture(scope="module")
def client() -> Iterator[distributed.Client]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster) as connected,
    ):
        yield connected


def recipe(client: distributed.Client) -> Any:
    """The scatter that study()'s docstring gives, as it stands there."""
    told = inspect.getdoc(study) or ""
    code = told[told.index("def scatter") :].partition("\n\n")[0]
    names: dict[str, Any] = {"client": client, "distributed": distributed}
    exec(textwrap.dedent(" " * 4 + code), names)
    return names["scatter"]


def test_dask_runs_a_study_on_its_workers(tmp_path: Path, client: distributed.Client) -> None:
    result = asked(tmp_path).run(scatter=recipe(client))
    assert each_once(result)


def test_a_killed_worker_of_dask_loses_no_trial_and_repeats_none(tmp_path: Path, client: distributed.Client) -> None:
    workers = client.run(os.getpid)
    stored: list[Record] = []

    def kill(record: Record, _: Progress) -> None:
        stored.append(record)
        if len(stored) == 2:
            os.kill(next(iter(workers.values())), signal.SIGKILL)

    result = asked(tmp_path).run(kill, recipe(client))
    assert each_once(result)
    assert len(stored) == TRIALS
    client.wait_for_workers(2, timeout=30)
    assert set(client.run(os.getpid).values()) != set(workers.values())


def test_a_study_that_was_interrupted_goes_on_elsewhere(tmp_path: Path, client: distributed.Client) -> None:
    job = asked(tmp_path)
    stored: list[Record] = []

    def interrupt(record: Record, _: Progress) -> None:
        stored.append(record)
        if len(stored) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.run(interrupt, recipe(client))
    assert len(job.result().records) == 5
    assert each_once(job.run(scatter=recipe(client)))
