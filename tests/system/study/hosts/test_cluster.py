"""A study on a Dask cluster: by its client, by its cluster, by its address, from a shell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.cli import ask
from support.clusters import local
from support.fake_study import fake

from accelkit.errors import StudyError
from accelkit.study import study
from accelkit.study.hosts.cluster import DaskPool, pool_of
from accelkit.study.hosts.pool import one_host
from accelkit.study.model import Record, Trial
from accelkit.study.result import Result

pytestmark = pytest.mark.xdist_group("dask")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with local(1, threads_per_worker=1) as client:
        yield client


def measure(trial: Trial) -> Record:
    return Record(trial, "ok", value=2.0 if trial.configuration == "tcg,tb-size=8" else 1.0)


def on(where: Any, store: Path) -> Result:
    space = "tcg,tb-size={8,64}"
    return study(space, ["x"], store=store, blocks=8, measure=measure, watch=False, on=where)


@pytest.mark.parametrize("kind", ["client", "cluster", "address"])
def test_a_study_runs_on_a_client_a_cluster_or_an_address(client: Any, kind: str, tmp_path: Path) -> None:
    where = {"client": client, "cluster": client.cluster, "address": client.cluster.scheduler_address}[kind]
    result = on(where, tmp_path / "s.sqlite")
    counts = Counter(record.trial.id for record in result.records)
    assert len(counts) == result.records.__len__() == 16
    assert result.comparisons[0].ratio == 0.5
    assert client.status == "running"


def test_an_executor_and_a_cluster_exclude_each_other(client: Any, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="on and scatter: both say where trials run"):
        study("tcg", ["x"], store=tmp_path / "s", measure=fake, blocks=8, anyway=True, watch=False,
              on=client, scatter=lambda measure, trials: [*map(measure, trials)])  # fmt: skip


def test_what_is_no_cluster_is_told_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"^on: got 5; takes"):
        on(5, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []
    answer = ask("study", "tcg", "--dask", "host", "--store", str(tmp_path / "s"))
    assert answer.status == 2
    assert "write the whole address, such as 'tcp://host:8786'" in answer.err


def test_none_is_this_host_and_a_pool_stays_as_it_is() -> None:
    pool = one_host()
    assert pool_of(pool) is pool
    assert isinstance(pool_of("tcp://host:8786"), DaskPool)
    assert not isinstance(pool_of(), DaskPool)
