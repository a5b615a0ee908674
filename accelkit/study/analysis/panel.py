"""Records as a table of numbers: a row for each cell, a column for each block."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accelkit.study.model import Cell, Record


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

    def fastest(self) -> NDArray[np.float64]:
        """(cells,) logarithm of each cell's smallest figure; infinite where there is none."""
        return np.where(np.isnan(self.logs), np.inf, self.logs).min(axis=1, initial=np.inf)

    def behind_fastest(self) -> NDArray[np.float64]:
        """(cells, blocks) how much slower than its cell's fastest each run was, in logarithms; infinite without one.

        Where there is drift it is taken out first, as a straight line: it would leave the fastest run of
        the best hour alone, though nothing disturbed the others.
        """
        slope = self.drift() / max(1, len(self.blocks) - 1)
        logs = self.logs - slope * np.arange(len(self.blocks))
        known = np.where(np.isnan(logs), np.inf, logs)
        fastest = known.min(axis=1, initial=np.inf)
        return known - np.where(np.isfinite(fastest), fastest, 0.0)[:, None]

    def levels(self) -> NDArray[np.float64]:
        """(blocks,) how much slower than usual each block was, in logarithms: the median over cells."""
        known = self.logs[np.isfinite(self.logs).any(axis=1)]
        levels = np.full(len(self.blocks), np.nan)
        some = np.isfinite(known).any(axis=0)
        if some.any():
            usual = np.nanmedian(known, axis=1, keepdims=True)
            levels[some] = np.nanmedian((known - usual)[:, some], axis=0)
        return levels

    def drift(self) -> float:
        """By how much, in logarithms, all became slower from the first block to the last; 0 if not clearly.

        Clearly: Kendall's rank correlation with time is over three standard deviations, by chance once in 370
        studies (Mann, Econometrica 13, 1945, p. 245), and the line through the blocks, its slope the median
        of those between all pairs (Sen, JASA 63, 1968, p. 1379), rises or falls by 2% or more.
        """
        levels = self.levels()
        at = np.flatnonzero(np.isfinite(levels))
        n = len(at)
        if n < 8:
            return 0.0
        early, late = np.triu_indices(n, 1)
        rises = levels[at[late]] - levels[at[early]]
        score = abs(float(np.sign(rises).sum())) / math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
        change = float(np.median(rises / (at[late] - at[early]))) * (len(self.blocks) - 1)
        return change if score > 3 and abs(change) >= math.log1p(0.02) else 0.0


def panel(records: Sequence[Record]) -> Panel:
    """The table of ``records``, in whatever order they are; of two records of one trial the later counts.

    A figure that is no number above 0 has no logarithm: it counts as a failure, ``no-value``.

    >>> from accelkit.study.model import Trial
    >>> trials = [Trial("7.2", "cpu", name, block, 0) for block in (0, 1) for name in ("tcg", "kvm")]
    >>> records = [Record(trial, "ok", value=1.0) for trial in trials[:3]]
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
        if record.ok:
            figures[row, column] = record.value
        else:
            causes[row][record.failure] += 1
    return Panel(tuple(cells), tuple(blocks), np.log(figures), tried, tuple(causes))
