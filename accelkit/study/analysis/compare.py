"""Configurations, or builds, against a baseline: ratio, interval and verdict. Pure.

The design, the formulas and their sources are in :mod:`accelkit.study.analysis`: ratios within blocks, exact intervals
by order statistics, one error for the whole table, and a verdict only where both sides are settled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.panel import Panel, panel
from accelkit.study.analysis.ranks import rank
from accelkit.study.analysis.verdict import Evidence, Side, VerdictWord, decide, judge, tolerance
from accelkit.study.model import Cell, Record
from accelkit.study.standards import Standards


@dataclass(frozen=True, slots=True)
class Comparison:
    """One configuration against the baseline, on one build with one guest; a ratio below 1 is faster.

    ``pairs`` counts the blocks in which both gave a value, ``unpaired`` those in which only one did, ``failed`` the
    failures of the configuration itself. ``ratio`` is the median over the pairs (NaN without pairs), ``low`` and
    ``high`` are the ends of its interval (0 and infinity if there are too few pairs), ``fastest`` is the ratio of the
    fastest runs in these blocks. ``why`` gives the reason for ``undecided``. ``blocks_to_decide`` estimates how many
    blocks in total would give a verdict; it is None if there is a verdict, and if no number up to 1000 would give one.

    >>> from accelkit.study import Record, Trial, compare
    >>> times = {"tcg": 2.0, "tcg,thread=single": 1.0}
    >>> records = [
    ...     Record(Trial("7.2", "smp", name, block, 0), "ok", value=time + block / 1000)
    ...     for block in range(20)
    ...     for name, time in times.items()
    ... ]
    >>> row = compare(records, "tcg")[0]
    >>> row.verdict, row.pairs, round(row.ratio, 2)
    ('faster', 20, 0.5)
    """

    build: str
    guest: str
    configuration: str
    baseline: str  # the other configuration, or the other build
    pairs: int
    unpaired: int
    failed: int
    ratio: float
    low: float
    high: float
    fastest: float
    verdict: VerdictWord
    why: str
    settled: bool
    blocks_to_decide: int | None

    @property
    def cell(self) -> Cell:
        """Build, guest and configuration, as in the plan."""
        return Cell(self.build, self.guest, self.configuration)


def compare(
    records: Sequence[Record],
    baseline: str,
    *,
    delta: float = 0.01,
    confidence: float = 0.95,
    anytime: bool = False,
) -> tuple[Comparison, ...]:
    """Each configuration against the configuration ``baseline``, on each build with each guest, sorted by these names.

    The probability that all intervals contain the truth, and that no verdict is wrong, is at least ``confidence``.
    Verdicts are ``faster``, ``slower``, ``no difference`` (of more than the share ``delta``) and ``undecided``. Set
    ``anytime`` if the number of blocks was not fixed in advance. Raises DomainError for a ``delta`` or ``confidence``
    outside its range.

    >>> from accelkit.study.model import Trial
    >>> times = {"tcg": 100.0, "slow": 130.0}
    >>> records = [
    ...     Record(Trial("7.2", "cpu", name, block, 0), "ok", value=time + block % 4 / 4)
    ...     for name, time in times.items()
    ...     for block in range(20)
    ... ]
    >>> (row,) = compare(records, "tcg")
    >>> row.configuration, row.verdict, row.pairs, round(row.ratio, 2)
    ('slow', 'slower', 20, 1.3)
    """
    table = panel(records)
    others = {c: c._replace(configuration=baseline) for c in table.cells if c.configuration != baseline}
    return _compare(table, others, "configuration", delta, confidence, anytime)


def compare_builds(
    records: Sequence[Record],
    baseline: str,
    *,
    delta: float = 0.01,
    confidence: float = 0.95,
    anytime: bool = False,
) -> tuple[Comparison, ...]:
    """Each build against the build ``baseline``, with each guest and configuration; otherwise as :func:`compare`.

    >>> from accelkit.study.model import Trial
    >>> records = [
    ...     Record(Trial(build, "mmio", "tcg", block, 0), "ok", value=time)
    ...     for build, time in {"7.2": 1.0, "11.1": 3.3}.items()
    ...     for block in range(8)
    ... ]
    >>> [(row.build, row.baseline, row.verdict) for row in compare_builds(records, "7.2")]
    [('11.1', '7.2', 'slower')]
    """
    table = panel(records)
    others = {cell: cell._replace(build=baseline) for cell in table.cells if cell.build != baseline}
    return _compare(table, others, "build", delta, confidence, anytime)


def intervals(
    logs: NDArray[np.float64], alpha: float, anytime: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Median, low end and high end of each row of ``logs`` (rows, blocks), NaN for a missing block; each (rows,).

    The interval of a row misses the true median with probability at most ``alpha``; it is -inf … inf if the row has
    too few numbers for that.

    >>> middle, low, high = intervals(
    ...     np.array([[1.0, 2, 3, 4, 5, 6, 7], [1, 2, np.nan, 3, 4, np.nan, 5]]), 0.05
    ... )
    >>> middle.tolist(), low.tolist(), high.tolist()
    ([4.0, 3.0], [1.0, -inf], [7.0, inf])
    """
    ordered = np.sort(logs, axis=1)  # NaN goes last
    counts = np.isfinite(logs).sum(axis=1)
    ranks = np.array([rank(n, alpha, anytime) for n in counts.tolist()], dtype=np.intp)
    rows = np.arange(len(logs))
    some, wide = counts > 0, ranks > 0
    below, above = np.maximum(counts - 1, 0) // 2, counts // 2
    middle = np.full(len(logs), np.nan)
    middle[some] = (ordered[rows, below] + ordered[rows, np.minimum(above, ordered.shape[1] - 1)])[some] / 2
    low = np.where(wide, ordered[rows, np.maximum(ranks - 1, 0)], -np.inf)
    high = np.where(wide, ordered[rows, np.maximum(counts - ranks, 0) * wide], np.inf)
    return middle, low, high


def _compare(
    table: Panel,
    others: Mapping[Cell, Cell],
    factor: Literal["configuration", "build"],
    delta: float,
    confidence: float,
    anytime: bool,
) -> tuple[Comparison, ...]:
    Standards(delta, confidence, anytime)  # raises for arguments outside their range
    if not others:
        return ()
    alpha = (1 - confidence) / len(others)
    rows = {cell: row for row, cell in enumerate(table.cells)}
    one = [rows[cell] for cell in others]
    other = [
        rows.get(cell, -1) for cell in others.values()
    ]  # -1, the last row, is for a cell that was never tried
    values = np.vstack([table.logs, np.full(len(table.blocks), np.nan)])
    tried = np.vstack([table.tried, np.zeros(len(table.blocks), dtype=np.bool_)])
    runs = np.isfinite(values)
    behind = table.behind_fastest()
    logs = values[one] - values[other]
    middle, low, high = np.exp(intervals(logs, alpha, anytime))
    both = np.isfinite(logs)
    fastest = [np.where(both, values[side], np.inf).min(axis=1) for side in (one, other)]
    single = (runs[one] ^ runs[other]).sum(axis=1)
    blocks = (tried[one] | tried[other]).sum(axis=1)

    def side(cell: Cell, within: float) -> Side:
        row, name = rows.get(cell), getattr(cell, factor)
        if row is None:
            return Side(name)
        near = int((behind[row] <= math.log1p(within)).sum())
        return Side(name, int(runs[row].sum()), near, table.causes[row])

    def row(i: int, cell: Cell, against: Cell) -> Comparison:
        ends = float(low[i]), float(high[i])
        best = math.exp(fastest[0][i] - fastest[1][i]) if both[i].any() else math.nan
        within = tolerance(decide(*ends, delta), *ends, best)
        evidence = Evidence(
            one=side(cell, within),
            other=side(against, within),
            logs=logs[i][both[i]],
            blocks=int(blocks[i]),
            low=ends[0],
            high=ends[1],
            fastest=best,
            delta=delta,
            alpha=alpha,
            family=len(others),
            anytime=anytime,
            within=within,
        )
        judgement = judge(evidence)
        return Comparison(
            build=cell.build,
            guest=cell.guest,
            configuration=cell.configuration,
            baseline=getattr(against, factor),
            pairs=len(evidence.logs),
            unpaired=int(single[i]),
            failed=evidence.one.failed,
            ratio=float(middle[i]),
            low=evidence.low,
            high=evidence.high,
            fastest=evidence.fastest,
            verdict=judgement.verdict,
            why=judgement.why,
            settled=judgement.settled,
            blocks_to_decide=judgement.blocks_to_decide,
        )

    return tuple(row(i, *pair) for i, pair in enumerate(others.items()))
