"""When another ratio contradicts the typical one, and how it is shown."""

from __future__ import annotations

import math

import pytest

from accelkit.study.analysis.doubts import contradicts, shown


@pytest.mark.parametrize(
    ("verdict", "other", "ratio", "low", "high", "expected"),
    [
        ("faster", 0.85, 0.84, 0.79, 0.92, False),
        ("faster", 0.98, 0.84, 0.79, 0.92, True),  # farther than the interval is wide
        ("faster", 1.01, 0.99, 0.97, 0.999, False),  # by 2% it is known only
        ("faster", 1.03, 0.99, 0.93, 0.999, True),  # another sign
        ("slower", 0.99, 1.05, 1.001, 1.10, False),
        ("slower", 0.97, 1.05, 1.001, 1.10, True),
        ("slower", 3.1, 1.05, 1.001, 1.10, True),
        ("no difference", 1.015, 1.0, 0.995, 1.005, False),
        ("no difference", 1.03, 1.0, 0.995, 1.005, True),
        ("undecided", 0.54, 0.99, 0.79, 1.07, True),
        ("undecided", 0.9, 0.99, 0.79, 1.07, False),
        ("undecided", 0.5, 1.0, 0.0, math.inf, False),
        ("slower", math.nan, 1.05, 1.0, 1.10, False),
    ],
)
def test_a_ratio_contradicts_by_sign_or_by_distance(
    verdict: str, other: float, ratio: float, low: float, high: float, expected: bool
) -> None:
    assert contradicts(verdict, other, ratio, low, high) is expected


def test_ratios_have_three_digits() -> None:
    assert [shown(x) for x in (0.54, 0.9906, 1.0, 24.04)] == ["0.540", "0.991", "1.00", "24.0"]
