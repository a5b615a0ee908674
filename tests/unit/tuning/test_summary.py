"""What a summary of a search has."""

from __future__ import annotations

from accelkit.study.searched import TriedPoint
from accelkit.tuning.summary import SearchSummary


def test_a_summary_is_a_value() -> None:
    point = TriedPoint(1, 0, "tcg", ("-accel", "tcg"), "tcg()")
    one, other = (SearchSummary(6, (point,), 40, 10, "x", {}, {}, ended=True) for _ in range(2))
    assert one == other
