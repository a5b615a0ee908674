"""Records as a table of numbers: a row for each cell (build, guest, configuration), a column for each block. Pure.

A block that two hosts measured, as the first was lost, is two columns: ratios are taken within a host. Columns stand
host by host, so that neighbours followed each other.
"""

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
    """The values of all trials of a study; cells are sorted by name, blocks by host and number.

    ``hosts`` has the host of each block, as records name it; it is empty where all are of one host.
    ``logs`` (cells, blocks) holds the natural logarithm of each value, NaN where there is none; ``cpu`` (cells, blocks)
    the seconds of CPU time that QEMU used for it, NaN where unknown; ``tried`` (cells, blocks) tells where a trial was
    run; ``causes`` (cells,) counts the failures of each cell by cause.
    """

    cells: tuple[Cell, ...]
    blocks: tuple[int, ...]
    logs: NDArray[np.float64]
    cpu: NDArray[np.float64]
    tried: NDArray[np.bool_]
    causes: tuple[Mapping[str, int], ...]
    hosts: tuple[str, ...] = ()

    def fastest(self) -> NDArray[np.float64]:
        """(cells,) The logarithm of the smallest value of each cell; infinite for a cell without values."""
        return np.where(np.isnan(self.logs), np.inf, self.logs).min(axis=1, initial=np.inf)

    def behind_fastest(self) -> NDArray[np.float64]:
        """(cells, blocks) By how much, in logarithms, each run was slower than the fastest of its cell.

        Infinite where a run gave no value. Drift is removed first, as a straight line: without that, only the
        runs of the best hour would be near the fastest, although nothing disturbed the others.
        """
        logs = self.without_drift()
        known = np.where(np.isnan(logs), np.inf, logs)
        fastest = known.min(axis=1, initial=np.inf)
        return known - np.where(np.isfinite(fastest), fastest, 0.0)[:, None]

    def without_drift(self) -> NDArray[np.float64]:
        """(cells, blocks) ``logs`` less the straight line of :meth:`drift` of each host, as if all were equally fast."""
        logs = self.logs.copy()
        levels = self.levels()
        for columns in self.columns():
            line = self._drift(levels[columns]) / max(1, len(columns) - 1) * np.arange(len(columns))
            logs[:, columns] -= line + self._level(levels, columns)
        return logs

    def of_one_level(self) -> NDArray[np.float64]:
        """(cells, blocks) ``logs`` as if all hosts were equally fast; the same where there is one."""
        logs, levels = self.logs.copy(), self.levels()
        for columns in self.columns():
            logs[:, columns] -= self._level(levels, columns)
        return logs

    def _level(self, levels: NDArray[np.float64], columns: NDArray[np.intp]) -> float:
        known = levels[columns][np.isfinite(levels[columns])]
        return float(np.median(known)) if self.hosts and len(known) else 0.0

    def columns(self) -> list[NDArray[np.intp]]:
        """The columns of each host, in the order of its blocks."""
        if not self.hosts:
            return [np.arange(len(self.blocks))]
        ends = [place for place in range(1, len(self.hosts)) if self.hosts[place] != self.hosts[place - 1]]
        return np.split(np.arange(len(self.hosts)), ends)

    def levels(self) -> NDArray[np.float64]:
        """(blocks,) By how much, in logarithms, each block was slower than usual: the median over the cells."""
        known = self.logs[np.isfinite(self.logs).any(axis=1)]
        levels = np.full(len(self.blocks), np.nan)
        filled = np.isfinite(known).any(axis=0)
        if filled.any():
            usual = np.nanmedian(known, axis=1, keepdims=True)
            levels[filled] = np.nanmedian((known - usual)[:, filled], axis=0)
        return levels

    def drift(self) -> float:
        """By how much, in logarithms, everything became slower from the first block to the last; 0 if not clearly.

        Of several hosts it is that of the one that changed most.

        It is clear if Kendall's rank correlation with time exceeds three standard deviations, which chance alone
        does in one of 370 studies (Mann, Econometrica 13, 1945, p. 245), and if the line through the blocks rises or
        falls by at least 2%. The slope of the line is the median of the slopes between all pairs of blocks (Sen,
        JASA 63, 1968, p. 1379). 0 for fewer than 8 blocks.
        """
        levels = self.levels()
        return max((self._drift(levels[columns]) for columns in self.columns()), key=abs, default=0.0)

    def _drift(self, levels: NDArray[np.float64]) -> float:
        places = np.flatnonzero(np.isfinite(levels))
        n = len(places)
        if n < 8:
            return 0.0
        early, late = np.triu_indices(n, 1)
        rises = levels[places[late]] - levels[places[early]]
        score = abs(float(np.sign(rises).sum())) / math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
        change = float(np.median(rises / (places[late] - places[early]))) * (len(levels) - 1)
        return change if score > 3 and abs(change) >= math.log1p(0.02) else 0.0


def panel(records: Sequence[Record]) -> Panel:
    """The table of ``records``, which may be in any order; of two records of one trial the later one counts.

    A column is a block on a host, so that both sides of a pair were measured there.

    A value that is not a finite number above 0 has no logarithm and counts as a failure with the cause ``no-value``.

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
    parts = sorted({(record.host, key[3]) for key, record in last.items()})
    rows = {cell: i for i, cell in enumerate(cells)}
    columns = {part: i for i, part in enumerate(parts)}
    blocks = tuple(block for _, block in parts)
    hosts = tuple(host for host, _ in parts)
    values = np.full((len(cells), len(blocks)), np.nan)
    cpu = values.copy()
    tried = np.zeros(values.shape, dtype=np.bool_)
    causes: list[Counter[str]] = [Counter() for _ in cells]
    for key, record in last.items():
        row, column = rows[Cell(*key[:3])], columns[record.host, key[3]]
        tried[row, column] = True
        if record.ok:
            values[row, column] = record.value
            cpu[row, column] = (record.user + record.system) / max(1, len(record.slices)) or np.nan
        else:
            causes[row][record.failure] += 1
    several = hosts if len(set(hosts)) > 1 else ()
    return Panel(tuple(cells), blocks, np.log(values), cpu, tried, tuple(causes), several)


def over_guests(table: Panel, build: str, weights: Mapping[str, float], name: str) -> Panel:
    """The configurations on ``build`` with all guests of ``weights`` at once: cells of a guest called ``name``.

    A block's value is the geometric mean of those with the guests, each counted ``weights`` times. A block in which one
    of them gave no value has none; it counts as a failure where all of them were tried.
    """
    rows = {cell: row for row, cell in enumerate(table.cells)}
    names = tuple(
        dict.fromkeys(
            cell.configuration for cell in table.cells if cell.build == build and cell.guest in weights
        )
    )
    # (configurations, guests); -1, the last row, is of a cell that was never tried
    places = [[rows.get(Cell(build, guest, point), -1) for guest in weights] for point in names]
    cells = np.reshape(np.array(places, dtype=np.intp), (len(names), len(weights)))
    shares = np.array([*weights.values()]) / sum(weights.values())
    never = np.full((1, len(table.blocks)), np.nan)
    logs = np.tensordot(shares, np.vstack([table.logs, never])[cells], (0, 1))
    cpu = np.exp(np.tensordot(shares, np.log(np.vstack([table.cpu, never]))[cells], (0, 1)))
    everywhere = np.vstack([table.tried, np.zeros_like(never, dtype=np.bool_)])[cells]
    tried: NDArray[np.bool_] = np.logical_and.reduce(everywhere, axis=1)
    failed: list[int] = (tried & np.isnan(logs)).sum(axis=1).tolist()
    causes: list[Counter[str]] = []
    for places_of, count in zip(places, failed, strict=True):
        kinds = {cause for place in places_of if place >= 0 for cause in table.causes[place]}
        causes.append(Counter({", ".join(sorted(kinds)): count} if count else {}))
    return Panel(
        tuple(Cell(build, name, point) for point in names), table.blocks, logs, cpu, tried, tuple(causes),
        table.hosts,
    )  # fmt: skip
