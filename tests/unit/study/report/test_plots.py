"""Charts: what they are drawn from, that they stay the same, need no network, and can be read."""

from __future__ import annotations

import socket
import sys
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from support.known_result import FAILING, known_result, sweep

from accelkit import tb_size, thread
from accelkit.errors import StudyError
from accelkit.study.report import charts
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

BUILDS = {"7.2.22": 1.0, "11.1.0": 1.3}


def marks(chart, mark):
    """The rows that the chart draws with a mark of a kind, all panels together."""
    rows = []

    def walk(node, data):
        if isinstance(node, list):
            for each in node:
                walk(each, data)
        elif isinstance(node, dict):
            data = node.get("data", {}).get("values", data)  # layers that share it have it from above
            if (node.get("mark") or {}).get("type") == mark:
                rows.extend(data)
            for part in ("vconcat", "layer"):
                walk(node.get(part, []), data)

    walk(chart.altair.to_dict(), [])
    return rows


# ---- scales ----


@pytest.mark.parametrize(
    "ends", [(0.99, 1.01), (0.55, 1.9), (0.9, 70), (0.2, 1.05), (1e-4, 1e4), (0.97, 5.9)]
)
def test_ticks_are_few_round_and_between_the_ends(ends: tuple[float, float]) -> None:
    found = ticks(*ends)
    assert 2 <= len(found) <= 10
    assert 1 in found
    assert all(ends[0] <= each <= ends[1] for each in found)
    assert all(low < high for low, high in pairwise(found))


def test_an_axis_holds_all_that_is_known_and_the_band() -> None:
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
def test_an_interval_without_an_end_is_not_drawn(row, drawn, says) -> None:
    found = interval_row("x", "faster", "▼", row)
    assert (found["ratio"], found["low"], found["high"]) == drawn
    assert found["says"] == says


def test_of_too_many_trials_whole_blocks_are_left_out_and_no_failure() -> None:
    rows = [{"block": k // 10, "value": None if k == 15 else 1.0} for k in range(1000)]
    kept = thinned(rows, 100)
    assert {row["block"] for row in kept if row["value"]} == set(range(0, 100, 10))
    assert sum(row["value"] is None for row in kept) == 1
    assert thinned(rows, 1000) == rows


def test_lines_stand_a_little_aside() -> None:
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
def test_every_colour_is_seen_on_light_and_dark(ground: str) -> None:
    for colour in {*COLOURS.values(), *SERIES}:
        assert contrast(colour, ground) >= 3, colour
    ink = LIGHT[0] if ground == LIGHT[1] else DARK[0]
    assert contrast(ink, ground) >= 7


# ---- charts ----


def test_intervals_have_a_line_for_each_configuration_and_guest() -> None:
    result = known_result(blocks=20, failing=[FAILING])
    chart = result.plot()
    assert len(marks(chart, mark="text")) == 3 * 7
    says = {row["says"] for row in marks(chart, mark="text")}
    assert "× no value (20 failed)" in says
    assert any(each.endswith("▼ faster") for each in says)
    assert len(marks(chart, mark="point")) == 3 * 7 - 1  # what never ran has no place
    assert "smp: tcg 1.000 · baseline" in chart.says
    assert len(marks(result.plot(guest="smp"), mark="text")) == 7


def test_two_blocks_are_drawn_without_intervals_and_called_undecided() -> None:
    chart = known_result(guests=["smp"], blocks=2).plot()
    assert all("undecided" in row["says"] or "baseline" in row["says"] for row in marks(chart, mark="text"))
    assert all("low" not in row or row["low"] is None for row in marks(chart, mark="point"))


def test_the_response_has_the_cliff_and_the_counts_that_explain_it() -> None:
    result = known_result()
    for asked in ("tb-size", "tb_size", tb_size):
        chart = result.plot(asked, guest="tb-thrash")
        texts = [row["text"] for row in marks(chart, mark="text")]
        assert texts[0].startswith("cliff, 6")
        assert texts[0].endswith("times:\nat least 32 MiB needed")
        assert texts[1:] == ["55", "6", "0"]
        assert [row["count"] for row in marks(chart, mark="bar")] == [55.0, 6.0, 0.0]
        assert [row["place"] for row in marks(chart, mark="line")] == [0, 1, 2]
    assert marks(result.plot("tb-size", guest="smp"), mark="bar") == []  # nothing to explain
    assert '"thread = multi' not in str(chart.altair.to_dict())
    assert "thread = multi" in str(result.plot("tb-size", at={"thread": "multi"}).altair.to_dict())


def test_the_baseline_is_a_point_of_the_response_where_it_belongs() -> None:
    result = known_result(["tcg", "tcg,tb-size=8", "tcg,tb-size=32"], ["tb-thrash"])
    rows = marks(result.plot("tb-size"), mark="line")
    assert [round(row["ratio"]) for row in rows] == [1, 63, 1]
    assert "default" in str(result.plot("tb-size").altair.to_dict())


def test_an_interaction_has_a_line_for_each_value_of_the_second() -> None:
    chart = known_result(guests=["smp"]).plot(tb_size, thread)
    rows = marks(chart, mark="line")
    assert {row["line"] for row in rows} == {"default", "single", "multi"}
    assert len(rows) == 7


def test_trials_stand_in_the_order_measured_failures_marked() -> None:
    result = known_result(
        ["tcg", "tcg,thread=multi"], ["smp"], blocks=5, failing=[("smp", "tcg,thread=multi")]
    )
    chart = result.plot_trials()
    assert sorted(row["place"] for row in [*marks(chart, mark="point"), *marks(chart, mark="text")]) == list(
        range(1, 11)
    )
    assert len(marks(chart, mark="text")) == 5
    assert chart.says == "All trials. 10 trials, 5 failed"


def test_of_thousands_of_trials_some_are_drawn_and_the_chart_says_so() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=3000)
    chart = result.plot_trials()
    assert len(marks(chart, mark="point")) == 3000
    assert "3000 trials are not drawn" in str(chart.altair.to_dict())


def test_several_builds_are_panels_and_a_chart_of_their_own() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], builds=BUILDS)
    assert "smp, 11.1.0" in result.plot().says
    assert "smp, 11.1.0" not in result.plot(build="7.2.22").says
    rows = marks(result.plot_builds(), mark="text")
    assert [row["name"] for row in rows] == ["11.1.0: tcg", "11.1.0: tcg,thread=multi"]
    assert all(row["says"].endswith("▲ slower") for row in rows)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda result: result.plot("tb-sise"),
            "tb-sise: does not vary in this study; did you mean 'tb-size'",
        ),
        (lambda result: result.plot("split-wx"), "split-wx: does not vary in this study"),
        (lambda result: result.plot("tb-size", "tb_size"), "tb-size: is given twice"),
        (
            lambda result: result.plot("tb-size", "thread", "accel"),
            "got 3 properties; takes none, one or two",
        ),
        (lambda result: result.plot(guest="cpu"), "guest 'cpu': is not in this study"),
        (lambda result: result.plot(build="8"), "build '8': is not in this study"),
        (lambda result: result.plot("tb-size", at={"thread": "none"}), "nothing was measured there"),
        (lambda result: result.plot_builds(), "the study has one build"),
    ],
)
def test_what_cannot_be_drawn_is_said(call, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        call(known_result(blocks=1))
    with pytest.raises(StudyError, match="no property varies in this study"):
        known_result(["tcg"], blocks=1).plot("tb-size")


def test_one_configuration_alone_is_drawn_too() -> None:
    assert "baseline" in known_result(["tcg"], ["smp"], blocks=1).plot().svg()


# ---- SVG and PNG ----


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def all_charts(result):
    return [result.plot(), result.plot("tb-size"), result.plot("tb-size", "thread"), result.plot_trials()]


@pytest.mark.usefixtures("no_network")
def test_svg_is_the_same_bytes_for_the_same_result() -> None:
    first, second = (
        [chart.svg() for chart in all_charts(known_result(sweep(sizes=[8, 32]), ["tb-thrash"], blocks=12))]
        for _ in range(2)
    )
    assert first == second
    assert len(set(first)) == 4


@pytest.mark.usefixtures("no_network")
def test_svg_is_well_formed_and_has_nothing_from_elsewhere() -> None:
    for chart in all_charts(known_result(blocks=12)):
        svg = chart.svg()
        ET.fromstring(svg)
        assert "<script" not in svg
        assert svg.count("http") == svg.count("http://www.w3.org/")
        assert "prefers-color-scheme:dark" in svg
        assert "currentColor" in svg
        inline = chart.svg(inline=True)
        assert "<style" not in inline  # the page's own colours
        assert 'id="' not in inline  # of several charts in one page none may meet
        assert "#000" not in inline
        assert "black" not in inline


def test_names_are_escaped_in_svg() -> None:
    svg = known_result(["tcg", "tcg,x=<b>&\"'"], ["smp"], blocks=1).plot().svg()
    ET.fromstring(svg)
    assert "<b>" not in svg


def test_a_value_with_quotes_is_a_label_not_code() -> None:
    points = ["tcg", "tcg,x='];alert(1);['", 'tcg,x="\\']
    ET.fromstring(known_result(points, ["smp"], blocks=1).plot("x").svg())


@pytest.mark.usefixtures("no_network")
def test_charts_are_written_as_svg_and_png(tmp_path) -> None:
    chart = known_result(["tcg"], ["smp"], blocks=1).plot()
    chart.save(tmp_path / "a.svg")
    chart.save(tmp_path / "a.PNG")
    assert (tmp_path / "a.svg").read_text("utf-8") == chart.svg()
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    assert chart.png(dark=True) != chart.png()
    with pytest.raises(StudyError, match=r"a chart is written as \.svg or \.png"):
        chart.save(tmp_path / "a.pdf")


def test_a_notebook_gets_svg_and_words() -> None:
    chart = known_result(["tcg"], ["smp"], blocks=1).plot()
    shown = chart._repr_mimebundle_()
    assert shown == {"image/svg+xml": chart._repr_svg_(), "text/plain": repr(chart)}
    assert repr(chart).startswith("Chart('Time beside the baseline. smp: tcg 1.000")


def test_without_altair_or_vl_convert_the_error_says_what_to_install(monkeypatch) -> None:
    result = known_result(["tcg"], ["smp"], blocks=1)
    chart = result.plot()
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(StudyError, match=r"pip install 'accelkit\[study\]'"):
        chart.svg()
    monkeypatch.setitem(sys.modules, "accelkit.study.report.plots", None)
    monkeypatch.delattr("accelkit.study.report.plots", raising=False)
    with pytest.raises(StudyError, match="charts need altair"):
        charts.intervals(result)
