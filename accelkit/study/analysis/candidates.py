"""The candidates for the best configuration: which are none and why, and what is known of the others. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.intervals import intervals
from accelkit.study.analysis.panel import Panel
from accelkit.study.analysis.verdict import MOST_FAILED, Side
from accelkit.study.model import Cell, Configuration
from accelkit.study.plan import Plan
from accelkit.study.standards import Standards


class Field(NamedTuple):
    """The candidates for the best one and what is known of them, row by row.

    ``logs`` (candidates, blocks) are the logarithms of their values, ``cells`` name them in ``table``; ``base`` is the
    row of the baseline, None if that is no candidate. Those ``given_up`` were dropped with one of several guests. Each
    interval is one of a ``family``.
    """

    points: tuple[Configuration, ...]
    cells: tuple[Cell, ...]
    table: Panel
    logs: NDArray[np.float64]
    tried: NDArray[np.bool_]
    changes: tuple[int, ...]
    base: int | None
    given_up: frozenset[int]
    standards: Standards
    family: int

    @property
    def alpha(self) -> float:
        """The probability that an interval misses the truth."""
        return (1 - self.standards.confidence) / self.family

    @property
    def room(self) -> float:
        """By how much, in logarithms, the best one may be slower than another."""
        return math.log1p(self.standards.delta)


def excluded_from(
    plan: Plan, table: Panel, where: Cell, dropped: Mapping[Cell, int], delta: float
) -> dict[str, str]:
    """The configurations that are no candidates on the build and with the guest of ``where``, each with the reason.

    Those that fail in more than a fifth of their blocks; and those that racing ``dropped`` there, as long as they are
    typically slower than another by more than ``delta``.
    """
    return dict(_excluded(plan, table, where, dropped, delta))


def _excluded(
    plan: Plan, table: Panel, where: Cell, dropped: Mapping[Cell, int], delta: float
) -> Iterator[tuple[str, str]]:
    failing: dict[Cell, str] = {}
    for cell, logs, causes in zip(table.cells, table.logs, table.causes, strict=True):
        side = Side(cell.configuration, int(np.isfinite(logs).sum()), 0, causes)
        if side.failed > MOST_FAILED * (side.failed + side.runs):
            failing[cell] = side.failures
    for point in plan.configurations:
        cell = where._replace(configuration=point.name)
        if cell in failing:
            yield point.name, failing[cell]
        elif cell in dropped and _behind(table, cell, failing) > math.log1p(delta):
            yield (
                point.name,
                f"measured rarely since block {dropped[cell] + 1}, as it is clearly slower than another",
            )


def _behind(table: Panel, cell: Cell, failing: Container[Cell]) -> float:
    """By how much, in logarithms, a cell is typically slower than the fastest of its build and guest that runs."""
    if cell not in table.cells:
        return 0.0
    rows = [row for row, other in enumerate(table.cells) if other[:2] == cell[:2] and other not in failing]
    behind = intervals(table.logs[table.cells.index(cell)] - table.logs[rows], 0.5)[0]
    return float(np.nanmax(behind, initial=0.0))


def field_of(
    points: tuple[Configuration, ...],
    base: Configuration,
    table: Panel,
    where: tuple[str, str],
    given_up: Collection[str],
    standards: Standards,
    family: int,
) -> Field:
    """The field of the candidates ``points`` in ``table``, on the build and with the guest of ``where``."""
    rows = {cell: row for row, cell in enumerate(table.cells)}
    cells = tuple(Cell(*where, point.name) for point in points)
    places = [rows.get(cell, -1) for cell in cells]  # -1, the last row, is of a cell that was never tried
    never = np.full((1, len(table.blocks)), np.nan)
    changes = [
        len({key for key, _ in base.settings.items() ^ point.settings.items()}) if point is not base else -1
        for point in points
    ]
    return Field(
        points, cells, table, np.vstack([table.logs, never])[places],
        np.vstack([table.tried, np.zeros_like(never, dtype=np.bool_)])[places], tuple(changes),
        next((row for row, point in enumerate(points) if point is base), None),
        frozenset(row for row, point in enumerate(points) if point.name in given_up), standards, family,
    )  # fmt: skip
