"""The verdict of one change: from the interval, unless too many trials failed."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from accelkit.study.across.change import change_of
from accelkit.study.across.unpaired import Median
from accelkit.study.analysis.verdict import Side

ONE = Median(0.0, -0.02, 0.02, 20, 20)
SIDES = (Side("old", 20), Side("new", 20))


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        (Median(0.1, 0.08, 0.12, 20, 20), "slower"),
        (Median(-0.1, -0.12, -0.08, 20, 20), "faster"),
        (Median(0.01, -0.01, 0.03, 20, 20), "undecided"),
    ],
)
def test_the_verdict_follows_from_the_interval(new: Median, verdict: str) -> None:
    assert change_of(ONE, new, SIDES, 0.01, 0.05).verdict == verdict


def test_a_small_difference_is_none() -> None:
    one = Median(0.0, -0.001, 0.001, 20, 20)
    assert change_of(one, Median(0.004, 0.003, 0.005, 20, 20), SIDES, 0.01, 0.05).verdict == "no difference"


def test_reasons_say_what_is_missing() -> None:
    few = change_of(ONE, Median(0.1, -math.inf, math.inf, 5, 5), SIDES, 0.01, 0.05)
    assert few.why == "20 and 5 runs, and 6 of each are the fewest"
    none = change_of(ONE, Median(math.nan, -math.inf, math.inf, 0, 0), SIDES, 0.01, 0.05)
    assert (none.verdict, none.why) == ("undecided", "no run in new")
    alike = change_of(ONE, Median(0.01, -0.1, 0.1, 20, 4), SIDES, 0.01, 0.05)
    assert "which count as fewer in new, as neighbours are alike" in alike.why


def test_failures_leave_it_undecided() -> None:
    failed = (Side("old", 20), Side("new", 10, 10, Counter(crashed=10)))
    row = change_of(ONE, Median(0.5, 0.4, 0.6, 10, 10), failed, 0.01, 0.05)
    assert (row.verdict, row.why) == ("undecided", "10 of 20 trials of new failed (crashed 10)")
