"""The chart of a trend: ratios over stores, with levels and the places where they change; from rows to Altair."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from accelkit.errors import visible
from accelkit.study.analysis.tidy import Row
from accelkit.study.report.canvas import Canvas, band, chart_of, data, line_at_one, stacked
from accelkit.study.report.chart import INK, Chart
from accelkit.study.report.phrases import ratio
from accelkit.study.report.plots import line_scale
from accelkit.study.report.scales import COLOURS, SERIES, SYMBOLS, number, span, ticks

HEIGHT: Final = 220

MOST_TICKS: Final = 16
"""Stores that are named below the axis; of more, every n-th."""


def trend_lines(
    points: Mapping[str, Sequence[Row]],
    levels: Mapping[str, Sequence[Row]],
    *,
    stores: Sequence[str],
    delta: float,
    title: str,
    subtitle: Sequence[str],
) -> Chart:
    """A chart with a panel for each guest and a line for each configuration over ``stores``, which are named on the axis.

    Both mappings have rows by the name of the panel. A row of ``points`` has place (the number of the store), line, ratio,
    low and high; one of ``levels`` has from, to (places), line, level, and where a level begins by a change at (its
    place) and text.
    """
    lines = list(dict.fromkeys(str(row["line"]) for rows in points.values() for row in rows))

    def draw(canvas: Canvas) -> Any:
        parts = [
            _panel(canvas, name, rows, levels[name], stores, delta, lines) for name, rows in points.items()
        ]
        return stacked(canvas, parts, title, subtitle)

    def words(row: Row) -> str:
        begun = f" from {stores[round((number(row['from']) or 0) + 0.3)]} on" if row["text"] else ""
        return f"{row['line']} {ratio(number(row['level']) or 1.0)}{begun}"

    says = "; ".join(f"{name}: {', '.join(map(words, rows))}" for name, rows in levels.items())
    return chart_of(draw, f"{title}. {says}")


def _panel(
    canvas: Canvas, name: str, points: Sequence[Row], levels: Sequence[Row], stores: Sequence[str], delta: float,
    lines: Sequence[str],
) -> Any:  # fmt: skip
    low, high = span([number(row.get(key)) for row in points for key in ("ratio", "low", "high")], delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title="ratio to the first level")
    places = alt.Scale(domain=[-0.6, len(stores) - 0.4], nice=False, zero=False)
    every = -(-len(stores) // MOST_TICKS)
    below = alt.Axis(
        values=list(range(0, len(stores), every)), title=None, grid=False, labelAngle=-40, labelAlign="right",
        labelExpr=f"{json.dumps(list(map(visible, stores)))}[datum.value]", labelOverlap=False,
    )  # fmt: skip

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=places, axis=below)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    whole = [row for row in points if row["low"] is not None and row["high"] is not None]
    changes = [row for row in levels if row["at"] is not None]
    colour = line_scale(canvas, lines, alt.Color, SERIES)
    layers: list[Any] = [
        band(delta, "y", scale, axis),
        line_at_one("y", scale, axis),
        alt.Chart(data(whole)).mark_rule(strokeWidth=1.5, opacity=0.7).encode(
            x=x("place"), y=y("low"), y2="high:Q", color=colour),
        alt.Chart(data(levels)).mark_rule(strokeWidth=4, opacity=0.45).encode(
            x=x("from"), x2="to:Q", y=y("level"), color=colour),
        alt.Chart(data(points)).mark_point(filled=True, size=45, opacity=1).encode(
            x=x("place"), y=y("ratio"), color=colour, shape=line_scale(canvas, lines, alt.Shape, SYMBOLS)),
    ]  # fmt: skip
    if changes:
        layers += [
            alt.Chart(data(changes)).mark_rule(color=COLOURS["failed"], strokeDash=[4, 3], strokeWidth=1.5).encode(x=x("at")),
            alt.Chart(data(changes)).mark_text(align="right", dx=-4, dy=-4, baseline="bottom", color=INK, fontSize=11).encode(
                x=x("at"), y=y("level"), text="text:N"),
        ]  # fmt: skip
    return alt.layer(*layers).properties(width=canvas.width, height=HEIGHT, title=name)
