"""The chart of a trend is drawn for wide and narrow pages, with a rule at each change."""

from __future__ import annotations

from accelkit.study.report.trend_plot import trend_lines

POINTS = [
    {"place": place, "line": "tcg", "ratio": 1.0 + place / 10, "low": None, "high": None}
    for place in range(40)
]
LEVELS = [
    {"from": -0.3, "to": 19.3, "line": "tcg", "level": 1.0, "at": None, "text": ""},
    {"from": 19.7, "to": 39.3, "line": "tcg", "level": 3.0, "at": 19.5, "text": "× 3.00"},
]


def test_a_change_has_a_rule_and_its_size_and_names_are_visible() -> None:
    stores = [f"night\x07{n}" for n in range(40)]
    chart = trend_lines(
        {"cpu": POINTS}, {"cpu": LEVELS}, stores=stores, delta=0.01, title="t", subtitle=["s"]
    )
    svg = chart.svg()
    assert "× 3.00" in svg
    assert "\x07" not in svg
    assert svg.count("night") < 40  # every third is named
    assert chart.says.startswith("t. cpu: tcg 1.000, tcg 3.00 from night")
    assert "<svg" in chart.html()
