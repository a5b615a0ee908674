"""What a dashboard shows of a store: a study or a tuning, its trials and those that failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.known_result import FAILING, known_result
from support.tuned import tuned

from accelkit.errors import StudyError
from accelkit.study.result import Result
from accelkit.tuning import Tuned
from accelkit.widgets.watched import failures_of, stored, trials_of


def test_a_store_of_a_tuning_is_shown_as_one() -> None:
    shown = stored(tuned().store)
    assert isinstance(shown, Tuned)
    assert shown.name == tuned().name


def test_the_trials_of_a_tuning_are_those_of_both_parts() -> None:
    search = tuned().search
    assert len(trials_of(tuned())) == search.trials + search.confirming
    assert {record.trial.configuration for record in failures_of(tuned())} <= set(search.unusable)
    assert failures_of(tuned())


def test_those_of_a_study_are_its_own() -> None:
    result = known_result(failing=[FAILING])
    assert isinstance(result, Result)
    assert trials_of(result) == result.trials
    assert failures_of(result) == result.failures


def test_what_is_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="store="):
        stored(str(tmp_path / "none.sqlite"))
