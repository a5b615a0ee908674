"""The chart of intervals: beside the names on a wide page, below them on a narrow one."""

from __future__ import annotations

import pytest

from accelkit.study.report.interval_plot import FITTING, intervals

ROWS = [
    {"name": "tcg", "verdict": "baseline", "says": "1.000 · baseline", "ratio": 1.0, "low": None, "high": None},
    {"name": "thread=multi", "verdict": "faster", "says": "0.500 [0.4, 0.6] ▼ faster", "ratio": 0.5, "low": 0.4, "high": 0.6},
    {"name": "tb-size=1", "verdict": "failed", "says": "× failed", "ratio": None, "low": None, "high": None},
]  # fmt: skip


def chart(rows):
    return intervals({"smp": rows}, delta=0.01, title="Time", subtitle=["all"], measure="ratio")


def units(spec):
    """Each mark of a chart: its kind, what it encodes, the rows it draws."""
    (panel,) = spec["vconcat"]
    return [(unit["mark"]["type"], unit["encoding"], unit["data"]["values"]) for unit in panel["layer"]]


def test_it_says_in_words_what_it_shows() -> None:
    assert chart(ROWS).says == (
        "Time. smp: tcg 1.000 · baseline, thread=multi 0.500 [0.4, 0.6] ▼ faster, tb-size=1 × failed"
    )


def test_both_draw_each_known_ratio_and_each_whole_interval() -> None:
    for drawn in (chart(ROWS).altair, chart(ROWS).narrow()):
        points = [rows for mark, _, rows in units(drawn.to_dict()) if mark == "point"]
        assert [row["name"] for (rows,) in [points] for row in rows] == ["tcg", "thread=multi"]
        bars = [rows for mark, encoded, rows in units(drawn.to_dict()) if mark == "rule" and "x2" in encoded]
        assert [row["name"] for (rows,) in [bars] for row in rows] == ["thread=multi"]


@pytest.mark.parametrize(("name", "lines"), [("a" * 20, 1), ("a" * FITTING, 2)])
def test_narrow_text_stands_above_each_interval_in_as_many_lines_as_it_needs(name: str, lines: int) -> None:
    rows = [{**row, "name": f"{name}{number}"} for number, row in enumerate(ROWS)]
    drawn = units(chart(rows).narrow().to_dict())
    first, second = [(encoded, values) for mark, encoded, values in drawn if mark == "text"]
    for row in first[1]:
        assert row["name_at"] <= row["says_at"] < row["top"] < row["middle"] < row["bottom"]
        assert (row["name_at"] == row["says_at"]) == (lines == 1)
    for row, following in zip(first[1], first[1][1:], strict=False):
        assert row["bottom"] <= following["name_at"]
    assert (first[0]["text"]["field"], second[0]["text"]["field"]) == ("name", "says")
    assert second[0]["x"]["value"] > 300 if lines == 1 else second[0]["x"]["value"] < 10


def test_no_line_of_a_narrow_chart_runs_through_text() -> None:
    drawn = units(chart(ROWS).narrow().to_dict())
    axes = [encoded["x"]["axis"] for _, encoded, _ in drawn if "axis" in encoded.get("x", {})]
    assert axes
    assert all(axis["grid"] is False for axis in axes)
    pieces = [
        encoded
        for mark, encoded, rows in drawn
        if mark in ("rect", "rule") and encoded["x"]["field"] in ("one", "least")
    ]
    assert all(encoded["y"]["field"] == "top" and encoded["y2"]["field"] == "bottom" for encoded in pieces)
