"""A study of a real QEMU on a cluster of this host: its doctor passes, its trials are this host's, its guest is sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.clusters import by_name, local
from support.processes import qemu

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.errors import StudyError
from accelkit.study import prepare
from accelkit.study.hosts.cluster import DaskPool
from accelkit.study.hosts.session import Terms
from accelkit.study.prepared import PreparedStudy
from accelkit.study.worker import Worker

pytestmark = [pytest.mark.qemu, pytest.mark.xdist_group("dask")]

SPACE = tcg() | tb_size(each(8, 64)) | thread(each(single, multi))


def prepared(path: Path) -> PreparedStudy:
    qemu()
    return prepare(
        SPACE, ["cpu"], store=path / "s.sqlite", blocks=3, run_seconds=0.05, race=False, anyway=True
    )


def test_a_study_runs_on_workers_and_one_with_another_qemu_is_left_out(tmp_path: Path) -> None:
    job = prepared(tmp_path)
    with local(2, threads_per_worker=1) as client:
        result = job.run(on=client)
        assert [record.why for record in result.records if not record.ok] == []
        assert set(Counter(record.trial.id for record in result.records).values()) == {1}
        assert len(result.records) == 12
        assert {record.host for record in result.records} == {""}
        assert isinstance(job.measure, Worker)
        builds: dict[str, Any] = {
            name: replace(build, digest="00" * 16) for name, build in job.measure.builds.items()
        }
        other = replace(job, measure=replace(job.measure, builds=builds), blocks=4)
        with (
            pytest.warns(UserWarning, match="is left out: its QEMU .* is another binary"),
            pytest.raises(
                StudyError, match=r"no host can run this study: host-0: its QEMU .* \| host-1: its QEMU"
            ),
        ):
            other.run(on=DaskPool(client, Terms(identify=by_name)))
    assert len(job.result().records) == 12
