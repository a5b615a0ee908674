"""Numbers in words: digits, shares, intervals, amounts, lists."""

from __future__ import annotations

import math

import pytest

from accelkit.study.report.phrases import amount, count, interval, listed, percent, ratio, times


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5879, "0.588"), (0.0123, "0.0123"), (0.9961, "0.996"), (0.9996, "1.000"), (1, "1.000"), (1.0994, "1.099"),
        (1.0996, "1.10"), (1.7, "1.70"), (9.994, "9.99"), (9.996, "10.0"), (63.25, "63.2"), (999.6, "1000"),
        (12345.0, "12345"), (0.0, "0"), (math.nan, "–"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_ratios_have_the_digits_that_mean_something(value: float, text: str) -> None:
    assert ratio(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.01, "1%"),
        (0.005, "0.5%"),
        (0.015, "1.5%"),
        (0.07, "7%"),
        (0.95, "95%"),
        (0.999, "99.9%"),
        (0.0001, "0.01%"),
    ],
)
def test_a_share_keeps_its_digits(share: float, text: str) -> None:
    assert percent(share) == text


def test_an_interval_without_ends_is_empty() -> None:
    assert interval(0.0, math.inf) == ""
    assert interval(0.56, 0.62) == "[0.560, 0.620]"


def test_a_ratio_below_1_is_a_speed_with_its_interval_inverted() -> None:
    assert times(0.588, 0.562, 0.621) == ("1.70 times as fast as", "[1.61, 1.78]")
    assert times(5.3, 4.9, 5.9) == ("5.30 times as long as", "[4.90, 5.90]")


def test_a_size_that_is_not_settled_is_told_as_at_least() -> None:
    assert times(0.5, 0.0, 0.9) == ("at least 1.11 times as fast as", "[1.11, ∞]")
    assert times(30.0, 20.0, 60.0) == ("at least 20.0 times as long as", "[20.0, 60.0]")
    assert times(0.5, 0.2, 1.1) == ("2.00 times as fast as", "[0.909, 5.00]")  # undecided: nothing is sure


def test_amounts_counts_and_lists() -> None:
    assert [amount(x, "ticks") for x in (25.3e6, 12_345, 950)] == [
        "25.3 M ticks",
        "12.3 k ticks",
        "950 ticks",
    ]
    assert amount(0.5123, "s") == "0.512 s"
    assert [count(x) for x in (0, 27.0, 26.5, 2.5e9)] == ["0", "27", "26.5", "2.50 G"]
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
