"""The chart of effects: a panel for each property with a line for each value, and one for properties together."""

from __future__ import annotations

from typing import Final

from accelkit.study.analysis.effects import Effects, GuestEffects, MainEffect
from accelkit.study.analysis.tidy import Row, finite
from accelkit.study.report.chart import Chart
from accelkit.study.report.charts import modules
from accelkit.study.report.phrases import SIGNS, percent
from accelkit.study.report.scales import evenly, interval_row
from accelkit.study.swept import ABSENT

MOST_VALUES: Final = 12
"""Values of one property in the chart; of more they are taken evenly."""

MOST_PAIRS: Final = 6
"""Interactions in the chart, the largest first."""

MOST_PROPERTIES: Final = 8
"""Properties of one guest in the chart, those that change most first."""


def effect_chart(effects: Effects) -> Chart:
    """The chart of ``effects``. Raises StudyError if Altair is not installed."""
    panels: dict[str, list[Row]] = {}
    for group in effects.guests:
        where = f"{group.guest}: " if len(effects.guests) > 1 else ""
        if len({other.build for other in effects.guests}) > 1:
            where = f"{group.guest} on {group.build}: "
        for main in group.mains[:MOST_PROPERTIES]:
            panels[f"{where}{main.name}, beside {_value(main.reference)}"] = _levels(main, effects.delta)
        if group.interactions:
            panels[f"{where}two together, beside what each does apart"] = _pairs(group, effects.delta)
    return modules()[0].intervals(
        panels, delta=effects.delta, title="What each property does",
        subtitle=[
            f"{percent(effects.confidence)} intervals, all at once; grey band: no difference of more than {percent(effects.delta)}",
            "Averages over the other properties; ▼ left of 1 is faster",
        ],
        measure=f"{effects.measure}, ratio", one_scale=True,
    )  # fmt: skip


def _levels(main: MainEffect, delta: float) -> list[Row]:
    rows = [
        interval_row(_value(main.reference), "baseline", f"{SIGNS['baseline']} beside it", {"ratio": 1.0})
    ]
    for level in evenly(main.levels, MOST_VALUES):
        verdict = _verdict(level.low, level.high, delta)
        row: Row = {"ratio": finite(level.ratio), "low": level.low, "high": finite(level.high)}
        rows.append(interval_row(_value(level.value), verdict, f"{SIGNS[verdict]} {verdict}", row))
    return rows


def _pairs(group: GuestEffects, delta: float) -> list[Row]:
    rows: list[Row] = []
    for pair in group.interactions[:MOST_PAIRS]:
        verdict = _verdict(pair.low, pair.high, delta) if pair.verdict == "matters" else (
            "undecided" if pair.verdict == "unknown" else "no difference")  # fmt: skip
        row: Row = {"ratio": finite(pair.ratio), "low": pair.low, "high": finite(pair.high)}
        words = {"matters": f"{verdict} together", "unknown": "unknown", "no difference": "apart"}[
            pair.verdict
        ]
        name = f"{pair.name}={_value(pair.value)} with {pair.other}={_value(pair.given)}"
        rows.append(interval_row(name, verdict, f"{SIGNS[verdict]} {words}", row))
    return rows


def _verdict(low: float, high: float, delta: float) -> str:
    if 1 / (1 + delta) <= low and high <= 1 + delta:
        return "no difference"
    return "faster" if high < 1 else "slower" if low > 1 else "undecided"


def _value(value: str) -> str:
    return "unset" if value == ABSENT else value
