"""A whole study on a simulated fleet of 1,000 hosts: every trial once, whatever is lost; the truth found; memory bounded."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from support.fleet import Fleet
from support.simulate import HOSTS

from accelkit import doubling, each, multi, single, tb_size, tcg, thread
from accelkit.study import Record, Trial, prepare
from accelkit.study.result import Result
from accelkit.tuning import tune

SPACE = tcg() | thread(each(single, multi)) | tb_size(doubling(64, 256))
BLOCKS = 400
CELLS = 6


def measure(trial: Trial) -> Record:
    """thread=multi takes 0.8 of the time; a point fails, and another is a tenth slower."""
    if trial.configuration == "tcg,tb-size=256,thread=single":
        return Record(trial, "timeout", "hangs")
    slow = 1.1 if "tb-size=64" in trial.configuration else 1.0
    return Record(
        trial, "ok", value=slow * (0.8 if "multi" in trial.configuration else 1.0), unit="s", load=0.5
    )


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return Fleet(1000, losses=0.01, drift=0.05, noises=(HOSTS["quiet"], HOSTS["busy"], HOSTS["outliers"]))


@pytest.fixture(scope="module")
def result(fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Result:
    store = tmp_path_factory.mktemp("fleet") / "s.sqlite"
    study = prepare(
        SPACE, "simulated", measure=measure, baseline="tcg,tb-size=128,thread=single", blocks=BLOCKS, store=store,
        race=False,
    )  # fmt: skip
    tracemalloc.start()
    try:
        found = study.run(on=fleet)
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
    return found


def test_each_trial_is_stored_once_although_hosts_are_lost_and_records_come_late(
    fleet: Fleet, result: Result
) -> None:
    counts = Counter(record.trial.id for record in result.records)
    assert len(counts) == BLOCKS * CELLS
    assert set(counts.values()) == {1}
    assert fleet.lost > 10
    assert fleet.late > 5


def test_the_hosts_are_kept_and_blocks_that_two_of_them_measured_pair_within_each(result: Result) -> None:
    parts = Counter(block for _, block in {(record.host, record.trial.block) for record in result.records})
    assert len(result.hosts) > 300
    assert set(parts) == set(range(BLOCKS))
    assert max(parts.values()) >= 2


def test_the_truth_is_found_though_hosts_differ_in_speed_by_much(result: Result) -> None:
    rows = {row.configuration: row for row in result.comparisons}
    assert rows["tcg,tb-size=128,thread=multi"].ratio == pytest.approx(0.8, rel=0.02)
    assert rows["tcg,tb-size=64,thread=single"].verdict == "slower"
    assert rows["tcg,tb-size=256,thread=single"].failed == BLOCKS
    assert result.best("simulated").name in ("tcg,tb-size=128,thread=multi", "tcg,tb-size=256,thread=multi")


def test_a_tuning_stores_each_trial_once_and_finds_a_good_point(tmp_path: Path) -> None:
    fleet = Fleet(1000, losses=0.005, noises=(HOSTS["quiet"], HOSTS["busy"]))
    space = tcg() | thread(each(single, multi)) | tb_size(doubling(64, 256))
    best = tune(space, guests=["simulated"], trials=400, store=tmp_path / "t.sqlite", measure=measure, watch=False,
                on=fleet)  # fmt: skip
    assert best.recipe in (tcg() | thread(multi) | tb_size(128), tcg() | thread(multi) | tb_size(256))
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as connection:
        for table in ("search", "trial"):
            ids = [identity for (identity,) in connection.execute(f"SELECT id FROM {table}")]
            assert len(ids) == len(set(ids)) > 0
            hosts = connection.execute(f"SELECT count(DISTINCT host) FROM {table}").fetchone()[0]
            assert hosts > 10
    assert fleet.lost > 0
