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


@pytest.mark.parametrize(("before", "after", "is_told"), [("1000", "1000", False), ("1000", "3000", True)])
def test_other_amounts_of_work_are_told(tmp_path: Path, before: str, after: str, is_told: bool) -> None:
    paths: list[str] = []
    for number, (n, slices) in enumerate(((before, 100), (after, 120))):
        plan = plan_of(fingerprint=f"x86_64 q35 64 MiB 1 vCPUs 1,{n},0,0,0,0,{slices} 5f")
        path = tmp_path / f"{number}.sqlite"
        paths.append(str(write_store(path, plan, records_for(plan, {}), created=BEGUN + number)))
    found = {caution.kind: caution for caution in session_cautions(*measured_at(paths), has_control=True)}
    assert ("other work" in found) == is_told
    if is_told:
        assert found["other work"].observation.startswith(
            "cpu: a run has 120 slices of 3000 repetitions now, and had 100 of 1000 (cpu); times are compared for one"
        )
        assert "\"guest('cpu').with_work(n=1000, slices=100)\"" in found["other work"].remedy
