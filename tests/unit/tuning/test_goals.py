"""What a tuning is after: goals, weights, limits, the score of a point in a block."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.errors import StudyError
from accelkit.measure.outcome import NOT_DONE
from accelkit.study.model import Record, Trial
from accelkit.study.searched import Terms
from accelkit.tuning.goals import broken, cost, goals_of, memory_of, score, weights_of

TERMS = Terms("", 2, {"smp": 1.0}, {"time": 1.0})
positive = st.floats(1e-3, 1e6)


def record(value: float | None = 2.0, guest: str = "smp", **fields: object) -> Record:
    return Record(Trial("7.2", guest, "tcg", 0, 0), "ok", value=value, **fields)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(positive, positive), min_size=1), positive)
def test_a_score_is_a_weighted_geometric_mean(guests: dict[str, tuple[float, float]], factor: float) -> None:
    terms = replace(TERMS, weights={guest: weight for guest, (weight, _) in guests.items()})
    one = score([record(value, guest) for guest, (_, value) in guests.items()], terms)
    slower = score([record(value * factor, guest) for guest, (_, value) in guests.items()], terms)
    assert one is not None
    assert slower is not None
    assert slower - one == pytest.approx(math.log(factor), abs=1e-9)
    assert min(math.log(value) for _, value in guests.values()) - 1e-9 <= one
    assert one <= max(math.log(value) for _, value in guests.values()) + 1e-9


def test_a_point_has_a_score_only_with_all_guests() -> None:
    terms = replace(TERMS, weights={"smp": 1.0, "cpu": 1.0})
    assert score([record()], terms) is None
    assert score([record(), record(None, "cpu")], terms) is None
    assert score([record(), record(guest="cpu")], terms) == pytest.approx(math.log(2))


def test_a_trial_that_failed_or_takes_too_much_breaks_a_constraint() -> None:
    limited = replace(TERMS, max_rss=1024)
    assert broken(record(), TERMS) == ""
    assert broken(replace(record(), cause="timeout", why="60 s"), TERMS) == "timeout: 60 s"
    assert broken(record(None), TERMS) == "no-value"
    assert broken(record(max_rss=1024), limited) == ""
    assert broken(record(max_rss=2048), limited) == "it takes 2 MiB, and at most 1 MiB are allowed"
    assert broken(record(), limited) == "how much memory it takes is unknown"
    assert broken(record(), replace(TERMS, goals={"max_rss": 1.0})) == "how much memory it takes is unknown"
    for cause in NOT_DONE:
        assert broken(replace(record(None), cause=cause), limited) == ""


def test_the_cost_weighs_the_goals() -> None:
    goals = {"time": 3.0, "max_rss": 1.0}
    assert cost(record(math.e, max_rss=1), goals) == pytest.approx(0.75)
    assert cost(record(math.e), {"time": 5.0}) == 1.0


@pytest.mark.parametrize("wrong", [0, True, "much", "5 TB", "-1MiB", 1.5, [], 10])
def test_a_limit_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(StudyError, match="max_rss: got"):
        memory_of(wrong)


@pytest.mark.parametrize(
    "wrong", [{}, [], 3, {"speed": 1}, {"time": -1}, {"time": True}, {"time": 0}, {"time": math.inf}]
)
def test_goals_that_are_none_are_refused(wrong: object) -> None:
    with pytest.raises(StudyError, match="goals: "):
        goals_of(wrong)


def test_a_weight_of_zero_leaves_one_out() -> None:
    assert weights_of("guests", {"smp": 2, "cpu": 0}) == {"smp": 2.0}
