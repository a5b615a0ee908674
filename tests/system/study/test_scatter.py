"""Trials in other processes: executors, and Dask as in study()'s docstring, with workers that are killed meanwhile."""

from __future__ import annotations

import inspect
import os
import signal
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import distributed
import pytest
from support.processes import qemu

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.errors import StudyError
from accelkit.study import prepare, study
from accelkit.study.model import Record, Trial
from accelkit.study.prepared import PreparedStudy
from accelkit.study.progress import Progress
from accelkit.study.result import Result
from accelkit.study.worker import Measure

pytestmark = [pytest.mark.qemu, pytest.mark.xdist_group("dask")]

SPACE = tcg() | tb_size(each(8, 64)) | thread(each(single, multi))
BLOCKS = 3
TRIALS = 4 * BLOCKS


def prepared(path: Path) -> PreparedStudy:
    qemu()
    return prepare(
        SPACE, ["cpu"], store=str(path / "s.sqlite"), blocks=BLOCKS, run_seconds=0.05, race=False, anyway=True
    )


def every_trial_once(result: Result) -> bool:
    assert [record.why for record in result.records if not record.ok] == []
    counts = Counter(record.trial.id for record in result.records)
    return len(counts) == TRIALS and set(counts.values()) == {1}


def executor(kind: str) -> Any:
    if kind == "threads":
        return ThreadPoolExecutor(2)
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


# ---- executors ----


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_executors_map_is_a_scatter(tmp_path: Path, kind: str) -> None:
    prepared(tmp_path)
    with executor(kind) as pool:
        result = study(
            SPACE, ["cpu"], store=str(tmp_path / "s.sqlite"), blocks=BLOCKS, run_seconds=0.05, race=False,
            anyway=True, watch=False, scatter=pool.map,
        )  # fmt: skip
    assert every_trial_once(result)


def test_a_killed_worker_of_an_executor_ends_the_study_and_loses_nothing(tmp_path: Path) -> None:
    job = prepared(tmp_path)
    stored: list[Record] = []
    with executor("processes") as pool:

        def kill(record: Record, _: Progress) -> None:
            stored.append(record)
            if len(stored) == 2:
                os.kill(next(iter(pool._processes)), signal.SIGKILL)

        with pytest.raises(
            StudyError, match=r"^scatter: BrokenProcessPool: .*; all records before are stored"
        ):
            job.run(kill, pool.map)
    assert 2 <= len(stored) < TRIALS
    assert [record.trial for record in job.result().records] == [record.trial for record in stored]
    assert every_trial_once(job.run())


# ---- Dask ----


@pytest.fixture(scope="module")
def client() -> Iterator[distributed.Client]:
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def documented_scatter(client: distributed.Client) -> Any:
    """The scatter of study()'s docstring, executed as it is written there."""
    text = inspect.getdoc(study) or ""
    code = text[text.index("def scatter") :].partition("\n\n")[0]
    names: dict[str, Any] = {"client": client, "distributed": distributed}
    exec(textwrap.dedent(" " * 4 + code), names)
    return names["scatter"]


def test_dask_runs_a_study_on_its_workers(tmp_path: Path, client: distributed.Client) -> None:
    result = prepared(tmp_path).run(scatter=documented_scatter(client))
    assert every_trial_once(result)


def test_a_killed_worker_of_dask_loses_no_trial_and_repeats_none(
    tmp_path: Path, client: distributed.Client
) -> None:
    workers = client.run(os.getpid)
    stored: list[Record] = []

    def kill(record: Record, _: Progress) -> None:
        stored.append(record)
        if len(stored) == 2:
            os.kill(next(iter(workers.values())), signal.SIGKILL)

    result = prepared(tmp_path).run(kill, documented_scatter(client))
    assert every_trial_once(result)
    assert len(stored) == TRIALS
    client.wait_for_workers(2, timeout=30)
    assert set(client.run(os.getpid).values()) != set(workers.values())


def test_an_interrupted_study_is_resumed_on_the_cluster(tmp_path: Path, client: distributed.Client) -> None:
    job = prepared(tmp_path)
    stored: list[Record] = []

    def interrupt(record: Record, _: Progress) -> None:
        stored.append(record)
        if len(stored) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.run(interrupt, documented_scatter(client))
    assert len(job.result().records) == 5
    assert every_trial_once(job.run(scatter=documented_scatter(client)))


def test_a_cancelled_future_ends_the_study_and_loses_nothing(
    tmp_path: Path, client: distributed.Client
) -> None:
    def cancelling(measure: Measure, trials: Iterable[Trial]) -> Iterator[Record]:
        first, second, *_ = client.map(measure, list(trials), pure=False)
        yield first.result()
        second.cancel()
        yield second.result()

    job = prepared(tmp_path)
    with pytest.raises(StudyError, match=r"^scatter: .*ancelled.*; all records before are stored"):
        job.run(scatter=cancelling)
    assert len(job.result().records) == 1
    assert every_trial_once(job.run())
