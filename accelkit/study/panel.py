"""Records as a table of numbers: a row a cell, a column a block."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.study.trial import Record


class Cell(NamedTuple):
    """What is run once a block: one configuration, with one guest, on one QEMU build."""

    build: str
    guest: str
    configuration: str


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What came of all trials; cells are sorted by name, blocks by number.

    ``logs`` (cells, blocks) has natural logarithms of the figures, NaN where there is none; ``tried``
    (cells, blocks) says where a trial was made; ``causes`` counts the failures of each cell.
    """

    cells: tuple[Cell, ...]
    blocks: tuple[int, ...]
    logs: NDArray[np.float64]
    tried: NDArray[np.bool_]
    causes: tuple[Mapping[str, int], ...]

    def row(self, cell: Cell) -> int | None:
        """Where ``cell`` stands, None if nothing is known of it."""
        try:
            return self.cells.index(cell)
        except ValueError:
            return None

    def fastest(self) -> NDArray[np.float64]:
        """(cells,) logarithm of each cell's smallest figure; infinite where there is none."""
        return np.where(np.isnan(self.logs), np.inf, self.logs).min(axis=1, initial=np.inf)

    def near_fastest(self, within: float) -> NDArray[np.int64]:
        """(cells,) how many runs came within the factor 1 + ``within`` of the fastest, itself one."""
        limit = self.fastest()[:, None] + math.log1p(within)
        return (self.logs <= limit).sum(axis=1)


def panel(records: Sequence[Record]) -> Panel:
    """The table of ``records``, in whatever order they are; of two records of one trial the later counts.

    A figure that is no number above 0 has no logarithm: it counts as a failure, ``no-figure``.

    >>> from accelkit.study.trial import Trial
    >>> trials = [Trial("7.2", "cpu", name, block, 0) for block in (0, 1) for name in ("tcg", "kvm")]
    >>> records = [Record(trial, "ok", figure=1.0) for trial in trials[:3]]
    >>> table = panel([*records, Record(trials[3], "timeout")])
    >>> [cell.configuration for cell in table.cells], table.logs.tolist()
    (['kvm', 'tcg'], [[0.0, nan], [0.0, 0.0]])
    >>> table.causes[0]
    Counter({'timeout': 1})
    """
    last = {(r.trial.build, r.trial.guest, r.trial.configuration, r.trial.block): r for r in records}
    cells = sorted({Cell(*key[:3]) for key in last})
    blocks = sorted({key[3] for key in last})
    rows = {cell: i for i, cell in enumerate(cells)}
    columns = {block: i for i, block in enumerate(blocks)}
    figures = np.full((len(cells), len(blocks)), np.nan)
    tried = np.zeros(figures.shape, dtype=np.bool_)
    causes: list[Counter[str]] = [Counter() for _ in cells]
    for key, record in last.items():
        row, column = rows[Cell(*key[:3])], columns[key[3]]
        tried[row, column] = True
        figure = record.figure
        if not record.ok:
            causes[row][record.cause if record.cause != "ok" else "no-figure"] += 1
        elif figure is None or not 0 < figure < math.inf:
            causes[row]["no-figure"] += 1
        else:
            figures[row, column] = figure
    return Panel(tuple(cells), tuple(blocks), np.log(figures), tried, tuple(causes))
