"""A store as a part of a merged one: where its trials belong, and what they say of their host."""

from __future__ import annotations

from pathlib import Path

from support.stores import BARN, BEGUN, DAY, study_store

from accelkit.study.across.merge import merge
from accelkit.study.across.part import all_parts, close, own_names, part_of
from accelkit.study.model import Cell, Damage
from accelkit.study.store.sources import SourceBlock


def test_a_trial_is_the_same_in_its_store_and_in_a_merged_one(tmp_path: Path) -> None:
    a = study_store(tmp_path / "a.sqlite", blocks=3)
    b = study_store(tmp_path / "b.sqlite", blocks=2, created=BEGUN + DAY, host=BARN)
    merge([a, b], tmp_path / "m.sqlite")
    parts = all_parts([str(b), str(tmp_path / "m.sqlite")])
    places = {source.key: place for place, source in enumerate(parts[1].sources)}
    own, merged = (
        [trial for trial in part.trials(places) if not isinstance(trial, Damage)] for part in parts
    )
    close(parts)
    assert {seen.digest for seen, _, _ in own} < {seen.digest for seen, _, _ in merged}
    assert {seen.block for seen, _, _ in own} == {SourceBlock(1, 0), SourceBlock(1, 1)}
    assert {seen.rank for seen, _, _ in merged} == {0, 1}
    assert {host for _, _, host in merged} == {""}  # the study's own, though its row says barn


def test_the_steps_of_a_race_are_in_the_blocks_of_their_study(tmp_path: Path) -> None:
    part = part_of(study_store(tmp_path / "a.sqlite", blocks=3), 0)
    assert list(part.steps()) == []
    assert part.block(7) == SourceBlock(0, 7)
    (source,) = part.sources
    assert own_names(source) == ("", "box", "box (1a2b3c4d)")
    assert Cell("7.2.22", "cpu", "tcg") in part.store.plan.cells
    close([part])
