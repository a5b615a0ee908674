"""Charts along properties and of trials: from rows to Altair charts. Nothing is computed here but places on axes.

Ratios have logarithmic axes, so that half and twice the time are equally far from the baseline. Verdicts differ in
shape and text, not only in colour.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from accelkit.errors import visible
from accelkit.study.analysis.tidy import Row
from accelkit.study.report.canvas import Canvas, band, chart_of, data, line_at_one, stacked
from accelkit.study.report.chart import INK, Chart
from accelkit.study.report.phrases import count, ratio
from accelkit.study.report.scales import (
    COLOURS,
    DASHES,
    SERIES,
    SYMBOLS,
    dodged,
    number,
    span,
    thinned,
    ticks,
)

HEIGHT: Final = 200
MOST_POINTS: Final = 4000
"""One chart draws about this many trials at most; of more, whole blocks are left out evenly, failures never."""


LABEL: Final = 35
"""Pixels that a bar with its number above it takes; where there are fewer, numbers would lie on each other."""

MOST_COMMON_LINES: Final = 24
"""Lines that all panels of a chart have in their legend; of more, each panel has its own."""


def response(
    panels: Mapping[str, Sequence[Row]],
    *,
    values: Sequence[str],
    axis_title: str,
    delta: float,
    title: str,
    subtitle: Sequence[str],
    cliffs: Mapping[str, tuple[float, str]],
    counters: Mapping[str, Sequence[str]],
) -> Chart:
    """A chart of time against one property, with a panel for each guest and bars of QEMU's counters below it.

    A row has place (the index of its value among ``values``), line, part, ratio, low, high, and counters by name.
    ``cliffs`` are the place of a cliff and the text beside it, ``counters`` the names of the counters to show; both are
    by the name of the panel.
    """
    lines = list(dict.fromkeys(str(row["line"]) for rows in panels.values() for row in rows))

    def draw(canvas: Canvas) -> Any:
        parts: list[Any] = []
        for name, rows in panels.items():
            below = [
                _counter_panel(canvas, rows, key, values, axis_title, lines) for key in counters.get(name, ())
            ]
            title_above = None if below else axis_title
            above = _response_panel(canvas, name, rows, values, title_above, delta, lines, cliffs.get(name))
            parts.append(alt.vconcat(above, *below, spacing=6))
        return stacked(canvas, parts, title, subtitle)

    says = "; ".join(
        f"{name}: " + ", ".join(f"{values[int(number(row['place']) or 0)]} {ratio(number(row['ratio']) or math.nan)}"
                                for row in rows if row["ratio"] is not None)
        for name, rows in panels.items()
    )  # fmt: skip
    return chart_of(draw, f"{title}. {says}")


def _places(values: Sequence[str], title: str | None) -> Any:
    # Places are numbers, so that a cliff can lie between two values; labels show the values.
    axis = alt.Axis(
        values=list(range(len(values))), labelExpr=f"{json.dumps(list(map(visible, values)))}[datum.value]", title=title,
        grid=False,
    )  # fmt: skip
    return alt.X(
        "place:Q", scale=alt.Scale(domain=[-0.4, len(values) - 0.6], nice=False, padding=0), axis=axis
    )


def line_scale(
    canvas: Canvas, lines: Sequence[str], kind: Any, scale: Sequence[Any], legend: str | None = ""
) -> Any:
    """How a line is told from others; ``legend`` is its legend's title, None for no legend."""
    # Of more lines than colours, those of one colour have other shapes.
    turn = 0 if kind is alt.Color else 1
    repeated = [scale[(place + turn * (place // len(scale))) % len(scale)] for place in range(len(lines))]
    shown = (
        alt.Legend(
            title=legend or None, symbolSize=80, symbolStrokeWidth=0, **_place_of_legend(canvas, lines)
        )
        if legend is not None and len(lines) > 1
        else None
    )
    return kind("line:N", scale=alt.Scale(domain=list(lines), range=repeated), legend=shown, sort=None)


def _place_of_legend(canvas: Canvas, lines: Sequence[str]) -> dict[str, Any]:
    """Right of the panel; in a narrow chart above it, in as many columns as there is room for."""
    if not canvas.is_narrow:
        return {}
    columns = max(1, canvas.characters // (max(map(len, lines)) + 6))
    return {
        "orient": "top",
        "direction": "vertical",
        "columns": columns,
        "labelLimit": canvas.width,
        "offset": 4,
    }


def _response_panel(
    canvas: Canvas, name: str, rows: Sequence[Row], values: Sequence[str], axis_title: str | None, delta: float,
    lines: Sequence[str], cliff: tuple[float, str] | None = None, legend: str = "",
) -> Any:  # fmt: skip
    low, high = span([number(row.get(key)) for row in rows for key in ("ratio", "low", "high")], delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title="time, ratio to the baseline")
    x, y = _places(values, axis_title), alt.Y("ratio:Q", scale=scale, axis=axis)
    whole = [row for row in rows if row.get("low") is not None and row.get("high") is not None]
    colour = line_scale(canvas, lines, alt.Color, SERIES, legend)
    layers: list[Any] = [
        band(delta, "y", scale, axis),
        line_at_one("y", scale, axis),
        alt.Chart(data(whole)).mark_rule(strokeWidth=2).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q", color=colour),
        alt.Chart(data(rows)).mark_line(strokeWidth=1.5).encode(
            x=x, y=y, color=colour, strokeDash=line_scale(canvas, lines, alt.StrokeDash, DASHES, None), detail="part:N"),
        alt.Chart(data(rows)).mark_point(filled=True, size=60, opacity=1).encode(
            x=x, y=y, color=colour, shape=line_scale(canvas, lines, alt.Shape, SYMBOLS, legend)),
    ]  # fmt: skip
    if cliff is not None:
        place, text = cliff
        mark = data([{"place": place, "text": text}])
        layers += [
            alt.Chart(mark).mark_rule(color=COLOURS["failed"], strokeDash=[4, 3], strokeWidth=1.5).encode(x=x),
            alt.Chart(mark).mark_text(align="left", baseline="top", dx=6, dy=4, color=INK, fontSize=11,
                                      lineBreak="\n").encode(x=x, y=alt.value(0), text="text:N"),
        ]  # fmt: skip
    return alt.layer(*layers).properties(width=canvas.width, height=HEIGHT, title=name)


def _counter_panel(
    canvas: Canvas,
    rows: Sequence[Row],
    key: str,
    values: Sequence[str],
    axis_title: str,
    lines: Sequence[str],
) -> Any:
    shown: list[Row] = [
        {"place": row["place"], "line": row["line"], "count": number(row.get(key)), "text": count(value)}
        for row in rows
        if (value := number(row.get(key))) is not None
    ]
    x = _places(values, axis_title)
    top = max((number(row["count"]) or 0 for row in shown), default=0) * 1.3 or 1
    y = alt.Y("count:Q", axis=alt.Axis(title=key, tickCount=3, format="~s"), stack=None,
              scale=alt.Scale(domain=[0, top], nice=False))  # fmt: skip
    base = alt.Chart(data(shown))
    colour = line_scale(canvas, lines, alt.Color, SERIES, None)
    layers: list[Any] = [
        base.mark_bar(size=min(16.0, 0.8 * canvas.width / max(1, len(values))), opacity=0.8).encode(x=x, y=y, color=colour),
    ]  # fmt: skip
    if len(lines) == 1 and len(values) <= canvas.width // LABEL:
        layers.append(base.mark_text(dy=-6, color=INK, fontSize=10).encode(x=x, y=y, text="text:N"))
    return alt.layer(*layers).properties(width=canvas.width, height=60)


def interaction(
    panels: Mapping[str, Sequence[Row]],
    *,
    values: Sequence[str],
    axis_title: str,
    lines: Sequence[str],
    line_title: str,
    delta: float,
    title: str,
    subtitle: Sequence[str],
) -> Chart:
    """A chart of time against one property, with a line for each value of another and a panel for each guest.

    Rows are as for :func:`response`. Parallel lines: no interaction between the two properties.
    """

    def draw(canvas: Canvas) -> Any:
        parts = [
            _response_panel(
                canvas, name, dodged(rows, lines), values, axis_title, delta, lines, legend=line_title
            )
            for name, rows in panels.items()
        ]
        return stacked(canvas, parts, title, subtitle)

    return chart_of(draw, f"{title}. Panels: {', '.join(panels)}")


def trials(
    panels: Mapping[str, Sequence[Row]],
    *,
    names: Sequence[str],
    unit: str,
    title: str,
    subtitle: Sequence[str],
) -> Chart:
    """A chart of the value of every trial in the order measured, with a panel for each guest; crosses are failures.

    A row has order, configuration, block and value, which is None where the trial failed. ``unit`` titles the axis.
    """
    kept = {name: thinned(rows, MOST_POINTS // max(1, len(panels))) for name, rows in panels.items()}
    left_out = sum(map(len, panels.values())) - sum(map(len, kept.values()))
    note = (
        [f"{left_out} trials are not drawn: whole blocks are left out evenly, failures never"]
        if left_out
        else []
    )

    def draw(canvas: Canvas) -> Any:
        parts = [
            _trial_panel(canvas, name, rows, _lines_of(rows, names), unit) for name, rows in kept.items()
        ]
        return stacked(canvas, parts, title, [*subtitle, *note])

    failed = sum(row["value"] is None for rows in panels.values() for row in rows)
    says = f"{title}. {sum(map(len, panels.values()))} trials, {failed} failed"
    return chart_of(draw, says)


def _lines_of(rows: Sequence[Row], names: Sequence[str]) -> Sequence[str]:
    """All names, so that a line has one colour in all panels; of many, those in ``rows``."""
    if len(names) <= MOST_COMMON_LINES:
        return names
    present = {row["configuration"] for row in rows}
    return [name for name in names if name in present]


def _trial_panel(canvas: Canvas, name: str, rows: Sequence[Row], names: Sequence[str], unit: str) -> Any:
    lines = list(names)
    shown: list[Row] = [
        {"place": row["order"], "line": row["configuration"], "value": row["value"]} for row in rows
    ]
    complete = [row for row in shown if row["value"] is not None]
    x = alt.X("place:Q", axis=alt.Axis(title="trial, in the order measured", grid=False, tickMinStep=1, format="d"),
              scale=alt.Scale(zero=False))  # fmt: skip
    values = [value for row in complete if (value := number(row["value"]))]
    wide = bool(values) and max(values) > 3 * min(values) > 0
    scale = alt.Scale(type="log" if wide else "linear", zero=False, nice=False, padding=16)
    marks = ticks(min(values) / 1.5, max(values) * 1.5) if wide else alt.Undefined
    y = alt.Y("value:Q", scale=scale, axis=alt.Axis(title=unit, format="~s", tickCount=5, values=marks))
    layers: list[Any] = [
        alt.Chart(data(complete)).mark_point(filled=True, size=28, opacity=0.85).encode(
            x=x, y=y, color=line_scale(canvas, lines, alt.Color, SERIES), shape=line_scale(canvas, lines, alt.Shape, SYMBOLS)),
    ]  # fmt: skip
    if len(complete) < len(shown):
        failed = [row for row in shown if row["value"] is None]
        layers.append(alt.Chart(data(failed)).mark_text(text="×", color=COLOURS["failed"], fontSize=16, baseline="bottom")
                      .encode(x=x, y=alt.value(160)))  # fmt: skip
    width = canvas.width if canvas.is_narrow else canvas.width + 120
    return alt.layer(*layers).properties(width=width, height=160, title=name)
