"""The chart of a search: the incumbent over the trials, the points that were tried, what the confirming study says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from accelkit.study.analysis.tidy import Row, finite
from accelkit.study.report.canvas import Canvas, band, chart_of, data, line_at_one, stacked
from accelkit.study.report.chart import INK, Chart
from accelkit.study.report.phrases import percent, ratio
from accelkit.study.report.scales import COLOURS, SERIES, SHAPES, evenly, span, ticks
from accelkit.tuning.goals import cost_word
from accelkit.tuning.outcome import TuningOutcome
from accelkit.tuning.report.history import History

HEIGHT: Final = 220

MOST_POINTS: Final = 1500
"""Points that are drawn, at most; of more, they are taken evenly."""

ROOM: Final = 1.06
"""How much wider than the trials the axis is, so that what the confirming study says stands at its end."""


def search_chart(tuned: TuningOutcome, searched: History) -> Chart:
    """The chart: a line for the incumbent's estimate, a dot for each point, and the finalists' intervals at the end."""
    measure = cost_word(tuned.terms)
    total = tuned.search.trials + tuned.search.confirming
    finalists = [
        {"trials": total, "ratio": row.ratio, "low": row.low or None, "high": finite(row.high), "verdict": row.verdict}
        for row in tuned.result.comparisons
        if row.pairs and measure == "time" and len(tuned.guests) == 1
    ]  # fmt: skip
    if not finalists and (row := tuned.beside_baseline) is not None and row.pairs:
        finalists = [
            {"trials": total, "ratio": row.ratio, "low": row.low or None, "high": finite(row.high), "verdict": row.verdict}
        ]  # fmt: skip
    steps: list[Row] = [{"trials": step.trials, "ratio": step.ratio} for step in searched.steps]
    dots: list[Row] = [
        {"trials": dot.trials, "ratio": dot.ratio} for dot in evenly(searched.tried, MOST_POINTS)
    ]
    drawn = [*steps, *dots, *finalists]
    ends = [
        value for row in drawn for key in ("ratio", "low", "high") if isinstance(value := row.get(key), float)
    ]
    title = "What the search found"
    subtitle = [
        "Line: the best estimate so far; grey: each point that was tried, where it was tried first",
        (
            "At the end: the confirming study, with its own blocks, "
            f"{percent(tuned.standards.confidence)} intervals, all at once"
        ),
    ]

    def draw(canvas: Canvas) -> Any:
        panel = _panel(canvas, steps, dots, finalists, ends, total, tuned.standards.delta, measure)
        return stacked(canvas, [panel], title, subtitle)

    return chart_of(draw, f"{title}. {_says(searched, finalists, measure)}")


def _says(searched: History, finalists: Sequence[Row], measure: str) -> str:
    parts = [
        f"after {step.trials} trials {step.name}, {ratio(step.ratio)} times the baseline's {measure}"
        for place, step in enumerate(searched.steps)
        if not place or step.name != searched.steps[place - 1].name
    ]
    parts += [f"confirmed {ratio(float(row['ratio'] or 0))}, {row['verdict']}" for row in finalists]
    return "; ".join(parts[:20])


def _panel(
    canvas: Canvas, steps: Sequence[Row], dots: Sequence[Row], finalists: Sequence[Row], ends: Sequence[float],
    total: int, delta: float, measure: str,
) -> Any:  # fmt: skip
    low, high = span(ends, delta)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    axis = alt.Axis(values=ticks(low, high), format="~g", title=f"{measure}, ratio to the baseline")
    x = alt.X(
        "trials:Q", scale=alt.Scale(domain=[0, max(1, total) * ROOM], nice=False),
        axis=alt.Axis(title="trials", grid=False, tickMinStep=1, format="d"),
    )  # fmt: skip
    y = alt.Y("ratio:Q", scale=scale, axis=axis)
    kinds = list(COLOURS)
    colour = alt.Color("verdict:N", scale=alt.Scale(domain=kinds, range=[*COLOURS.values()]), legend=None)
    shape = alt.Shape("verdict:N", scale=alt.Scale(domain=kinds, range=[*SHAPES.values()]), legend=None)
    whole = [row for row in finalists if row["low"] is not None and row["high"] is not None]
    layers: list[Any] = [
        band(delta, "y", scale, axis),
        line_at_one("y", scale, axis),
        alt.Chart(data(dots)).mark_point(filled=True, size=18, opacity=0.45, color="#808080").encode(x=x, y=y),
        alt.Chart(data(steps)).mark_line(interpolate="step-after", strokeWidth=2, color=SERIES[0]).encode(x=x, y=y),
        alt.Chart(data(whole)).mark_rule(strokeWidth=3).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q", color=colour),
        alt.Chart(data(finalists)).mark_point(filled=True, size=80, opacity=1, stroke=INK, strokeWidth=0.5).encode(
            x=x, y=y, color=colour, shape=shape),
    ]  # fmt: skip
    width = canvas.width if canvas.is_narrow else canvas.width + 120
    return alt.layer(*layers).properties(width=width, height=HEIGHT)
