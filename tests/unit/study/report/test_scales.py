"""Scales: ticks, ranges, thinned rows, and colours that can be told apart on any background."""

from __future__ import annotations

from itertools import pairwise

import pytest

from accelkit.study.report.chart import DARK, LIGHT
from accelkit.study.report.phrases import SIGNS
from accelkit.study.report.scales import (
    COLOURS,
    DASHES,
    SERIES,
    SHAPES,
    SYMBOLS,
    dodged,
    interval_row,
    span,
    thinned,
    ticks,
)


@pytest.mark.parametrize(
    "ends", [(0.99, 1.01), (0.55, 1.9), (0.9, 70), (0.2, 1.05), (1e-4, 1e4), (0.97, 5.9)]
)
def test_ticks_are_few_and_round_and_lie_between_the_ends(ends: tuple[float, float]) -> None:
    rounds = ticks(*ends)
    assert 2 <= len(rounds) <= 10
    assert 1 in rounds
    assert all(ends[0] <= tick <= ends[1] for tick in rounds)
    assert all(low < high for low, high in pairwise(rounds))


def test_an_axis_includes_all_known_values_and_the_band() -> None:
    low, high = span([0.5, None, 3.0], 0.01)
    assert low < 0.5
    assert high > 3.0
    low, high = span([], 0.1)
    assert low < 0.9
    assert high > 1.1


@pytest.mark.parametrize(
    ("row", "drawn", "says"),
    [
        ({"ratio": 0.5, "low": 0.4, "high": 0.6}, (0.5, 0.4, 0.6), "0.500 [0.400, 0.600] ▼ faster"),
        ({"ratio": 0.5, "low": 0.0, "high": None}, (0.5, None, None), "0.500 ▼ faster"),
        ({"ratio": None}, (None, None, None), "▼ faster"),
    ],
)
def test_an_interval_with_an_unknown_end_is_not_drawn(row, drawn, says) -> None:
    drawable = interval_row("x", "faster", "▼ faster", row)
    assert (drawable["ratio"], drawable["low"], drawable["high"]) == drawn
    assert drawable["says"] == says


def test_too_many_trials_lose_whole_blocks_but_no_failure() -> None:
    rows = [{"block": k // 10, "value": None if k == 15 else 1.0} for k in range(1000)]
    kept = thinned(rows, 100)
    assert {row["block"] for row in kept if row["value"]} == set(range(0, 100, 10))
    assert sum(row["value"] is None for row in kept) == 1
    assert thinned(rows, 1000) == rows


def test_lines_are_moved_a_little_sideways() -> None:
    rows = dodged([{"place": 1, "line": "a"}, {"place": 1, "line": "b"}], ["a", "b"])
    assert [round(row["place"], 2) for row in rows] == [0.96, 1.04]


def test_verdicts_differ_in_shape_and_sign_not_only_in_colour() -> None:
    assert COLOURS.keys() == SHAPES.keys() == SIGNS.keys()
    assert len(set(SHAPES.values())) == len(set(SIGNS.values())) == 6
    assert len(set(SERIES)) == len(set(SYMBOLS)) == len(SERIES) == len(SYMBOLS) == len(DASHES)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [LIGHT[1], DARK[1]])
def test_every_colour_has_contrast_on_light_and_dark(ground: str) -> None:
    for colour in {*COLOURS.values(), *SERIES}:
        assert contrast(colour, ground) >= 3, colour
    ink = LIGHT[0] if ground == LIGHT[1] else DARK[0]
    assert contrast(ink, ground) >= 7
