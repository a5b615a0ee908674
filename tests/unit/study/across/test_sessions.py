"""Cautions of two sessions: hosts, time between them, slices; and those of each store by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.stores import BARN, BEGUN, plan_of, records_for, study_store, write_store

from accelkit.study.across.measured import measured_at
from accelkit.study.across.sessions import session_cautions


@pytest.mark.parametrize(("apart", "words"), [(60, "1 minute"), (7200, "2 hours"), (30 * 86_400, "30 days")])
def test_the_time_between_is_told(tmp_path: Path, apart: float, words: str) -> None:
    stores = [study_store(tmp_path / f"{begun}.sqlite", created=begun) for begun in (BEGUN, BEGUN + apart)]
    old, new = measured_at(list(map(str, stores)))
    (caution,) = session_cautions(old, new, has_control=True)
    assert caution.kind == "two sessions"
    assert f"were begun {words} apart" in caution.observation
    assert "beside the baseline" in caution.remedy
    assert list(session_cautions(old, old, has_control=True)) == []


def test_another_host_and_the_cautions_of_each_store(tmp_path: Path) -> None:
    stores = [study_store(tmp_path / "a.sqlite", blocks=5), study_store(tmp_path / "b.sqlite", host=BARN)]
    old, new = measured_at(list(map(str, stores)))
    kinds = [
        (caution.kind, caution.observation.partition(":")[0])
        for caution in session_cautions(old, new, has_control=False)
    ]
    assert [kind for kind, _ in kinds] == ["other host", "too few blocks", "frequency scaling"]
    assert kinds[1][1].endswith("a.sqlite")
    assert kinds[2][1].endswith("b.sqlite")


def test_many_more_slices_are_told(tmp_path: Path) -> None:
    paths: list[str] = []
    for slices in (100, 300):
        plan = plan_of(fingerprint=f"x86_64 q35 64 MiB 1 vCPUs 1,1000,0,0,0,0,{slices} 5f")
        paths.append(
            str(
                write_store(
                    tmp_path / f"{slices}.sqlite", plan, records_for(plan, {}), created=BEGUN + slices
                )
            )
        )
    kinds = {
        caution.kind: caution.observation
        for caution in session_cautions(*measured_at(paths), has_control=True)
    }
    assert (
        kinds["other work"]
        == "cpu: a run has 300 slices now, and had 100 (cpu); the fastest of more is faster"
    )
