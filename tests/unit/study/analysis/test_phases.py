"""Phases are compared as guests of their own, in one family with the whole runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import compare, compare_builds
from accelkit.study.analysis.phases import Phase, phases_of, with_phases
from accelkit.study.analysis.racing import lost
from accelkit.study.model import Build, Cell, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest

TIMES = {"boot": (2.0, 2.0), "work": (0.5, 8.0), "end": (0.1, 0.05)}
"""Seconds of each phase with tb-size=256 and 8."""
POINTS = ("tcg,tb-size=256", "tcg,tb-size=8")
BUILDS = ("7.2", "11.1")


def records(blocks: int = 20, builds: tuple[str, ...] = BUILDS, seed: int = 1) -> list[Record]:
    noise = np.random.default_rng(seed)
    made: list[Record] = []
    for block in range(blocks):
        for build in builds:
            for number, point in enumerate(POINTS):
                phases = {
                    name: times[number] * float(np.exp(noise.normal(0, 0.002)))
                    for name, times in TIMES.items()
                }
                made.append(run(Trial(build, "linux", point, block, len(made)), phases))
    return made


def run(trial: Trial, phases: Mapping[str, float]) -> Record:
    return Record(
        trial, "ok", value=sum(phases.values()), unit="s", phases=phases, user=9.0, counters={"tbs": 9.0}
    )


def test_each_phase_has_a_verdict_of_its_own() -> None:
    rows = {(row.guest, row.build): row for row in compare(records(), POINTS[0])}
    assert {row.phase for row in rows.values()} == {None, *(Phase("linux", name) for name in TIMES)}
    verdicts = {guest: row.verdict for (guest, build), row in rows.items() if build == "7.2"}
    assert verdicts == {
        "linux": "slower", "linux: boot": "no difference", "linux: work": "slower", "linux: end": "faster",
    }  # fmt: skip
    assert rows["linux: work", "7.2"].ratio == pytest.approx(16, rel=0.01)
    assert np.isnan(rows["linux: work", "7.2"].cpu)  # QEMU's CPU time is that of the whole run
    assert not np.isnan(rows["linux", "7.2"].cpu)


@pytest.mark.parametrize(("judge", "baseline"), [(compare, POINTS[0]), (compare_builds, BUILDS[0])])
def test_phases_are_judged_as_guests_of_their_own_would_be(judge, baseline: str) -> None:
    """So all intervals of the table hold at once: each phase counts among the comparisons."""
    made = records()
    phases = phases_of(made)
    as_guests = [replace(record, phases={}) for record in with_phases(made, phases.values())]
    assert len(as_guests) == 4 * len(made)
    plain = tuple(replace(row, phase=None) for row in judge(made, baseline))
    assert repr(judge(as_guests, baseline)) == repr(plain)  # the text of NaN is equal to itself


def test_of_a_run_that_failed_all_phases_have_failed() -> None:
    made = records(blocks=3, builds=("7.2",))
    failed = [
        Record(record.trial, "silent", phases={"boot": 2.0})
        if record.trial.configuration == POINTS[1]
        else record
        for record in made
    ]
    assert list(phases_of(failed)) == ["linux: boot", "linux: work", "linux: end"]
    assert [row.failed for row in compare(failed, POINTS[0])] == [3] * 4
    assert phases_of([Record(made[0].trial, "timeout")]) == {}


def test_a_phase_that_took_no_time_has_no_value() -> None:
    record = run(Trial("7.2", "linux", "tcg", 0, 0), {"boot": 2.0, "end": 0.0})
    whole, boot, end = with_phases([record], phases_of([record]).values())
    assert (whole, boot.failure, end.failure) == (record, "", "no-value")
    assert (boot.value, boot.unit, boot.counters, boot.user) == (2.0, "s", {}, 0.0)


def test_guests_without_phases_stay_as_they_are() -> None:
    plain = [replace(record, phases={}) for record in records()]
    assert list(with_phases(plain, phases_of(plain).values())) == plain
    mixed = [*records(), *(replace(record, trial=replace(record.trial, guest="cpu")) for record in plain)]
    assert {row.guest for row in compare(mixed, POINTS[0]) if row.phase is None} == {"cpu", "linux"}


def test_racing_counts_no_phases() -> None:
    made = records()
    assert lost(made, POINTS[0]) == lost([replace(record, phases={}) for record in made], POINTS[0])


def analysis() -> Analysis:
    plan = Plan(
        [Build(name, ("qemu",), name) for name in BUILDS],
        [stored_configuration(name, ("-accel", name)) for name in POINTS],
        [StoredGuest("linux", "")],
        POINTS[0],
    )
    return Analysis(plan, tuple(records()))


def test_an_analysis_keeps_phases_beside_the_whole_runs() -> None:
    study = analysis()
    assert [(row.build, row.guest) for row in study.comparisons] == [("7.2", "linux"), ("11.1", "linux")]
    assert [(row.guest, row.build) for row in study.phase_comparisons] == [
        (f"linux: {name}", build) for name in TIMES for build in BUILDS
    ]
    assert len(study.build_comparisons) == 2
    assert {row.phase and row.phase.name for row in study.phase_build_comparisons} == set(TIMES)
    summary = study.summaries[Cell("7.2", "linux: work", POINTS[1])]
    assert (summary.done, summary.unit, summary.counters) == (20, "s", {})
    assert summary.best == pytest.approx(8, rel=0.01)
    assert study.summaries[Cell("7.2", "linux", POINTS[1])].counters == {"tbs": 9.0}
    assert len(study.trials) == len(study.records)


def test_frames_name_guest_and_phase_in_columns_of_their_own() -> None:
    rows = analysis().rows("comparisons")
    assert [(row["guest"], row["phase"]) for row in rows[::2]] == [
        ("linux", None),
        *(("linux", name) for name in TIMES),
    ]
