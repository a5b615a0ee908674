"""What a tuning recommends, read from its store, without what shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tuned import tuned

from accelkit.errors import StudyError
from accelkit.tuning.outcome import TuningOutcome


def test_it_is_read_from_the_store_with_what_was_asked_for_and_found() -> None:
    outcome = TuningOutcome.from_store(tuned().store)
    assert (outcome.name, outcome.decided, outcome.terms) == (tuned().name, tuned().decided, tuned().terms)
    assert outcome.search.is_over
    assert str(outcome) == " ".join(outcome.sentences)


def test_its_search_is_read_anew_each_time() -> None:
    records = TuningOutcome.from_store(tuned().store).searched()
    assert len({record.trial.id for record in records}) == tuned().search.trials


def test_what_is_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="store="):
        TuningOutcome.from_store(tmp_path / "none.sqlite")


def test_effects_are_computed_once() -> None:
    outcome = TuningOutcome.from_store(tuned().store)
    assert outcome.effects().guests[0] is outcome.effects("smp").guests[0]
