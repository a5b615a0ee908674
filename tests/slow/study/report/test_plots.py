"""Plots: every field that a chart encodes is in the rows it draws."""

from __future__ import annotations

import pytest
from support.known_result import FAILING, known_result

from accelkit.study.report.plots import MOST_POINTS, trials


def layers(node: object, rows: list) -> list[tuple[dict, list]]:
    """Each unit of a Vega-Lite specification with the rows it draws; layers inherit those of the chart around them."""
    if not isinstance(node, dict):
        return []
    rows = node.get("data", {}).get("values", rows)
    own = [(node["encoding"], rows)] if "mark" in node else []
    inner = [part for name in ("vconcat", "layer") for part in node.get(name, [])]
    return own + [layer for part in inner for layer in layers(part, rows)]


CHARTS = {
    "intervals": lambda result: result.plot(),
    "response": lambda result: result.plot("tb-size"),
    "interaction": lambda result: result.plot("tb-size", "thread"),
    "trials": lambda result: result.plot_trials(),
    "builds": lambda result: result.plot_builds(),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_field_that_is_encoded_is_in_the_rows(name: str) -> None:
    result = known_result(blocks=8, builds={"7.2.22": 1.0, "11.1.0": 1.3}, failing=[FAILING])
    units = layers(CHARTS[name](result).altair.to_dict(), [])
    fields = [
        (channel["field"], rows)
        for encoding, rows in units
        for channel in encoding.values()
        if "field" in channel and rows
    ]
    assert len(fields) > 5
    assert [field for field, rows in fields if field not in rows[0]] == []


def test_a_trial_is_as_high_as_its_value() -> None:
    rows = [
        {"order": order, "configuration": "tcg", "block": order, "value": value}
        for order, value in enumerate([3.0, None, 5.0])
    ]
    chart = trials({"smp": rows}, names=["tcg"], unit="ticks", title="All", subtitle=[])
    (points, drawn), (crosses, failed) = layers(chart.altair.to_dict(), [])
    assert [row[points["y"]["field"]] for row in drawn] == [3.0, 5.0]
    assert [row[crosses["x"]["field"]] for row in failed] == [1]
    assert "value" in crosses["y"]  # at a fixed height
    assert chart.says == "All. 3 trials, 1 failed"


def test_a_chart_of_many_trials_reports_how_many_it_left_out() -> None:
    rows = [{"order": k, "configuration": "tcg", "block": k, "value": 1.0} for k in range(2 * MOST_POINTS)]
    chart = trials({"smp": rows}, names=["tcg"], unit="s", title="All", subtitle=["x"])
    assert f"{MOST_POINTS} trials are not drawn" in str(chart.altair.to_dict()["title"])
