"""Trials in other processes of this host: executors, with workers that are killed meanwhile."""

from __future__ import annotations

import os
import signal
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from support.processes import qemu

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.errors import StudyError
from accelkit.study import prepare, study
from accelkit.study.model import Record
from accelkit.study.prepared import PreparedStudy
from accelkit.study.progress import Progress
from accelkit.study.result import Result

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
