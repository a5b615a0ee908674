"""Configurations against a baseline: ratio, interval, and a verdict that holds.

**The number compared** is a run's figure, the fastest of its slices. In every block each configuration's
figure is divided by the baseline's of the same block, build and guest, so that drift and busy hours cancel.
The ratio reported is the median of these.

**The interval** is between two order statistics of the ratios (:func:`accelkit.study.analysis.ranks.rank`), the sign
test turned round. It is exact at any number of blocks, for any noise, as long as a block's ratio is as likely
above the truth as below it; for equal configurations the random order within a block sees to that by itself.
Simulated beside it, the bootstrap of the median missed the truth in 6 to 10% of cases at 8 to 20 blocks
where 5% are promised; the signed-rank interval is a fifth narrower in normal noise, wider on hosts where
only some runs are undisturbed, and missed in 11 to 21% when one side's noise is skewed, as it is when one
configuration needs two cores and the other one.

**Many comparisons**: all intervals of one call hold their truths at once with the chance ``confidence``
(Bonferroni: each is made for 1 - (1 - confidence) / m, m the number of comparisons). Every verdict is read
off its interval, so that is also the chance that no verdict of the table is wrong. Holm's method would find a
little more, and its verdicts would contradict the intervals shown beside them. The price is a few more blocks:
6 for one comparison, 11 for 30, 13 for 200, at the least.

**Looking twice**: that holds for a number of blocks that is fixed beforehand. Who adds blocks until there is a
verdict should ask with ``anytime=True``: wider intervals whose promise holds however often one looks. Looking
after each of 100 blocks, simulated intervals of 95% missed the truth at least once in 22% of studies, those for
any time in 3%.

**Settled**: a busy host can slow one configuration more than another, in every block. So there is no verdict
unless of each side three runs came within 2% of its fastest, and unless the ratio of these fastest runs agrees
with the verdict (:mod:`accelkit.study.analysis.verdict`). Where the difference is larger than 8%, a quarter of it stands in
place of the 2%: guests whose own times vary, as by contention, would else never settle.
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
    """One configuration against the baseline, of one build with one guest; ratios below 1 are faster.

    ``pairs`` counts blocks in which both gave a figure, ``unpaired`` those in which only one did, ``failed``
    the configuration's own failures. ``ratio`` is the median (NaN without pairs), ``low`` and ``high`` its
    interval (0 and infinity when there are too few pairs for one), ``fastest`` the ratio of the fastest runs in
    these blocks. ``blocks_to_decide`` estimates how many blocks in all would give a verdict: None when there is
    one, and when no number up to 1000 would.
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
        """Build, guest and configuration, as the plan has them."""
        return Cell(self.build, self.guest, self.configuration)


def compare(
    records: Sequence[Record],
    baseline: str,
    *,
    delta: float = 0.01,
    confidence: float = 0.95,
    anytime: bool = False,
) -> tuple[Comparison, ...]:
    """Each configuration against ``baseline``, in each build and guest, sorted by these names.

    The chance that all intervals hold, and no verdict is wrong, is at least ``confidence``. Verdicts are
    ``faster``, ``slower``, ``no difference`` (of more than the share ``delta``) and ``undecided``, with ``why``
    in words. Raises DomainError for a ``delta`` or ``confidence`` that makes no sense.

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
    """Each build against the build ``baseline``, in each guest and configuration; as :func:`compare`.

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
    """Median, low and high of each row of ``logs`` (rows, blocks), NaN for a block left out; each (rows,).

    A row's interval misses the true median with a chance of at most ``alpha``; it is -inf … inf where
    the row has too few numbers for that.

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
    Standards(delta, confidence, anytime)  # or it says what is wrong with them
    if not others:
        return ()
    alpha = (1 - confidence) / len(others)
    rows = {cell: row for row, cell in enumerate(table.cells)}
    one = [rows[cell] for cell in others]
    other = [rows.get(cell, -1) for cell in others.values()]  # the last row is of those never tried
    figures = np.vstack([table.logs, np.full(len(table.blocks), np.nan)])
    tried = np.vstack([table.tried, np.zeros(len(table.blocks), dtype=np.bool_)])
    runs = np.isfinite(figures)
    behind = table.behind_fastest()
    logs = figures[one] - figures[other]
    middle, low, high = np.exp(intervals(logs, alpha, anytime))
    both = np.isfinite(logs)
    fastest = [np.where(both, figures[side], np.inf).min(axis=1) for side in (one, other)]
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
        seen = Evidence(
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
        told = judge(seen)
        return Comparison(
            build=cell.build,
            guest=cell.guest,
            configuration=cell.configuration,
            baseline=getattr(against, factor),
            pairs=len(seen.logs),
            unpaired=int(single[i]),
            failed=seen.one.failed,
            ratio=float(middle[i]),
            low=seen.low,
            high=seen.high,
            fastest=seen.fastest,
            verdict=told.verdict,
            why=told.why,
            settled=told.settled,
            blocks_to_decide=told.blocks_to_decide,
        )

    return tuple(row(i, *pair) for i, pair in enumerate(others.items()))
