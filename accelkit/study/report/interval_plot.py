"""The chart of intervals: a line for each configuration, with its ratio, interval and verdict; from rows to Altair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import altair as alt

from accelkit.study.analysis.tidy import Row
from accelkit.study.report.canvas import Canvas, band, chart_of, data, line_at_one, stacked
from accelkit.study.report.chart import INK, Chart
from accelkit.study.report.scales import COLOURS, SHAPES, number, span, ticks

ROW: Final = 22
"""Pixels of a line, where the name is left of it and the verdict right of it."""

FITTING: Final = 60
"""Characters of a name and its verdict together that have room in one line above the interval."""

TEXT: Final = 16
"""Pixels of a line of text above an interval."""

BAR: Final = 22
"""Pixels of the interval below its text."""

MARGIN: Final = 66
"""Pixels that a narrow chart has left of its panels where others have an axis."""


def intervals(
    panels: Mapping[str, Sequence[Row]], *, delta: float, title: str, subtitle: Sequence[str], measure: str,
    one_scale: bool = False,
) -> Chart:  # fmt: skip
    """A chart with a panel for each guest and a line for each configuration: ratio, interval, verdict.

    ``panels`` are rows by the name of the panel. A row has name, verdict and says, and ratio, low and high if they are
    known. ``delta`` is the half width of the grey band, as a share; ``measure`` is the title of the axis. With
    ``one_scale`` all panels have the same, so that what matters stands out.
    """
    everything = [row for rows in panels.values() for row in rows]

    def draw(canvas: Canvas) -> Any:
        panel = _with_text_above if canvas.is_narrow else _with_text_beside
        return stacked(
            canvas,
            [
                panel(canvas, name, rows, _ratios(everything if one_scale else rows, delta, measure), delta)
                for name, rows in panels.items()
            ],
            title,
            subtitle,
        )

    says = "; ".join(f"{name}: " + ", ".join(f"{row['name']} {row['says']}" for row in rows)
                     for name, rows in panels.items())  # fmt: skip
    return chart_of(draw, f"{title}. {says}")


def _with_text_beside(
    canvas: Canvas, name: str, rows: Sequence[Row], ratios: tuple[Any, Any], delta: float
) -> Any:
    x, axis = ratios
    order = [str(row["name"]) for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=True, ticks=False, domain=False))
    says = alt.Chart(data(rows)).mark_text(align="left", color=INK, fontSize=11).encode(
        y=y, x=alt.value(canvas.width + 10), text="says:N",
    )  # fmt: skip
    layers = [band(delta, "x", x, axis), line_at_one("x", x, axis), *_marks(rows, x, axis, y), says]
    return alt.layer(*layers).properties(width=canvas.width, height=ROW * len(rows), title=name)


def _with_text_above(
    canvas: Canvas, name: str, rows: Sequence[Row], ratios: tuple[Any, Any], delta: float
) -> Any:
    is_one = all(len(str(row["name"])) + len(str(row["says"])) <= FITTING for row in rows)
    text_height = TEXT if is_one else 2 * TEXT
    tall, width = text_height + BAR, canvas.width + MARGIN
    x, axis = ratios
    axis.grid = (
        False  # a line through text makes it hard to read; so band and baseline have a piece below each text
    )
    scale = alt.Scale(domain=[0, tall * len(rows)], range=[0, tall * len(rows)], nice=False, zero=False)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    placed: list[Row] = [
        {
            **row, "name_at": tall * place + 4, "says_at": tall * place + 4 + text_height - TEXT,
            "top": tall * place + text_height + 2, "middle": tall * place + text_height + 10,
            "bottom": tall * place + text_height + 18, "one": 1, "least": 1 / (1 + delta), "most": 1 + delta,
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip

    def text(field: str, weight: Literal["normal", "bold"], *, at_right: bool) -> Any:
        mark = alt.Chart(data(placed)).mark_text(
            align="right" if at_right else "left", baseline="top", color=INK, fontSize=11, fontWeight=weight,
            limit=width - 8,
        )  # fmt: skip
        return mark.encode(y=y(f"{field}_at"), x=alt.value(width - 4 if at_right else 4), text=f"{field}:N")

    pieces = alt.Chart(data(placed))
    layers = [
        pieces.mark_rect(color="#808080", opacity=0.18).encode(
            y=y("top"), y2="bottom:Q", x=alt.X("least:Q", scale=x, axis=axis), x2="most:Q"
        ),
        pieces.mark_rule(color=INK, opacity=0.7).encode(
            y=y("top"), y2="bottom:Q", x=alt.X("one:Q", scale=x, axis=axis)
        ),
        *_marks(placed, x, axis, y("middle")),
        text("name", "bold", at_right=False),
        text("says", "normal", at_right=is_one),
    ]
    return alt.layer(*layers).properties(width=width, height=tall * len(rows), title=name)


def _ratios(rows: Sequence[Row], delta: float, measure: str) -> tuple[Any, Any]:
    """The scale and the axis of the ratios."""
    low, high = span([number(row.get(key)) for row in rows for key in ("ratio", "low", "high")], delta)
    return (
        alt.Scale(type="log", domain=[low, high], nice=False),
        alt.Axis(values=ticks(low, high), format="~g", title=measure),
    )


def _marks(rows: Sequence[Row], scale: Any, axis: Any, y: Any) -> list[Any]:
    """Each row's interval and ratio."""
    known = [row for row in rows if row.get("ratio") is not None]
    whole = [row for row in known if row.get("low") is not None and row.get("high") is not None]
    kinds = list(COLOURS)
    colour = alt.Color(
        "verdict:N", scale=alt.Scale(domain=kinds, range=[COLOURS[kind] for kind in kinds]), legend=None
    )
    shape = alt.Shape(
        "verdict:N", scale=alt.Scale(domain=kinds, range=[SHAPES[kind] for kind in kinds]), legend=None
    )
    return [
        alt.Chart(data(whole)).mark_rule(strokeWidth=2).encode(
            y=y, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour,
        ),
        alt.Chart(data(known)).mark_point(filled=True, size=70, opacity=1).encode(
            y=y, x=alt.X("ratio:Q", scale=scale, axis=axis), color=colour, shape=shape,
        ),
    ]  # fmt: skip
