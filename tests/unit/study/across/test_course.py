"""Which series a trend has, what is left out of them, and its exit status."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.stores import BEGUN, DAY, TRUTH, plan_of, records_for, study_store, write_store
from support.two_stores import known_trend

from accelkit.errors import StudyError
from accelkit.study.across.trend import trend


def test_the_change_is_in_its_series_alone(tmp_path: Path) -> None:
    found = known_trend(tmp_path)
    assert {(series.key.configuration, series.kind): [change.place for change in series.changes] for series in found.series} == {
        ("tcg", "time"): [], ("tcg,thread=single", "beside"): [9],
    }  # fmt: skip
    rows = found.rows()
    json.dumps(rows, allow_nan=False)
    assert len({tuple(row) for row in rows}) == 1
    assert [row["store"] for row in rows if row["changes"]] == ["night-09.sqlite"]


def test_other_work_another_baseline_and_single_values_are_left_out(tmp_path: Path) -> None:
    a = study_store(tmp_path / "a.sqlite")
    b = study_store(tmp_path / "b.sqlite", created=BEGUN + DAY)
    names = ["tcg", "tcg,thread=single", "kvm"]
    plan = plan_of(names, baseline="kvm")
    c = write_store(tmp_path / "c.sqlite", plan, records_for(plan, TRUTH), created=BEGUN + 2 * DAY)
    other = plan_of(fingerprint="2")
    d = write_store(tmp_path / "d.sqlite", other, records_for(other, TRUTH), created=BEGUN + 3 * DAY)
    found = trend([d, b, c, a])
    assert [moment.label for moment in found.moments] == ["a", "b", "c", "d"]
    places = {series.key.configuration: (series.kind, series.places) for series in found.series}
    assert places == {"tcg": ("time", (0, 1, 2)), "tcg,thread=single": ("beside", (0, 1))}
    assert "guest 'cpu': does other work in d" in found.left_out
    assert "'tcg,thread=single' on 'cpu': beside another baseline, or none, in c" in found.left_out
    assert "'kvm' on 'cpu': only one store has a value in c" in found.left_out


def test_times_of_other_amounts_of_work_are_left_out_and_ratios_stay(tmp_path: Path) -> None:
    stores = []
    for number, n in enumerate((1000, 1000, 3000)):
        plan = plan_of(fingerprint=f"x86_64 q35 64 MiB 1 vCPUs 1,{n},0,0,0,0,100 5f")
        path = tmp_path / f"{number}.sqlite"
        stores.append(
            write_store(path, plan, records_for(plan, TRUTH, speed=n / 1000), created=BEGUN + number)
        )
    found = trend(stores)
    assert [series.places for series in found.series] == [(0, 1), (0, 1, 2)]
    assert found.left_out == ("guest 'cpu': its slices have other amounts of work in 2",)


def test_guests_and_configurations_are_chosen_by_name(tmp_path: Path) -> None:
    stores = [
        study_store(tmp_path / f"{n}.sqlite", guests=("cpu", "smp"), created=BEGUN + n, seed=n)
        for n in range(3)
    ]
    found = trend(stores, guests=["smp"], configurations=["tcg"])
    assert [series.key[:2] for series in found.series] == [("smp", "tcg")]
    assert len(trend(stores, guests="smp").series) == 2
    with pytest.raises(StudyError, match="guests: 'smpp' in none of the stores; did you mean 'smp'"):
        trend(stores, guests=["smpp"])


def test_the_status_is_that_of_the_newest_store(tmp_path: Path) -> None:
    stores = [study_store(tmp_path / f"{n}.sqlite", created=BEGUN + n, seed=n, noise=0.001) for n in range(8)]
    assert [trend(stores).status(limit) for limit in (None, 0.02)] == [0, 0]
    truth = {**TRUTH, "tcg,thread=single": 1.5}
    slow = study_store(tmp_path / "slow.sqlite", truth, created=BEGUN + 20)
    assert trend([*stores, slow]).status(0.02) == 1
    fails = study_store(
        tmp_path / "fails.sqlite", created=BEGUN + 30, failing=lambda trial: "single" in trial.configuration
    )
    found = trend([*stores, fails])
    assert (found.status(0.5), len(found.failing())) == (1, 1)
    assert trend(stores[:2]).status(0.02) == 3  # nobody knows how much sessions differ


def test_with_absolute_all_series_are_times(tmp_path: Path) -> None:
    stores = [study_store(tmp_path / f"{n}.sqlite", created=BEGUN + n, seed=n) for n in range(3)]
    assert {series.kind for series in trend(stores, absolute=True).series} == {"time"}
    assert replace(trend(stores).moments[0], label="x").label == "x"
