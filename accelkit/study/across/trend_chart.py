"""The rows of a trend's picture: a panel for each guest, a line for each configuration, its levels and their changes."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Final

from accelkit.errors import StudyError, shortened
from accelkit.study.across.course import Course
from accelkit.study.across.series import Series
from accelkit.study.analysis.tidy import Row
from accelkit.study.report.chart import Chart
from accelkit.study.report.labels import labels
from accelkit.study.report.phrases import percent, ratio

MOST_LINES: Final = 8
"""Series of a panel, as many as there are colours; of more, those with changes first."""

MOST_LABEL: Final = 24
"""Characters of a store's name below the axis."""


def chart_of_course(course: Course) -> Chart:
    """The chart. Raises StudyError if Altair is not installed, and without a series."""
    if not course.series:
        raise StudyError("plot: no two stores have a value that can be compared; there is no series to draw")
    names = labels(series.key.configuration for series in course.series)
    panels: dict[str, list[Series]] = {}
    for series in course.series:
        build = f", QEMU {series.key.build}" if series.key.build else ""
        panels.setdefault(shortened(f"{series.key.guest}{build}"), []).append(series)
    drawn = {guest: _telling(rows) for guest, rows in panels.items()}
    stores = labels((moment.label for moment in course.moments), MOST_LABEL)
    subtitle = [
        f"each in proportion to its first level; bars: {percent(0.95)} intervals of each store; thick: levels"
    ]
    if any(len(rows) > MOST_LINES for rows in panels.values()):
        subtitle.append(f"Drawn: {MOST_LINES} series of each guest, those with changes first")
    return _altair().trend_lines(
        {
            guest: [row for series in rows for row in _points(series, names[series.key.configuration])]
            for guest, rows in drawn.items()
        },
        {
            guest: [row for series in rows for row in _levels(series, names[series.key.configuration])]
            for guest, rows in drawn.items()
        },
        stores=[stores[moment.label] for moment in course.moments], delta=course.delta,
        title=f"The trend over {len(course.moments)} stores", subtitle=subtitle,
    )  # fmt: skip


def _telling(series: list[Series]) -> list[Series]:
    first = sorted(series, key=lambda line: -len(line.changes))[:MOST_LINES]
    kept = {*map(id, first)}
    return [line for line in series if id(line) in kept]


def _points(series: Series, name: str) -> list[Row]:
    first = series.levels[0][2]
    line = _line(series, name)
    return [
        {
            "place": place, "line": line, "ratio": math.exp(point.middle - first),
            "low": math.exp(point.low - first) if point.low > -math.inf else None,
            "high": math.exp(point.high - first) if point.high < math.inf else None,
        }
        for place, point in zip(series.places, series.points, strict=True)
    ]  # fmt: skip


def _levels(series: Series, name: str) -> list[Row]:
    """The level from one store to another; a change is where the next one begins."""
    first, line = series.levels[0][2], _line(series, name)
    rows: list[Row] = []
    for place, (start, end, level) in enumerate(series.levels):
        change = series.changes[place - 1] if place else None
        rows.append({
            "from": start - 0.3, "to": end + 0.3, "line": line, "level": math.exp(level - first),
            "at": None if change is None else start - 0.5,
            "text": "" if change is None else f"× {ratio(change.ratio)}",
        })  # fmt: skip
    return rows


def _line(series: Series, name: str) -> str:
    return f"{name}, time" if series.kind == "time" else name


def _altair() -> ModuleType:
    try:
        from accelkit.study.report import trend_plot  # loads Altair
    except ModuleNotFoundError as error:
        raise StudyError(
            f"charts need {error.name}, which is missing; install it: pip install 'accelkit[study]'"
        ) from None
    return trend_plot
