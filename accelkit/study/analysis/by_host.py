"""A study's comparisons host by host: what each host says by itself, and where hosts contradict each other. Pure.

The ratio of a pair is taken within a host, so hosts of different speed do no harm. But an effect itself may differ from
host to host: another CPU, another kernel. Then the ratio over all hosts is that of a mixture, which holds for none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accelkit.study.analysis.intervals import intervals
from accelkit.study.analysis.panel import Panel
from accelkit.study.model import Cell
from accelkit.study.standards import Standards


@dataclass(frozen=True, slots=True)
class HostComparison:
    """A configuration against the baseline on one host: the median ratio of its ``pairs`` there, and its interval.

    ``low`` and ``high`` are 0 and infinity if there are too few pairs, ``ratio`` is NaN without any.
    """

    host: str
    cell: Cell
    pairs: int
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two hosts of whose comparisons of one cell the intervals do not meet."""

    one: HostComparison
    other: HostComparison


def compare_by_host(table: Panel, baseline: str, standards: Standards) -> tuple[HostComparison, ...]:
    """Each cell against the ``baseline`` on each host, cell by cell; empty where one host measured all.

    All intervals hold at once with the confidence of ``standards``.

    >>> from accelkit.study.analysis.panel import panel
    >>> from accelkit.study.model import Record, Trial
    >>> times = {("tcg", "a"): 1.0, ("tcg", "b"): 3.0, ("fast", "a"): 0.5, ("fast", "b"): 1.5}
    >>> records = [
    ...     Record(Trial("7.2", "cpu", name, 2 * block + (host == "b"), 0), "ok", value=time, host=host)
    ...     for (name, host), time in times.items()
    ...     for block in range(12)
    ... ]
    >>> [
    ...     (row.host, row.pairs, round(row.ratio, 3))
    ...     for row in compare_by_host(panel(records), "tcg", Standards())
    ... ]
    [('a', 12, 0.5), ('b', 12, 0.5)]
    """
    rows = {cell: row for row, cell in enumerate(table.cells)}
    pairs = [
        (cell, rows[cell], rows[base])
        for cell in table.cells
        if cell.configuration != baseline and (base := cell._replace(configuration=baseline)) in rows
    ]
    if not table.hosts or not pairs:
        return ()
    groups = table.columns()
    alpha = (1 - standards.confidence) / (len(pairs) * len(groups))
    _, mine, theirs = zip(*pairs, strict=True)
    logs = table.logs[list(mine)] - table.logs[list(theirs)]
    found: list[list[HostComparison]] = [[] for _ in pairs]
    for columns in groups:
        part = logs[:, columns]
        middle, low, high = np.exp(intervals(part, alpha, standards.anytime))
        counts = np.isfinite(part).sum(axis=1).tolist()
        for place, (cell, _, _) in enumerate(pairs):
            ends = float(low[place]), float(high[place])
            host = table.hosts[int(columns[0])]
            found[place].append(HostComparison(host, cell, counts[place], float(middle[place]), *ends))
    return tuple(row for of_cell in found for row in of_cell)


def contradictions(rows: Sequence[HostComparison]) -> tuple[Contradiction, ...]:
    """Of each cell the two hosts whose intervals lie farthest apart, if they do not meet; the largest gap first."""
    by_cell: dict[Cell, list[HostComparison]] = {}
    for row in rows:
        if row.pairs:
            by_cell.setdefault(row.cell, []).append(row)
    found: list[tuple[float, Contradiction]] = []
    for of_cell in by_cell.values():
        one, other = min(of_cell, key=lambda row: row.high), max(of_cell, key=lambda row: row.low)
        if one.high < other.low:
            found.append((math.log(other.low / one.high), Contradiction(one, other)))
    return tuple(pair for _, pair in sorted(found, key=lambda item: -item[0]))
