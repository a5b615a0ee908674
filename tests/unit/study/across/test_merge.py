"""Stores are merged into one: what it has, that it is the same again, and that nothing else is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.stored_study import query
from support.stores import BARN, BEGUN, BOX, DAY, plan_of, records_for, study_store, write_store

from accelkit.errors import StudyError
from accelkit.study.across.merge import SUFFIX, merge
from accelkit.study.model import Record
from accelkit.study.result import Result
from accelkit.study.store.repair import damage_of
from accelkit.study.store.writer import open_store

TRIALS = "SELECT id, guest, build, configuration, block, value, started_utc FROM trials ORDER BY number"


@pytest.fixture
def stores(tmp_path: Path) -> list[Path]:
    """Three studies of one plan: of two nights on one host, and of another host, with one configuration more."""
    more = {"tcg": 1.0, "tcg,thread=single": 1.2, "tcg,tb-size=8": 2.0}
    return [
        study_store(tmp_path / "a.sqlite", blocks=8),
        study_store(tmp_path / "b.sqlite", created=BEGUN + DAY, blocks=9, seed=2),
        study_store(
            tmp_path / "c.sqlite", more, created=BEGUN + 2 * DAY, blocks=7, host=BARN, seed=3, speed=3.0
        ),
    ]


def content(path: Path) -> list[list[tuple[object, ...]]]:
    """All of a merged store but the place of its files."""
    return [
        query(path, TRIALS),
        query(path, "SELECT number, host, kernel, blocks FROM sources"),
        query(path, "SELECT block, source, number FROM source_block ORDER BY block"),
        query(path, "SELECT started_utc, ended_utc, trials FROM sessions"),
        query(path, "SELECT name, machine, kernel FROM host"),
        query(path, "SELECT name FROM configuration ORDER BY name"),
    ]


def merged(folder: Path, name: str, *parts: Path) -> Path:
    merge(parts, folder / name)
    return folder / name


def test_a_merged_store_has_the_trials_of_all_in_whole_blocks(stores: list[Path], tmp_path: Path) -> None:
    before = [path.read_bytes() for path in stores]
    made = merge(stores, tmp_path / "all.sqlite")
    assert (made.trials, made.added, made.blocks) == (8 * 2 + 9 * 2 + 7 * 3, 55, 24)
    assert [source.host for source in made.sources] == [BOX, BOX, BARN]
    assert [path.read_bytes() for path in stores] == before
    assert damage_of(str(tmp_path / "all.sqlite")) == ()
    sizes = query(
        tmp_path / "all.sqlite", "SELECT block, count(*), count(DISTINCT id) FROM trial GROUP BY block"
    )
    assert [count for _, count, _ in sizes] == 17 * [2] + 7 * [3]
    assert all(count == ids for _, count, ids in sizes)


def test_the_analysis_pairs_within_blocks_and_hosts(stores: list[Path], tmp_path: Path) -> None:
    result = Result.from_store(merged(tmp_path, "all.sqlite", *stores))
    assert result.anytime
    assert "merged from several" in result.look
    by_name = {row.configuration: row for row in result.comparisons}
    assert by_name["tcg,thread=single"].pairs == 24
    assert by_name["tcg,thread=single"].ratio == pytest.approx(
        1.2, rel=0.01
    )  # though one host is three times slower
    assert by_name["tcg,tb-size=8"].pairs == 7
    assert {record.host for record in result.records} == {"", "barn"}
    assert "merged from several" in str(result)


def test_hosts_that_say_different_things_are_told(tmp_path: Path) -> None:
    other = {"tcg": 1.0, "tcg,thread=single": 1.6}
    stores = [
        study_store(tmp_path / "a.sqlite"),
        study_store(tmp_path / "b.sqlite", other, created=BEGUN + DAY, host=BARN, seed=2, speed=3.0),
    ]
    result = Result.from_store(merged(tmp_path, "m.sqlite", *stores))
    kinds = {caution.kind for caution in result.cautions}
    assert {"hosts differ", "effect differs by host"} <= kinds
    assert "drift" not in kinds
    assert "merged from" in result.info
    assert "b.sqlite (2026-09-22 14:13 UTC)" in result.markdown()


def test_merging_again_adds_nothing_and_touches_nothing(stores: list[Path], tmp_path: Path) -> None:
    both = merged(tmp_path, "both.sqlite", *stores[:2])
    bytes_before, stat = both.read_bytes(), both.stat()
    for parts in ([stores[0]], [stores[1], stores[0]], [both], [both, stores[0]]):
        assert merge(parts, both).added == 0
    assert both.read_bytes() == bytes_before
    assert both.stat().st_mtime_ns == stat.st_mtime_ns
    assert merge([stores[2]], both).added == 21
    assert content(both) == content(merged(tmp_path, "all.sqlite", *stores))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations(range(3)), cut=st.integers(1, 2))
def test_the_order_and_the_steps_do_not_matter(
    stores: list[Path], tmp_path: Path, order: Sequence[int], cut: int
) -> None:
    for name in ("whole.sqlite", "part.sqlite", "steps.sqlite"):
        (tmp_path / name).unlink(missing_ok=True)
    chosen = [stores[place] for place in order]
    whole = merged(tmp_path, "whole.sqlite", *stores)
    part = merged(tmp_path, "part.sqlite", *chosen[:cut])
    steps = merged(tmp_path, "steps.sqlite", *chosen[cut:], part)
    assert content(steps) == content(whole)


def test_copies_of_one_study_that_went_on_apart(tmp_path: Path) -> None:
    """Blocks that both have are there once; those that each measured by itself are blocks of their own."""
    plan = plan_of()
    common = records_for(plan, {}, blocks=4)
    apart = [
        [r for r in records_for(plan, {}, blocks=6, seed=seed, begun=BEGUN + 100 * seed) if r.trial.block > 3]
        for seed in (5, 6)
    ]
    one, other = (
        write_store(tmp_path / f"{n}.sqlite", plan, [*common, *rest]) for n, rest in enumerate(apart)
    )
    made = merge([one, other], tmp_path / "all.sqlite")
    assert (made.trials, made.blocks, len(made.sources)) == (8 + 4 + 4, 4 + 2 + 2, 1)
    assert merge([tmp_path / "all.sqlite", other], tmp_path / "all.sqlite").added == 0


def test_a_simulation_gives_the_same_records_in_each_block_and_each_study(tmp_path: Path) -> None:
    """Trials of a function have no time at which they began, and may have the same values."""
    plan = plan_of()
    records = [Record(trial, "ok", value=1.0) for block in range(3) for trial in plan.block(block)]
    stores = [write_store(tmp_path / f"{n}.sqlite", plan, records, created=BEGUN + n) for n in range(2)]
    made = merge(stores, tmp_path / "all.sqlite")
    assert (made.trials, made.blocks) == (12, 6)
    assert merge(stores, tmp_path / "all.sqlite").added == 0


def test_a_single_study_keeps_its_budget(stores: list[Path], tmp_path: Path) -> None:
    result = Result.from_store(merged(tmp_path, "one.sqlite", stores[0]))
    assert not result.anytime
    assert [row.ratio for row in result.comparisons] == [
        row.ratio for row in Result.from_store(stores[0]).comparisons
    ]


def test_what_cannot_be_compared_is_refused_and_nothing_is_written(
    stores: list[Path], tmp_path: Path
) -> None:
    other = write_store(tmp_path / "x.sqlite", plan_of(version="11.1.3", fingerprint="2"), [])
    with pytest.raises(
        StudyError, match=r"cannot be compared:\n  guest 'cpu': .*\n  QEMU: 7\.2\.22 in"
    ) as error:
        merge([stores[0], other], tmp_path / "no.sqlite")
    assert str(error.value).count("\n") == 2
    assert not (tmp_path / "no.sqlite").exists()
    assert not (tmp_path / f"no.sqlite{SUFFIX}").exists()
    assert not (tmp_path / "no.sqlite-lock").exists()


def test_all_stores_that_cannot_be_read_are_named(stores: list[Path], tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("no store" * 1000)
    with pytest.raises(
        StudyError, match=r"text\.sqlite'.*not an SQLite database.* \| .*gone\.sqlite': no such file"
    ):
        merge([text, stores[0], tmp_path / "gone.sqlite"], tmp_path / "all.sqlite")


@pytest.mark.parametrize(
    ("given", "into", "message"),
    [
        ([], "all.sqlite", "no store is given"),
        (["a.sqlite"], "", "names no file"),
        (["a.sqlite"], "nowhere/all.sqlite", "its folder does not exist"),
        (["a.sqlite"], ".", "is a folder"),
    ],
)
def test_wrong_arguments_are_told(
    stores: list[Path], monkeypatch: pytest.MonkeyPatch, given: list[str], into: str, message: str
) -> None:
    monkeypatch.chdir(stores[0].parent)
    with pytest.raises(StudyError, match=message):
        merge(given, into)


def test_a_target_that_is_being_written_is_refused(stores: list[Path], tmp_path: Path) -> None:
    with open_store(tmp_path / "live.sqlite", plan_of(), host=BOX) as store:
        assert store.count() == 0
        with pytest.raises(StudyError, match="this process has it open for writing"):
            merge(stores, tmp_path / "live.sqlite")


def test_a_merged_store_is_not_resumed(stores: list[Path], tmp_path: Path) -> None:
    both = merged(tmp_path, "both.sqlite", *stores[:2])
    with pytest.raises(
        StudyError, match=r"was merged from .*a\.sqlite, .*b\.sqlite, and is not resumed; resume the study in"
    ):
        open_store(both, plan_of(), host=BOX)


def test_damaged_trials_are_left_out_and_named(stores: list[Path], tmp_path: Path) -> None:
    with closing(sqlite3.connect(stores[0], isolation_level=None)) as connection:
        connection.execute("UPDATE trial SET value = 1 WHERE number = 3")
    made = merge(stores[:2], tmp_path / "both.sqlite")
    assert made.trials == 33
    assert [(Path(store).name, damage.where) for store, damage in made.damage] == [("a.sqlite", "trial 3")]


def test_a_block_whose_source_is_unknown_is_left_out(stores: list[Path], tmp_path: Path) -> None:
    both = merged(tmp_path, "both.sqlite", *stores[:2])
    with closing(sqlite3.connect(both, isolation_level=None)) as connection:
        connection.execute("UPDATE source_block SET number = 5 WHERE block = 3")
    made = merge([both], tmp_path / "again.sqlite")
    assert made.trials == 32
    assert {damage.where.partition(" ")[0] for _, damage in made.damage} == {"source_block", "trial"}
    assert "it is unknown which study its block 3 is from" in {damage.why for _, damage in made.damage}
