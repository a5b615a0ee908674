"""Configurations, or builds, against a baseline: ratio, interval and verdict. Pure.

The design, the formulas and their sources are in :mod:`accelkit.study.analysis`: ratios within blocks, exact intervals
by order statistics, one error for the whole table, and verdicts that follow from the interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.doubts import Doubt
from accelkit.study.analysis.intervals import intervals
from accelkit.study.analysis.neighbours import Neighbours, neighbours
from accelkit.study.analysis.panel import Panel, panel
from accelkit.study.analysis.phases import Phase, phases_of, with_phases
from accelkit.study.analysis.verdict import Evidence, Side, VerdictWord, decide, judge, tolerance
from accelkit.study.model import Cell, Record
from accelkit.study.standards import Standards


@dataclass(frozen=True, slots=True)
class Comparison:
    """One configuration against the baseline, on one build with one guest; a ratio below 1 is faster.

    ``pairs`` counts the blocks in which both gave a value, ``unpaired`` those in which only one did, ``failed`` the
    failures of the configuration itself. Four ratios say different things; each is NaN without pairs:

    - ``ratio``, the typical one, is the median over the pairs; ``low`` and ``high`` are the ends of its interval (0 and
      infinity if there are too few pairs). The verdict is about this one.
    - ``undisturbed`` compares the fastest tenth of both sides: the 10% quantiles of their runs, drift removed.
    - ``paid`` compares what all runs took: the means over the pairs.
    - ``cpu`` compares the CPU time that QEMU used, means over the pairs; a slice's where runs have slices. NaN if unknown.

    ``why`` gives the reason for ``undecided``, ``doubts`` what else should be known of a verdict. ``blocks_to_decide``
    is the number of blocks in total with which the share ``decides`` of replays gives a verdict, by the intervals of a
    study to which blocks were added; both are None if there is a verdict, and if no number up to 1000 would give one in
    half of them.

    Where a guest's runs have phases, each of them is compared like a guest of its own, named as in ``linux: boot``;
    ``phase`` then says which phase of which guest it is.

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
    undisturbed: float
    paid: float
    cpu: float
    verdict: VerdictWord
    why: str
    doubts: tuple[Doubt, ...]
    blocks_to_decide: int | None
    decides: float | None
    phase: Phase | None = None

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
    ``anytime`` if the number of blocks was not fixed in advance. The phases of a guest's runs are compared, too, and
    their intervals are among those that hold with ``confidence``. Raises DomainError for a ``delta`` or ``confidence``
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
    phases = phases_of(records)
    table = panel(tuple(with_phases(records, phases.values())))
    pairs = [(c, c._replace(configuration=baseline)) for c in table.cells if c.configuration != baseline]
    rows = compare_pairs(table, pairs, Standards(delta, confidence, anytime))
    return tuple(replace(row, phase=phases.get(row.guest)) for row in rows)


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
    phases = phases_of(records)
    table = panel(tuple(with_phases(records, phases.values())))
    pairs = [(cell, cell._replace(build=baseline)) for cell in table.cells if cell.build != baseline]
    rows = compare_pairs(table, pairs, Standards(delta, confidence, anytime), "build")
    return tuple(replace(row, phase=phases.get(row.guest)) for row in rows)


def compare_pairs(
    table: Panel,
    pairs: Sequence[tuple[Cell, Cell]],
    standards: Standards,
    factor: Literal["configuration", "build"] = "configuration",
    family: int | None = None,
    alike: Sequence[Neighbours] | None = None,
) -> tuple[Comparison, ...]:
    """The first cell of each pair against the second, which differs in the ``factor``.

    ``family`` comparisons share the error that ``standards`` allow, by default as many as there are pairs. ``alike``
    says of each pair how alike neighbouring blocks are, by default as each by itself shows.
    """
    if not pairs:
        return ()
    family = family or len(pairs)
    delta, anytime = standards.delta, standards.anytime
    alpha = (1 - standards.confidence) / family
    rows = {cell: row for row, cell in enumerate(table.cells)}
    # -1, the last row, is of a cell that was never tried
    one, other = ([rows.get(cell, -1) for cell in side] for side in zip(*pairs, strict=True))
    never = np.full(len(table.blocks), np.nan)
    values = np.vstack([table.logs, never])
    tried = np.vstack([table.tried, np.zeros(len(table.blocks), dtype=np.bool_)])
    runs = np.isfinite(values)
    behind = table.behind_fastest()
    logs = values[one] - values[other]
    both = np.isfinite(logs)
    alike = alike or [neighbours(row[known]) for row, known in zip(logs, both, strict=True)]
    middle, low, high = np.exp(intervals(logs, alpha, anytime, [kind.independent for kind in alike]))
    single = (runs[one] ^ runs[other]).sum(axis=1)
    blocks = (tried[one] | tried[other]).sum(axis=1)
    steady, cpu = np.vstack([table.without_drift(), never]), np.vstack([table.cpu, never])

    def side(cell: Cell, within: float) -> Side:
        row, name = rows.get(cell), getattr(cell, factor)
        if row is None:
            return Side(name)
        near = int((behind[row] <= math.log1p(within)).sum())
        return Side(name, int(runs[row].sum()), near, table.causes[row])

    def row(i: int, cell: Cell, against: Cell) -> Comparison:
        known = both[i]
        mine, theirs = (side[:, known] for side in (values[[one[i]]], values[[other[i]]]))
        undisturbed = _ratio(steady[one[i], known], steady[other[i], known], _fast_tenth)
        paid = _ratio(mine[0], theirs[0], _log_of_mean)
        used = _ratio(np.log(cpu[one[i], known]), np.log(cpu[other[i], known]), _log_of_mean)
        fastest = _ratio(mine[0], theirs[0], np.min)
        ends = float(low[i]), float(high[i])
        within = tolerance(decide(*ends, delta), *ends, fastest)
        evidence = Evidence(
            one=side(cell, within),
            other=side(against, within),
            logs=logs[i][known],
            blocks=int(blocks[i]),
            neighbours=alike[i],
            low=ends[0],
            high=ends[1],
            undisturbed=undisturbed,
            paid=paid,
            fastest=fastest,
            delta=delta,
            alpha=alpha,
            family=family,
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
            undisturbed=undisturbed,
            paid=paid,
            cpu=used,
            verdict=judgement.verdict,
            why=judgement.why,
            doubts=judgement.doubts,
            blocks_to_decide=judgement.blocks_to_decide,
            decides=judgement.decides,
        )

    return tuple(row(i, *pair) for i, pair in enumerate(pairs))


def _ratio(
    one: NDArray[np.float64], other: NDArray[np.float64], summary: Callable[[NDArray[np.float64]], float]
) -> float:
    """The ratio of two sides by a ``summary`` of the logarithms of their runs (pairs,); NaN without runs."""
    return math.exp(summary(one) - summary(other)) if len(one) else math.nan


def _fast_tenth(logs: NDArray[np.float64]) -> float:
    return float(np.quantile(logs, 0.1))


def _log_of_mean(logs: NDArray[np.float64]) -> float:
    return float(np.log(np.mean(np.exp(logs))))
