"""Charts of results, as Altair specifications: rows, panels, labels, and errors for what cannot be drawn."""

from __future__ import annotations

import sys

import pytest
from support.known_result import FAILING, known_result

from accelkit import tb_size, thread
from accelkit.errors import StudyError
from accelkit.study.report import charts

BUILDS = {"7.2.22": 1.0, "11.1.0": 1.3}


def marks(chart, mark):
    """The rows that the chart draws with a mark of a kind, all panels together."""
    rows = []

    def walk(node, data):
        if isinstance(node, list):
            for part in node:
                walk(part, data)
        elif isinstance(node, dict):
            data = node.get("data", {}).get("values", data)  # layers that share it have it from above
            if (node.get("mark") or {}).get("type") == mark:
                rows.extend(data)
            for part in ("vconcat", "layer"):
                walk(node.get(part, []), data)

    walk(chart.altair.to_dict(), [])
    return rows


def test_intervals_have_a_line_for_each_configuration_and_guest() -> None:
    result = known_result(blocks=20, failing=[FAILING])
    chart = result.plot()
    assert len(marks(chart, mark="text")) == 3 * 7
    says = {row["says"] for row in marks(chart, mark="text")}
    assert "× failed, 20 of 20" in says
    assert any(text.endswith("▼ faster") for text in says)
    assert len(marks(chart, mark="point")) == 3 * 7 - 1  # what never ran has no place
    assert "smp: tcg 1.000 · baseline" in chart.says
    assert len(marks(result.plot(guest="smp"), mark="text")) == 7


def test_two_blocks_are_drawn_without_intervals_and_called_undecided() -> None:
    chart = known_result(guests=["smp"], blocks=2).plot()
    assert all("undecided" in row["says"] or "baseline" in row["says"] for row in marks(chart, mark="text"))
    assert all("low" not in row or row["low"] is None for row in marks(chart, mark="point"))


def test_the_response_has_the_cliff_and_the_counters_that_explain_it() -> None:
    result = known_result()
    for name in ("tb-size", "tb_size", tb_size):
        chart = result.plot(name, guest="tb-thrash")
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


def test_trials_are_in_the_order_measured_with_failures_marked() -> None:
    result = known_result(
        ["tcg", "tcg,thread=multi"], ["smp"], blocks=5, failing=[("smp", "tcg,thread=multi")]
    )
    chart = result.plot_trials()
    assert sorted(row["place"] for row in [*marks(chart, mark="point"), *marks(chart, mark="text")]) == list(
        range(1, 11)
    )
    assert len(marks(chart, mark="text")) == 5
    assert chart.says == "All trials. 10 trials, 5 failed"


def test_a_chart_of_thousands_of_trials_draws_some_and_reports_how_many() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=3000)
    chart = result.plot_trials()
    assert len(marks(chart, mark="point")) == 3000
    assert "3000 trials are not drawn" in str(chart.altair.to_dict())


def test_several_builds_have_panels_and_a_separate_chart() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], builds=BUILDS)
    assert "smp, 11.1.0" in result.plot().says
    assert "smp, 11.1.0" not in result.plot(build="7.2.22").says
    rows = marks(result.plot_builds(), mark="text")
    assert [row["name"] for row in rows] == ["11.1.0: tcg", "11.1.0: thread=multi"]
    assert all(row["says"].endswith("▲ slower") for row in rows)


@pytest.mark.parametrize(
    ("call", "message"),
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
def test_the_error_explains_what_cannot_be_drawn(call, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        call(known_result(blocks=1))
    with pytest.raises(StudyError, match="no property varies in this study"):
        known_result(["tcg"], blocks=1).plot("tb-size")


def test_without_altair_the_error_names_what_to_install(monkeypatch) -> None:
    result = known_result(["tcg"], ["smp"], blocks=1)
    monkeypatch.setitem(sys.modules, "accelkit.study.report.interval_plot", None)
    monkeypatch.delattr("accelkit.study.report.interval_plot", raising=False)
    with pytest.raises(StudyError, match="charts need altair"):
        charts.intervals(result)
