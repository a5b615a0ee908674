"""The room that a chart has, and what all charts share: stacked panels below a title, the band of no difference, rows.

Each chart is drawn for two rooms: beside other text on a wide page, and on a page of about 500 pixels or less, where what is
beside the marks otherwise goes above them. Nothing is made smaller, and no word is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap
from typing import Any, Final, Literal

import altair as alt

from accelkit.study.report.chart import INK, Chart


@dataclass(frozen=True, slots=True)
class Canvas:
    """``width`` is that of a panel's marks in pixels; ``characters`` are those that fit in a line of a subtitle."""

    width: int
    characters: int
    is_narrow: bool = False


WIDE: Final = Canvas(420, 200)
NARROW: Final = Canvas(330, 66, is_narrow=True)


def chart_of(draw: Callable[[Canvas], Any], says: str) -> Chart:
    """A chart in both rooms; ``says`` describes it in words. The narrow one is drawn where it is asked for."""
    return Chart(draw(WIDE), says, partial(draw, NARROW))


def stacked(canvas: Canvas, panels: Sequence[Any], title: str, subtitle: Sequence[str]) -> Any:
    """The panels below each other, below the title."""
    lines = [line for text in subtitle for line in wrapped(text, canvas.characters)]
    heading = alt.TitleParams(
        wrapped(title, canvas.characters * 3 // 4), subtitle=lines, anchor="start", fontSize=15, offset=12
    )
    return alt.vconcat(*panels, spacing=24).properties(title=heading)


def wrapped(text: str, most: int) -> list[str]:
    """``text`` in lines of at most so many characters; a longer word has a line for itself.

    >>> wrapped("grey band: no difference of more than 1%", 24)
    ['grey band: no difference', 'of more than 1%']
    """
    return wrap(text, most, break_long_words=False, break_on_hyphens=False) or [text]


def band(delta: float, side: Literal["x", "y"], scale: Any, axis: Any) -> Any:
    """The grey band of no difference around 1."""
    kind = alt.X if side == "x" else alt.Y
    ends: Any = {side: kind("from:Q", scale=scale, axis=axis), f"{side}2": "to:Q"}
    rows = data([{"from": 1 / (1 + delta), "to": 1 + delta}])
    return alt.Chart(rows).mark_rect(color="#808080", opacity=0.18).encode(**ends)


def line_at_one(side: Literal["x", "y"], scale: Any, axis: Any) -> Any:
    """The line of the baseline."""
    kind = alt.X if side == "x" else alt.Y
    ends: Any = {side: kind("at:Q", scale=scale, axis=axis)}
    return alt.Chart(data([{"at": 1}])).mark_rule(color=INK, opacity=0.7).encode(**ends)


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as Altair takes them."""
    return alt.Data(values=[dict(row) for row in rows])
