"""Charts of a study: from rows to Altair charts. Nothing is computed here but places on axes.

Ratios have logarithmic axes, so that half and twice the time are equally far from the baseline. Verdicts differ in
shape and text, not only in colour.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import altair as alt

from accelkit.errors import visible
from accelkit.study.analysis.tidy import Row
from accelkit.study.report.chart import INK, Chart
from accelkit.study.report.phrases import count, ratio
from accelkit.study.report.scales import (
    COLOURS,
    DASHES,
    SERIES,
    SHAPES,
    SYMBOLS,
    dodged,
    number,
    span,
    thinned,
    ticks,
)

WIDTH: Final = 420
ROW: Final = 22
HEIGHT: Final = 200
MOST_POINTS: Final = 4000
"""One chart draws about this many trials at most; of more, whole blocks are left out evenly, failures never."""


MOST_LABELLED: Final = 12
"""Bars that have their number above them; more numbers would lie on each other."""

MOST_COMMON_LINES: Final = 24
"""Lines that all panels of a chart have in their legend; of more, each panel has its own."""


def intervals(
    panels: Mapping[str, Sequence[Row]], *, delta: float, title: str, subtitle: Sequence[str], measure: str
) -> Chart:
    """A chart with a panel for each guest and a line for each configuration: ratio, interval, verdict.

    ``panels`` are rows by the name of the panel. A row has name, verdict and says, and ratio, low and high if they are
    known. ``delta`` is the half width of the grey band, as a share; ``measure`` is the title of the axis.
    """
    parts = [_interval_panel(name, rows, delta, measure) for name, rows in panels.items()]
    says = "; ".join(f"{name}: " + ", ".join(f"{row['name']} {row['says']}" for row in rows)
                     for name, rows in panels.items())  # fmt: skip
    return Chart(_stacked(parts, title, subtitle), f"{title}. {says}")


def _interval_panel(name: str, rows: Sequence[Row], delta: float, measure: str) -> Any:
    low, high = span([number(row.get(key)) for row in rows for key in ("ratio", "low", "high")], delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title=measure)
    order = [str(row["name"]) for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=True, ticks=False, domain=False))
    known = [row for row in rows if row.get("ratio") is not None]
    whole = [row for row in known if row.get("low") is not None and row.get("high") is not None]
    x = alt.X("ratio:Q", scale=scale, axis=axis)
    kinds = list(COLOURS)
    layers: list[Any] = [
        _band(delta, "x", scale, axis),
        alt.Chart(_data([{"at": 1}])).mark_rule(color=INK, opacity=0.7).encode(x=alt.X("at:Q", scale=scale, axis=axis)),
        alt.Chart(_data(whole)).mark_rule(strokeWidth=2).encode(
            y=y, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q",
            color=alt.Color("verdict:N", scale=alt.Scale(domain=kinds, range=[COLOURS[k] for k in kinds]), legend=None),
        ),
        alt.Chart(_data(known)).mark_point(filled=True, size=70, opacity=1).encode(
            y=y, x=x,
            color=alt.Color("verdict:N", scale=alt.Scale(domain=kinds, range=[COLOURS[k] for k in kinds]), legend=None),
            shape=alt.Shape("verdict:N", scale=alt.Scale(domain=kinds, range=[SHAPES[k] for k in kinds]), legend=None),
        ),
        alt.Chart(_data(rows)).mark_text(align="left", color=INK, fontSize=11).encode(
            y=y, x=alt.value(WIDTH + 10), text="says:N",
        ),
    ]  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH, height=ROW * len(rows), title=name)


def _band(delta: float, side: Literal["x", "y"], scale: Any, axis: Any) -> Any:
    kind = alt.X if side == "x" else alt.Y
    ends: Any = {side: kind("from:Q", scale=scale, axis=axis), f"{side}2": "to:Q"}
    band = _data([{"from": 1 / (1 + delta), "to": 1 + delta}])
    return alt.Chart(band).mark_rect(color="#808080", opacity=0.18).encode(**ends)


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
    parts: list[Any] = []
    for name, rows in panels.items():
        below = [_counter_panel(rows, key, values, axis_title, lines) for key in counters.get(name, ())]
        title_above = None if below else axis_title
        above = _response_panel(name, rows, values, title_above, delta, lines, cliffs.get(name))
        parts.append(alt.vconcat(above, *below, spacing=6))
    says = "; ".join(
        f"{name}: " + ", ".join(f"{values[int(number(row['place']) or 0)]} {ratio(number(row['ratio']) or math.nan)}"
                                for row in rows if row["ratio"] is not None)
        for name, rows in panels.items()
    )  # fmt: skip
    return Chart(_stacked(parts, title, subtitle), f"{title}. {says}")


def _places(values: Sequence[str], title: str | None) -> Any:
    # Places are numbers, so that a cliff can lie between two values; labels show the values.
    axis = alt.Axis(
        values=list(range(len(values))), labelExpr=f"{json.dumps(list(map(visible, values)))}[datum.value]", title=title,
        grid=False,
    )  # fmt: skip
    return alt.X(
        "place:Q", scale=alt.Scale(domain=[-0.4, len(values) - 0.6], nice=False, padding=0), axis=axis
    )


def _series(lines: Sequence[str], kind: Any, scale: Sequence[Any], legend: str | None = "") -> Any:
    """How a line is told from others; ``legend`` is its legend's title, None for no legend."""
    # Of more lines than colours, those of one colour have other shapes.
    turn = 0 if kind is alt.Color else 1
    repeated = [scale[(place + turn * (place // len(scale))) % len(scale)] for place in range(len(lines))]
    shown = (
        alt.Legend(title=legend or None, symbolSize=80, symbolStrokeWidth=0)
        if legend is not None and len(lines) > 1
        else None
    )
    return kind("line:N", scale=alt.Scale(domain=list(lines), range=repeated), legend=shown, sort=None)


def _response_panel(
    name: str, rows: Sequence[Row], values: Sequence[str], axis_title: str | None, delta: float,
    lines: Sequence[str], cliff: tuple[float, str] | None = None, legend: str = "",
) -> Any:  # fmt: skip
    low, high = span([number(row.get(key)) for row in rows for key in ("ratio", "low", "high")], delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title="time, ratio to the baseline")
    x, y = _places(values, axis_title), alt.Y("ratio:Q", scale=scale, axis=axis)
    whole = [row for row in rows if row.get("low") is not None and row.get("high") is not None]
    colour = _series(lines, alt.Color, SERIES, legend)
    layers: list[Any] = [
        _band(delta, "y", scale, axis),
        alt.Chart(_data([{"at": 1}])).mark_rule(color=INK, opacity=0.7).encode(y=alt.Y("at:Q", scale=scale, axis=axis)),
        alt.Chart(_data(whole)).mark_rule(strokeWidth=2).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q", color=colour),
        alt.Chart(_data(rows)).mark_line(strokeWidth=1.5).encode(
            x=x, y=y, color=colour, strokeDash=_series(lines, alt.StrokeDash, DASHES, None), detail="part:N"),
        alt.Chart(_data(rows)).mark_point(filled=True, size=60, opacity=1).encode(
            x=x, y=y, color=colour, shape=_series(lines, alt.Shape, SYMBOLS, legend)),
    ]  # fmt: skip
    if cliff is not None:
        place, text = cliff
        mark = _data([{"place": place, "text": text}])
        layers += [
            alt.Chart(mark).mark_rule(color=COLOURS["failed"], strokeDash=[4, 3], strokeWidth=1.5).encode(x=x),
            alt.Chart(mark).mark_text(align="left", baseline="top", dx=6, dy=4, color=INK, fontSize=11,
                                      lineBreak="\n").encode(x=x, y=alt.value(0), text="text:N"),
        ]  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=name)


def _counter_panel(
    rows: Sequence[Row], key: str, values: Sequence[str], axis_title: str, lines: Sequence[str]
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
    base = alt.Chart(_data(shown))
    colour = _series(lines, alt.Color, SERIES, None)
    layers: list[Any] = [
        base.mark_bar(size=min(16.0, 0.8 * WIDTH / max(1, len(values))), opacity=0.8).encode(x=x, y=y, color=colour),
    ]  # fmt: skip
    if len(lines) == 1 and len(values) <= MOST_LABELLED:
        layers.append(base.mark_text(dy=-6, color=INK, fontSize=10).encode(x=x, y=y, text="text:N"))
    return alt.layer(*layers).properties(width=WIDTH, height=60)


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
    parts = [_response_panel(name, dodged(rows, lines), values, axis_title, delta, lines, legend=line_title)
             for name, rows in panels.items()]  # fmt: skip
    return Chart(_stacked(parts, title, subtitle), f"{title}. Panels: {', '.join(panels)}")


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
    parts = [_trial_panel(name, rows, _lines_of(rows, names), unit) for name, rows in kept.items()]
    failed = sum(row["value"] is None for rows in panels.values() for row in rows)
    says = f"{title}. {sum(map(len, panels.values()))} trials, {failed} failed"
    return Chart(_stacked(parts, title, [*subtitle, *note]), says)


def _lines_of(rows: Sequence[Row], names: Sequence[str]) -> Sequence[str]:
    """All names, so that a line has one colour in all panels; of many, those in ``rows``."""
    if len(names) <= MOST_COMMON_LINES:
        return names
    present = {row["configuration"] for row in rows}
    return [name for name in names if name in present]


def _trial_panel(name: str, rows: Sequence[Row], names: Sequence[str], unit: str) -> Any:
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
        alt.Chart(_data(complete)).mark_point(filled=True, size=28, opacity=0.85).encode(
            x=x, y=y, color=_series(lines, alt.Color, SERIES), shape=_series(lines, alt.Shape, SYMBOLS)),
    ]  # fmt: skip
    if len(complete) < len(shown):
        failed = [row for row in shown if row["value"] is None]
        layers.append(alt.Chart(_data(failed)).mark_text(text="×", color=COLOURS["failed"], fontSize=16, baseline="bottom")
                      .encode(x=x, y=alt.value(160)))  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH + 120, height=160, title=name)


def _stacked(panels: Sequence[Any], title: str, subtitle: Sequence[str]) -> Any:
    heading = alt.TitleParams(title, subtitle=list(subtitle), anchor="start", fontSize=15, offset=12)
    return alt.vconcat(*panels, spacing=24).properties(title=heading)


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    return alt.Data(values=[dict(row) for row in rows])
