"""A tuning by time ends in time: where whole runs take longer than planned, its confirming study has fewer blocks."""

from __future__ import annotations

import time
from pathlib import Path

from accelkit.study.model import Record, Trial
from accelkit.study.searched import PointTrial
from accelkit.study.store.reader import read_store
from accelkit.tuning import tune


def much_slower_when_confirming(trial: Trial) -> Record:
    """As on a host that is busy: the runs of a search are cut short there, whole ones are not."""
    time.sleep(0.0005 if isinstance(trial, PointTrial) else 0.02)
    is_fast = trial.configuration.endswith("=64")
    return Record(trial, "ok", value=(1.0 if is_fast else 2.0) * (1 + trial.block % 3 / 1000))


def test_the_confirming_study_ends_with_the_time_and_is_over_then(tmp_path: Path) -> None:
    store = str(tmp_path / "tune.sqlite")
    best = tune(
        "tcg,tb-size={8,64,512}",
        "smp",
        time=1.0,
        store=store,
        measure=much_slower_when_confirming,
        watch=False,
    )
    with read_store(store) as stored:
        tuning = stored.search.tuning()
        assert tuning is not None
        assert tuning.blocks is not None
        assert 0 < best.search.confirming < tuning.blocks * len(best.result.plan.cells)
        assert stored.look() == ""
    assert best.name == "tcg,tb-size=64"
    assert "not ended" not in best.why
