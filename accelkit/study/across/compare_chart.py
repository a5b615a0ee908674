"""The picture of a comparison of two stores: each ratio with its interval, a panel for each guest."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from accelkit.errors import StudyError, shortened
from accelkit.study.across.comparison import Changes
from accelkit.study.analysis.tidy import Row, finite
from accelkit.study.report.chart import Chart
from accelkit.study.report.labels import labels
from accelkit.study.report.phrases import SIGNS, percent
from accelkit.study.report.scales import interval_row

MOST_DRAWN: Final = 21
"""Lines of a panel; of more changes those that are the farthest from 1 are drawn."""

MOST_LABEL: Final = 60
"""Characters of the name of a store in a title."""


def chart_of_changes(comparison: Changes) -> Chart:
    """The chart. Raises StudyError if Altair is not installed."""
    names = labels(change.configuration for change in comparison.changes)
    guests = labels(change.guest for change in comparison.changes)
    panels: dict[str, list[tuple[float, Row]]] = {}
    for change in comparison.counted:
        ratio = comparison.judged(change)
        words = f"{SIGNS['failed']} fails now" if change.fails else f"{SIGNS[ratio.verdict]} {ratio.verdict}"
        name = names[change.configuration]
        if any(other.old_build != change.old_build for other in comparison.changes):
            name = f"{name}, {shortened(change.new_build)}"
        values: Row = {key: finite(getattr(ratio, key)) for key in ("ratio", "low", "high")}
        row = interval_row(
            name, "failed" if change.fails else ratio.verdict, words, {} if change.fails else values
        )
        size = 0.0 if change.fails else ratio.ratio
        panels.setdefault(guests[change.guest], []).append((size, row))
    fewer = any(len(rows) > MOST_DRAWN for rows in panels.values())
    drawn = {guest: _farthest(rows) for guest, rows in panels.items()}
    old, new = (shortened(store.label, MOST_LABEL) for store in (comparison.old, comparison.new))
    what = "time beside the control" if comparison.relative else "time"
    subtitle = [
        f"{percent(comparison.confidence)} intervals; ▼ left of 1 is faster; grey: within {percent(comparison.delta)}"
    ]
    subtitle += [f"Drawn: the {MOST_DRAWN} farthest from 1"] if fewer else []
    return _altair().intervals(
        drawn,
        delta=comparison.delta,
        title=f"{new} beside {old}",
        subtitle=subtitle,
        measure=f"{what}, new to old",
    )


def _farthest(rows: list[tuple[float, Row]]) -> list[Row]:
    far = sorted(rows, key=lambda row: -max(row[0], 1 / row[0]) if row[0] > 0 else float("-inf"))[:MOST_DRAWN]
    kept = {id(row) for _, row in far}
    return [row for _, row in rows if id(row) in kept]


def _altair() -> ModuleType:
    try:
        from accelkit.study.report import interval_plot  # loads Altair
    except ModuleNotFoundError as error:
        raise StudyError(
            f"charts need {error.name}, which is missing; install it: pip install 'accelkit[study]'"
        ) from None
    return interval_plot
