"""A study in the background, with a fake measure: start, stop, resume, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.fake_study import PLAN, fake
from support.known_tuning import known_tuning
from support.paced import PATIENCE, Paced

from accelkit.errors import StudyError
from accelkit.study.model import Record
from accelkit.study.prepared import PreparedStudy
from accelkit.tuning import Tuned
from accelkit.widgets.background import BackgroundStudy, background_study


@pytest.fixture(autouse=True)
def _no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading altair takes seconds, and nothing here draws."""
    monkeypatch.setattr("accelkit.study.report.charts.load", lambda: None)


@pytest.fixture
def prepared(tmp_path: Path) -> PreparedStudy:
    return PreparedStudy(PLAN, fake, str(tmp_path / "s.sqlite"), blocks=5, race=False)


def test_a_run_stores_every_trial_and_notifies_between_blocks_and_at_the_end(prepared: PreparedStudy) -> None:
    study = BackgroundStudy(prepared)
    assert (study.running, study.outcome) == (False, None)
    counts: list[int] = []
    study.attach(lambda: counts.append(0 if study.progress is None else study.progress.done))
    study.start()
    assert study.wait(PATIENCE)
    assert (study.running, study.outcome, study.trial, study.problem) == (False, "finished", None, "")
    assert counts == [0, 3, 6, 9, 12, 15]
    assert len(prepared.result().records) == 15


def test_a_stopped_run_resumes_and_measures_each_trial_once(prepared: PreparedStudy) -> None:
    paced = Paced()
    study = BackgroundStudy(replace(prepared, measure=paced))
    study.start()
    study.start()  # does nothing while it runs
    paced.let(3)
    paced.wait_for(4)
    study.stop()
    assert study.stopping
    assert not study.wait(0.001)
    paced.let(1)
    assert study.wait(PATIENCE)
    assert (study.outcome, paced.begun) == ("stopped", 4)
    study.start()
    paced.let(11)
    assert study.wait(PATIENCE)
    assert (study.outcome, paced.begun) == ("finished", 15)


def test_a_stop_during_the_last_trial_finishes(prepared: PreparedStudy) -> None:
    paced = Paced()
    study = BackgroundStudy(replace(prepared, measure=paced))
    study.start()
    paced.let(14)
    paced.wait_for(15)
    study.stop()
    assert study.stopping
    paced.let(1)
    assert study.wait(PATIENCE)
    assert study.outcome == "finished"


def test_the_run_stops_when_its_last_listener_is_detached(prepared: PreparedStudy) -> None:
    paced = Paced()
    study = BackgroundStudy(replace(prepared, measure=paced))
    first, last = (lambda: None), (lambda: 0)
    study.attach(first)
    study.attach(last)
    study.start()
    paced.wait_for(1)
    study.detach(first)
    study.detach(first)
    assert not study.stopping
    study.detach(last)
    assert study.stopping
    paced.let(1)
    assert study.wait(PATIENCE)
    assert study.outcome == "stopped"


def test_failed_trials_are_kept_until_the_next_run(prepared: PreparedStudy) -> None:
    def fails_first(trial):
        return Record(trial, "timeout", why="60 s") if trial.block == trial.position == 0 else fake(trial)

    study = BackgroundStudy(replace(prepared, measure=fails_first))
    study.start()
    assert study.wait(PATIENCE)
    assert [record.why for record in study.failed] == ["60 s"]
    study.start()
    assert study.wait(PATIENCE)
    assert study.failed == ()


@pytest.mark.parametrize(
    ("error", "problem"),
    [(StudyError("the store is full"), "the store is full"), (ValueError("odd"), "ValueError: odd")],
)
def test_an_exception_ends_the_run_and_becomes_its_problem(
    prepared: PreparedStudy, error: Exception, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(PreparedStudy, "run", fail)
    study = BackgroundStudy(prepared)
    study.start()
    assert study.wait(PATIENCE)
    assert (study.outcome, study.problem) == ("failed", problem)


def test_a_study_is_shared_only_while_it_runs_the_same_plan(prepared: PreparedStudy) -> None:
    paced = Paced()
    prepared = replace(prepared, measure=paced)
    study = background_study(prepared)
    study.attach(print)
    assert background_study(prepared) is not study, "it does not run yet"
    study = background_study(prepared)
    study.start()
    assert background_study(prepared) is study
    assert background_study(replace(prepared, blocks=9)) is not study
    study.stop()
    paced.let(1)
    assert study.wait(PATIENCE)
    assert study.outcome == "stopped"


def test_a_tuning_runs_stops_and_resumes(tmp_path: Path) -> None:
    prepared = known_tuning(tmp_path / "t.sqlite", "smp", trials=60)
    study = BackgroundStudy(prepared)
    steps: list[int] = []

    def between() -> None:
        steps.append(0 if study.progress is None else study.progress.done)
        if len(steps) == 2:
            study.stop()

    study.attach(between)
    study.start()
    assert study.wait(PATIENCE)
    assert (study.outcome, study.problem) == ("stopped", "")
    assert 0 < steps[-1] < 60
    study.start()
    assert study.wait(PATIENCE)
    assert (study.outcome, study.problem) == ("finished", "")
    assert Tuned.from_store(prepared.store).search.is_over


def test_a_tuning_is_shared_while_it_runs_what_is_asked_for_again(tmp_path: Path) -> None:
    one, again = (known_tuning(tmp_path / "t.sqlite", "smp", trials=60) for _ in range(2))
    study = background_study(one)
    study.running = True  # as while it runs
    assert background_study(again) is study
    assert background_study(known_tuning(tmp_path / "t.sqlite", "cpu", trials=60)) is not study
    study.running = False
