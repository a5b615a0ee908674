"""Colours, shapes, axis ranges and ticks of charts, and rows prepared for drawing. Pure."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from typing import Any, Final, TypeVar

from accelkit.study.analysis.tidy import Row
from accelkit.study.report.phrases import interval, ratio

T = TypeVar("T")

#: Readable on white and on near-black: with a contrast of at least 3 to 1.
COLOURS: Final = {
    "faster": "#2b83ba", "slower": "#d95f02", "no difference": "#808080", "undecided": "#9467bd",
    "baseline": "#808080", "failed": "#d0505a",
}  # fmt: skip
SHAPES: Final = {
    "faster": "triangle-left", "slower": "triangle-right", "no difference": "circle", "undecided": "diamond",
    "baseline": "square", "failed": "cross",
}  # fmt: skip
SERIES: Final = ("#2b83ba", "#d95f02", "#4d9a3c", "#9467bd", "#b8860b", "#d0509c", "#808080", "#1b9e9e")
SYMBOLS: Final = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "triangle-down",
    "cross",
    "triangle-right",
    "triangle-left",
)
DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4], [1, 3], [6, 2, 1, 2])


def ticks(low: float, high: float) -> list[float]:
    """Up to about seven round ratios from ``low`` to ``high``; 1 is one of them if it lies between.

    >>> ticks(0.55, 1.8), ticks(0.97, 1.04), ticks(0.9, 95)
    ([0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8], [0.98, 1.0, 1.02, 1.04], [1.0, 2.0, 5.0, 10.0, 20.0, 50.0])
    """
    if high / low > 6:
        exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for mantissas in ((1, 2, 5), (1,)):
            rounds = [m * 10.0**e for e in exponents for m in mantissas if low <= m * 10.0**e <= high]
            if len(rounds) <= 8:
                break
        return [float(f"{tick:.6g}") for tick in rounds]
    rough = (high - low) / 7
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first, last = math.ceil((low - 1) / step - 1e-9), math.floor((high - 1) / step + 1e-9)
    return [round(1 + k * step, 9) for k in range(first, last + 1)]


def span(values: Iterable[float | None], delta: float) -> tuple[float, float]:
    """The ends of an axis that includes ``values``, 1, and the band of no difference around 1."""
    known = [v for v in values if v is not None and v > 0]
    low, high = min([*known, (1 + delta) ** -1.5]), max([*known, (1 + delta) ** 1.5])
    margin = (high / low) ** 0.05
    return low / margin, high * margin


def interval_row(name: str, verdict: str, words: str, row: Row) -> Row:
    """A row for :func:`accelkit.study.report.interval_plot.intervals`, with the ``words`` for its verdict beside it.

    An interval with an unknown end is not drawn.
    """
    middle, low, high = (number(row.get(key)) for key in ("ratio", "low", "high"))
    if low is not None and (low <= 0 or high is None):
        low = high = None
    label = " ".join(filter(None, (
        ratio(middle) if middle is not None else "",
        interval(low, high) if low is not None and high is not None else "", words,
    )))  # fmt: skip
    return {"name": name, "verdict": verdict, "says": label, "ratio": middle, "low": low, "high": high}


def thinned(rows: Sequence[Row], most: int) -> list[Row]:
    """About ``most`` of ``rows`` at most: every n-th block, and all failures.

    >>> len(thinned([{"block": k // 2, "value": 1.0} for k in range(100)], 50))
    50
    """
    every = max(1, math.ceil(len(rows) / max(1, most)))
    return [row for row in rows if row["value"] is None or int(number(row["block"]) or 0) % every == 0]


def evenly(items: Sequence[T], most: int, keep: Container[T] = ()) -> tuple[T, ...]:
    """``most`` of ``items``, evenly from the first to the last, and those to ``keep``; all where they are no more.

    >>> evenly(range(100), 4, keep=[50])
    (0, 33, 50, 66, 99)
    """
    if len(items) <= most:
        return tuple(items)
    places = {step * (len(items) - 1) // (most - 1) for step in range(most)}
    return tuple(item for place, item in enumerate(items) if place in places or item in keep)


def dodged(rows: Sequence[Row], lines: Sequence[str]) -> list[Row]:
    """The rows with each line moved a little sideways, so that lines with equal values do not hide each other."""
    step = min(0.08, 0.5 / len(lines))
    return [row | {"place": (number(row["place"]) or 0) + step * (lines.index(str(row["line"])) - (len(lines) - 1) / 2)}
            for row in rows]  # fmt: skip


def number(value: Any) -> float | None:
    """``value`` as a float if it is a number, otherwise None."""
    return float(value) if isinstance(value, (int, float)) else None
