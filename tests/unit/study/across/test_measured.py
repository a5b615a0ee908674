"""What is read of a store for a comparison: series, failures, hosts, damage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from support.stores import BARN, BEGUN, BOX, DAY, plan_of, records_for, study_store, write_store

from accelkit.study.across.measured import damage_notes, measured_at
from accelkit.study.across.merge import merge
from accelkit.study.model import Cell

TCG, SINGLE = (Cell("7.2.22", "cpu", name) for name in ("tcg", "tcg,thread=single"))


def test_a_series_is_that_of_the_blocks_alone_or_beside(tmp_path: Path) -> None:
    (store,) = measured_at(
        [
            str(
                study_store(
                    tmp_path / "a.sqlite", blocks=5, failing=lambda t: t.block == 2 and "s" in t.configuration
                )
            )
        ]
    )
    series = store.series(SINGLE)
    assert np.isnan(series).tolist() == [False, False, True, False, False]
    beside = store.series(SINGLE, TCG)
    assert np.nanmedian(beside) == np.nanmedian(series - store.series(TCG))
    assert np.isnan(store.series(Cell("x", "y", "z"))).all()
    assert store.side(SINGLE).failed == 1
    assert store.why_failed(SINGLE).endswith("(crashed 1): it crashed")
    assert store.side(Cell("x", "y", "z")).runs == 0


def test_a_merged_store_has_the_hosts_of_all_each_once(tmp_path: Path) -> None:
    stores = [
        study_store(tmp_path / "a.sqlite", blocks=2),
        study_store(tmp_path / "b.sqlite", blocks=2, created=BEGUN + DAY, host=BARN),
        study_store(tmp_path / "c.sqlite", blocks=2, created=BEGUN + 2 * DAY),
    ]
    merge(stores, tmp_path / "m.sqlite")
    (store,) = measured_at([str(tmp_path / "m.sqlite")])
    assert store.circumstances.hosts == (BOX, BARN)


def test_values_are_those_of_one_repetition_also_in_a_merged_store(tmp_path: Path) -> None:
    paths: list[Path] = []
    for number, n in enumerate((1000, 4000)):
        plan = plan_of(fingerprint=f"x86_64 q35 64 MiB 1 vCPUs 1,{n},0,0,0,0,100 5f")
        records = records_for(plan, {}, blocks=6, speed=n / 1000, noise=0.001, seed=number)
        paths.append(write_store(tmp_path / f"{n}.sqlite", plan, records, created=BEGUN + number))
    merge(paths, tmp_path / "m.sqlite")
    one, four, both = measured_at([*map(str, paths), str(tmp_path / "m.sqlite")])
    for store in (one, four, both):
        assert np.allclose(store.series(TCG), np.log(1000), atol=0.01)
    assert len(both.series(TCG)) == 12


def test_damage_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = study_store(tmp_path / "a.sqlite", blocks=3)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE trial SET value = 1 WHERE number < 3")
    stores = measured_at([str(path), str(study_store(tmp_path / "b.sqlite", blocks=3))])
    (note,) = damage_notes(stores)
    assert note == (
        f"{path}: damaged, and damaged trials are left out (trial 1: its checksum does not match, and 1 more); accelkit"
        " store check lists all"
    )
