"""What a merged file holds besides trials: hosts, sessions, drops and returns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from support.stored_study import query
from support.stores import BARN, BEGUN, BOX, DAY, plan_of, records_for, write_store

from accelkit.study.across.merge import merge
from accelkit.study.across.merged_file import host_labels
from accelkit.study.model import Cell
from accelkit.study.store.reader import read_store
from accelkit.study.store.sources import Source
from accelkit.study.store.writer import open_store


def source(host: object = BOX) -> Source:
    return Source("s.sqlite", BEGUN, 0, "f", (), "0.2.0", host)  # type: ignore[arg-type]


def test_a_host_has_a_name_of_its_own() -> None:
    twin = replace(BARN, name="box")
    assert host_labels([source(), source(), source(BARN)]) == ["", "", "barn"]
    assert host_labels([source(), source(twin)]) == ["", "box (00facade)"]
    assert host_labels([source(), source(replace(BARN, name=""))]) == ["", " (00facade)"]


def test_drops_of_one_study_end_where_the_next_begins(tmp_path: Path) -> None:
    cell = Cell("7.2.22", "cpu", "tcg,thread=single")
    plan = plan_of()
    paths: list[Path] = []
    for number, begun in enumerate((BEGUN, BEGUN + DAY)):
        path = tmp_path / f"{number}.sqlite"
        with open_store(path, plan, host=BOX) as store:
            for record in records_for(plan, {}, blocks=4, begun=begun, seed=number):
                if record.trial.cell != cell or record.trial.block not in (2, 3):
                    store.append(record)
            store.race(2, {cell: 8})
        paths.append(path)
    merge(paths, tmp_path / "m.sqlite")
    merge([paths[1], tmp_path / "m.sqlite"], tmp_path / "again.sqlite")
    for name in ("m.sqlite", "again.sqlite"):
        with read_store(tmp_path / name) as stored:
            assert stored.drops().steps == {cell: ((2, 8), (4, 1), (6, 8))}
            assert stored.drops().now == {cell: 6}


def test_sessions_are_kept_once_with_their_ends(tmp_path: Path) -> None:
    plan = plan_of()
    records = records_for(plan, {}, blocks=3)
    whole, half = (tmp_path / name / "s.sqlite" for name in ("whole", "half"))
    for path, count in ((whole, 6), (half, 3)):
        path.parent.mkdir()
        write_store(path, plan, records[:count])
    merge([half, whole], tmp_path / "m.sqlite")
    assert query(tmp_path / "m.sqlite", "SELECT count(*), max(ended) FROM session") == [(1, BEGUN + 6)]
    assert query(tmp_path / "m.sqlite", "SELECT DISTINCT session FROM trial") == [(1,)]
