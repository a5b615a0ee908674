"""Charts of a study: rows in, Altair out. All that is computed is computed before, in ``study.tidy``.

Ratios stand on logarithmic axes: half and twice the time are equally far from the baseline. A verdict is
told by its shape and its words, not by colour alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import altair as alt

from accelkit.study.chart import INK, Chart
from accelkit.study.tidy import Row
from accelkit.study.words import count, interval, ratio

#: Each readable on white and on near-black: a contrast of 3 to 1 and more.
COLOURS: Final = {
    "faster": "#2b83ba", "slower": "#d95f02", "no difference": "#808080", "undecided": "#9467bd",
    "baseline": "#808080", "failed": "#d0505a",
}  # fmt: skip
SHAPES: Final = {
    "faster": "triangle-left", "slower": "triangle-right", "no difference": "circle", "undecided": "diamond",
    "baseline": "stroke", "failed": "cross",
}  # fmt: skip
SERIES: Final = ("#2b83ba", "#d95f02", "#4d9a3c", "#9467bd", "#b8860b", "#d0509c", "#808080", "#1b9e9e")
SYMBOLS: Final = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right", "stroke")
DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4], [1, 3], [6, 2, 1, 2])

WIDTH: Final = 420
ROW: Final = 22
MOST_POINTS: Final = 4000
"""Trials that one chart draws; of more, whole blocks are left out evenly, failures never."""


def ticks(low: float, high: float) -> list[float]:
    """Up to about seven round ratios from ``low`` to ``high``, 1 among them where it lies between.

    >>> ticks(0.55, 1.8), ticks(0.97, 1.04), ticks(0.9, 95)
    ([0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8], [0.98, 1.0, 1.02, 1.04], [1.0, 2.0, 5.0, 10.0, 20.0, 50.0])
    """
    if high / low > 6:
        exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for mantissas in ((1, 2, 5), (1,)):
            found = [m * 10.0**e for e in exponents for m in mantissas if low <= m * 10.0**e <= high]
            if len(found) <= 8:
                break
        return [float(f"{each:.6g}") for each in found]
    rough = (high - low) / 7
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first, last = math.ceil((low - 1) / step - 1e-9), math.floor((high - 1) / step + 1e-9)
    return [round(1 + k * step, 9) for k in range(first, last + 1)]


def span(values: Iterable[float | None], delta: float) -> tuple[float, float]:
    """The ends of an axis that holds ``values``, 1 and the band of no difference around it."""
    known = [v for v in values if v is not None and v > 0]
    low, high = min([*known, 1 - 1.5 * delta]), max([*known, 1 + 1.5 * delta])
    margin = (high / low) ** 0.05
    return low / margin, high * margin


def intervals(
    panels: Mapping[str, Sequence[Row]], *, delta: float, title: str, subtitle: Sequence[str], measure: str
) -> Chart:
    """A panel for each guest, a line for each configuration: ratio, interval, verdict.

    A row has name, verdict, says, and ratio, low, high where they are known.
    """
    drawn = [_interval_panel(name, rows, delta, measure) for name, rows in panels.items()]
    says = "; ".join(f"{name}: " + ", ".join(f"{row['name']} {row['says']}" for row in rows)
                     for name, rows in panels.items())  # fmt: skip
    return Chart(_stacked(drawn, title, subtitle), f"{title}. {says}")


def _interval_panel(name: str, rows: Sequence[Row], delta: float, measure: str) -> Any:
    low, high = span([_number(row.get(key)) for row in rows for key in ("ratio", "low", "high")], delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title=measure)
    order = [str(row["name"]) for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=True, ticks=False, domain=False))
    known = [row for row in rows if row.get("ratio") is not None]
    whole = [row for row in known if row.get("low") is not None and row.get("high") is not None]
    x = alt.X("ratio:Q", scale=scale, axis=axis)
    kinds = list(COLOURS)
    layers: list[Any] = [
        alt.Chart(_data([{"from": 1 - delta, "to": 1 + delta}]))
        .mark_rect(color="#808080", opacity=0.18)
        .encode(x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q"),
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


def response(
    panels: Mapping[str, Sequence[Row]],
    *,
    values: Sequence[str],
    axis_title: str,
    delta: float,
    title: str,
    subtitle: Sequence[str],
    edges: Mapping[str, tuple[float, str]],
    counters: Mapping[str, Sequence[str]],
) -> Chart:
    """Time against one property, a panel for each guest; below it what QEMU counted, where it tells.

    A row has place (of its value among ``values``), line, verdict, ratio, low, high, and the counters of
    its panel by name. ``edges`` are cliffs: where in the panel, and what to write there.
    """
    lines = list(dict.fromkeys(str(row["line"]) for rows in panels.values() for row in rows))
    drawn: list[Any] = []
    for name, rows in panels.items():
        above = _response_panel(name, rows, values, axis_title, delta, lines, edges.get(name))
        below = [_counter_panel(rows, key, values, axis_title, lines) for key in counters.get(name, ())]
        drawn.append(alt.vconcat(above, *below, spacing=6))
    says = "; ".join(
        f"{name}: " + ", ".join(f"{values[int(_number(row['place']) or 0)]} {ratio(_number(row['ratio']) or math.nan)}"
                                for row in rows if row["ratio"] is not None)
        for name, rows in panels.items()
    )  # fmt: skip
    return Chart(_stacked(drawn, title, subtitle), f"{title}. {says}")


def _places(values: Sequence[str], title: str | None, *, labels: bool = True) -> Any:
    # Places are numbers, so that a cliff can stand between two values; the labels say which these are.
    axis = alt.Axis(
        values=list(range(len(values))), labelExpr=f"{json.dumps(list(values))}[datum.value]", title=title,
        labels=labels, grid=False,
    )  # fmt: skip
    return alt.X("place:Q", scale=alt.Scale(domain=[-0.4, len(values) - 0.6], nice=False), axis=axis)


def _series(lines: Sequence[str], kind: Any, scale: Sequence[Any], title: str | None = None) -> Any:
    repeated = [scale[place % len(scale)] for place in range(len(lines))]
    legend = alt.Legend(title=title, orient="right", symbolSize=80) if len(lines) > 1 else None
    return kind("line:N", scale=alt.Scale(domain=list(lines), range=repeated), legend=legend, sort=None)


def _response_panel(
    name: str, rows: Sequence[Row], values: Sequence[str], axis_title: str, delta: float, lines: Sequence[str],
    edge: tuple[float, str] | None, legend: str | None = None, height: int = 200,
) -> Any:  # fmt: skip
    low, high = span([_number(row.get(key)) for row in rows for key in ("ratio", "low", "high")], delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title="time, ratio to the baseline")
    x, y = _places(values, axis_title), alt.Y("ratio:Q", scale=scale, axis=axis)
    whole = [row for row in rows if row.get("low") is not None and row.get("high") is not None]
    colour = _series(lines, alt.Color, SERIES, legend)
    layers: list[Any] = [
        alt.Chart(_data([{"at": 1}])).mark_rule(color=INK, opacity=0.7).encode(y=alt.Y("at:Q", scale=scale, axis=axis)),
        alt.Chart(_data(whole)).mark_rule(strokeWidth=2).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q", color=colour),
        alt.Chart(_data(rows)).mark_line(strokeWidth=1.5).encode(
            x=x, y=y, color=colour, strokeDash=_series(lines, alt.StrokeDash, DASHES, legend)),
        alt.Chart(_data(rows)).mark_point(filled=True, size=60, opacity=1).encode(
            x=x, y=y, color=colour, shape=_series(lines, alt.Shape, SYMBOLS, legend)),
    ]  # fmt: skip
    if edge is not None:
        at, text = edge
        mark = _data([{"place": at, "text": text}])
        layers += [
            alt.Chart(mark).mark_rule(color=COLOURS["failed"], strokeDash=[4, 3], strokeWidth=1.5).encode(x=x),
            alt.Chart(mark).mark_text(align="left", baseline="top", dx=6, dy=4, color=INK, fontSize=11,
                                      lineBreak="\n").encode(x=x, y=alt.value(0), text="text:N"),
        ]  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH, height=height, title=name)


def _counter_panel(
    rows: Sequence[Row], key: str, values: Sequence[str], axis_title: str, lines: Sequence[str]
) -> Any:
    shown: list[Row] = [
        {"place": row["place"], "line": row["line"], "count": _number(row.get(key)), "text": count(number)}
        for row in rows
        if (number := _number(row.get(key))) is not None
    ]
    x = _places(values, axis_title)
    y = alt.Y("count:Q", axis=alt.Axis(title=key, tickCount=3, format="~s"), stack=None)
    base = alt.Chart(_data(shown))
    colour = _series(lines, alt.Color, SERIES)
    layers: list[Any] = [
        base.mark_bar(size=16, opacity=0.8).encode(x=x, y=y, color=colour),
    ]  # fmt: skip
    if len(lines) == 1:
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
    """Time against one property, a line for each value of another, a panel for each guest.

    Where the lines are parallel, neither property minds the other.
    """
    drawn = [_response_panel(name, rows, values, axis_title, delta, lines, None, line_title)
             for name, rows in panels.items()]  # fmt: skip
    return Chart(_stacked(drawn, title, subtitle), f"{title}. Panels: {', '.join(panels)}")


def trials(
    panels: Mapping[str, Sequence[Row]], *, names: Sequence[str], unit: str, title: str, subtitle: Sequence[str]
) -> Chart:
    """Every trial's figure in the order measured, a panel for each guest; crosses are failures.

    A row has order, configuration, block, and figure, None where the trial failed.
    """
    kept = {name: thinned(rows, MOST_POINTS // max(1, len(panels))) for name, rows in panels.items()}
    left_out = sum(map(len, panels.values())) - sum(map(len, kept.values()))
    note = [f"{left_out} trials are not drawn: whole blocks are left out evenly, failures never"] if left_out else []
    drawn = [_trial_panel(name, rows, names, unit) for name, rows in kept.items()]
    failed = sum(row["figure"] is None for rows in panels.values() for row in rows)
    says = f"{title}. {sum(map(len, panels.values()))} trials, {failed} failed"
    return Chart(_stacked(drawn, title, [*subtitle, *note]), says)


def thinned(rows: Sequence[Row], most: int) -> list[Row]:
    """Not many more than ``most`` of ``rows``: every n-th block, and all failures.

    >>> len(thinned([{"block": k // 2, "figure": 1.0} for k in range(100)], 50))
    50
    """
    every = max(1, math.ceil(len(rows) / max(1, most)))
    return [row for row in rows if row["figure"] is None or int(_number(row["block"]) or 0) % every == 0]


def _trial_panel(name: str, rows: Sequence[Row], names: Sequence[str], unit: str) -> Any:
    lines = list(names)
    shown: list[Row] = [{"place": row["order"], "line": row["configuration"], "figure": row["figure"]} for row in rows]
    done = [row for row in shown if row["figure"] is not None]
    x = alt.X("place:Q", axis=alt.Axis(title="trial, in the order measured", grid=False, tickMinStep=1, format="d"),
              scale=alt.Scale(zero=False))  # fmt: skip
    figures = [number for row in done if (number := _number(row["figure"]))]
    log = alt.Scale(type="log", nice=False, padding=8) if figures and max(figures) > 3 * min(figures) else (
        alt.Scale(zero=False, padding=8))  # fmt: skip
    y = alt.Y("figure:Q", scale=log, axis=alt.Axis(title=unit, format="~s", tickCount=5))
    layers: list[Any] = [
        alt.Chart(_data(done)).mark_point(filled=True, size=28, opacity=0.85).encode(
            x=x, y=y, color=_series(lines, alt.Color, SERIES), shape=_series(lines, alt.Shape, SYMBOLS)),
    ]  # fmt: skip
    if len(done) < len(shown):
        lost = [row for row in shown if row["figure"] is None]
        layers.append(alt.Chart(_data(lost)).mark_text(text="×", color=COLOURS["failed"], fontSize=16, baseline="bottom")
                      .encode(x=x, y=alt.value(160)))  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH + 120, height=160, title=name)


def interval_row(name: str, verdict: str, sign: str, row: Row) -> Row:
    """The row of :func:`intervals` for a comparison's row; an interval without an end is not drawn."""
    middle, low, high = (_number(row.get(key)) for key in ("ratio", "low", "high"))
    if low is not None and (low <= 0 or high is None):
        low = high = None
    told = " ".join(filter(None, (
        ratio(middle) if middle is not None else "",
        interval(low, high) if low is not None and high is not None else "", sign, verdict,
    )))  # fmt: skip
    return {"name": name, "verdict": verdict, "says": told, "ratio": middle, "low": low, "high": high}


def _stacked(panels: Sequence[Any], title: str, subtitle: Sequence[str]) -> Any:
    heading = alt.TitleParams(title, subtitle=list(subtitle), anchor="start", fontSize=15, offset=12)
    return alt.vconcat(*panels, spacing=24).properties(title=heading)


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    return alt.Data(values=[dict(row) for row in rows])


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
