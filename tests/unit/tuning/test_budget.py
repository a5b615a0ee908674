"""How the budget of a tuning is divided."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.standards import Standards
from accelkit.tuning.budget import Budget, fewest_blocks


@given(st.integers(6, 10**6), st.integers(1, 4))
def test_both_parts_fit_into_the_trials(trials: int, guests: int) -> None:
    budget = Budget(max(trials, 6 * guests), None, guests)
    assert budget.search_trials is not None
    assert 0 < budget.search_trials < budget.trials  # type: ignore[operator]
    assert budget.split.search * guests <= budget.search_trials
    left = budget.left(budget.search_trials, 1.0)
    finalists = budget.split.finalists
    assert (finalists + 1) * budget.split.blocks(finalists, left) * guests <= max(
        0, budget.trials - budget.search_trials
    )  # type: ignore[operator]


@given(st.floats(1, 1e5), st.floats(0.01, 2), st.floats(1, 5))
def test_both_parts_fit_into_the_time(seconds: float, search_pace: float, longer: float) -> None:
    budget = Budget(None, seconds, 1, search_pace, search_pace * longer)
    end = budget.search_seconds(0, 0.0)
    assert seconds / 2 <= end <= seconds
    assert budget.search_trials is None
    trials = max(1, int(end / search_pace))
    left = max(0.0, seconds - trials * search_pace)  # the first trial alone may take all of the time
    assert budget.left(trials, trials * search_pace, longer) * search_pace * longer <= left + 1e-6


@given(st.floats(100, 1e5), st.floats(0.01, 2), st.integers(1, 1000), st.floats(1, 10), st.floats(1, 3))
def test_a_busy_host_gets_more_time_to_confirm(
    seconds: float, search_pace: float, trials: int, slower: float, longer: float
) -> None:
    budget = Budget(None, seconds, 1, search_pace, longer * search_pace)
    quiet, busy = trials * search_pace, trials * search_pace * slower
    assert budget.search_seconds(trials, busy, longer) <= budget.search_seconds(trials, quiet, longer) + 1e-6
    assert budget.left(trials, busy, longer) <= budget.left(trials, quiet, longer)
    # Runs that are cut short take as long on a busy host; what whole ones take shows it.
    assert budget.search_seconds(trials, quiet, longer * slower) <= budget.search_seconds(0, 0.0) + 1e-6


def test_an_unknown_pace_is_that_of_the_search() -> None:
    budget = Budget(None, 100.0, 2)
    assert budget.search_seconds(0, 0.0) == 80.0
    assert budget.left(40, 80.0) == 5  # 20 s of 2 s for a trial of each of two guests
    assert budget.left(40, 200.0) == 0


def test_the_first_limit_counts() -> None:
    assert Budget(400, 10.0, 1, 1.0, 1.0).scores == 10
    assert Budget(400, None, 1).search_seconds(9, 9.0) == math.inf


def test_more_comparisons_need_more_blocks() -> None:
    assert fewest_blocks(1, 1, Standards()) < fewest_blocks(3, 3, Standards())
