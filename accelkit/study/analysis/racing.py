"""When to stop: configurations that have lost, and intervals that are narrow enough.

**The rule**: a configuration has lost with a guest when another one was faster there, by more than a margin,
in so many of their common blocks that the odds against chance are ``rivals / (1 - confidence)`` to 1
(:func:`accelkit.study.analysis.ranks.wins_needed`), and when the fastest runs of both say so too. It is dropped for that
guest and build only: what loses with one guest may win with the next. The baseline is never dropped.

**Its error rate**: the chance that in a whole study, however many blocks it has and however often one looks,
the best configuration of any guest is dropped is at most 1 - ``confidence``. The configurations that could
wrongly beat the best are ``rivals`` in number, summed over builds and guests, each with its equal share of the
error. "Best" is meant as in :mod:`accelkit.study.analysis.compare`, by the median of the ratios within blocks; one that is
no more than the margin behind the best is as safe as the best. The evidence counts wins, so drift, bursts and
outliers do not matter, only that the order within a block is random. What is left of a dropped configuration
is compared as ever; in simulated races the intervals of a table missed a truth in 0 to 3% of studies.

**Its price**: of 40 configurations with 5 guests the clear losers are gone after 15 blocks, of 10 with one
guest after 10.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.panel import panel
from accelkit.study.analysis.ranks import wins_needed
from accelkit.study.model import Cell, Record

RIVALS: Final = 8
"""How many configurations, those with the fastest runs, the others are held against."""

FEWEST_FAILURES: Final = 3
"""After this many trials without one success, and nothing else, a configuration is tried no more."""


def lost(
    records: Sequence[Record], baseline: str, *, margin: float = 0.01, confidence: float = 0.95
) -> dict[Cell, str]:
    """The cells that need no more trials, each with the reason; never one of ``baseline``.

    Ask after each block: what has lost stays lost. A configuration that failed in each of at least three
    trials is among them, too. Raises DomainError for a ``margin`` or ``confidence`` that makes no sense.

    >>> from accelkit.study.model import Trial
    >>> times = {"tcg": 1.0, "fast": 0.9, "slow": 1.3}
    >>> records = [
    ...     Record(Trial("7.2", "cpu", name, block, 0), "ok", value=time + block % 4 / 100)
    ...     for name, time in times.items()
    ...     for block in range(10)
    ... ]
    >>> lost(records, "tcg")
    {Cell(build='7.2', guest='cpu', configuration='slow'): 'slower than fast in 10 of 10 blocks'}
    """
    if not 0 <= margin < math.inf:
        raise DomainError(f"margin: got {margin!r}; takes a share from 0 on, as 0.01 for 1%")
    if not 0 < confidence < 1:
        raise DomainError(f"confidence: got {confidence!r}; takes a chance between 0 and 1, as 0.95 for 95%")
    table = panel(records)
    groups = [
        (len(taken := list(group)), taken[0])
        for _, group in groupby(range(len(table.cells)), lambda row: table.cells[row][:2])
    ]
    odds = sum(count - 1 for count, _ in groups) / (1 - confidence)
    fastest = table.fastest()
    found: dict[Cell, str] = {}
    for count, first in groups:
        rows = slice(first, first + count)
        cells = table.cells[rows]
        beaten = _beaten(table.logs[rows], fastest[rows], math.log1p(margin), max(odds, 2.0))
        for row, (cell, by) in enumerate(zip(cells, beaten, strict=True), first):
            failed = sum(table.causes[row].values())
            if cell.configuration == baseline:
                continue
            if by is not None:
                rival, wins, blocks = by
                name = cells[rival].configuration
                found[cell] = f"slower than {name} in {wins} of {blocks} blocks"
            elif math.isinf(fastest[row]) and failed >= FEWEST_FAILURES:
                found[cell] = f"failed in all of {failed} trials"
    return found


def _beaten(
    logs: NDArray[np.float64], fastest: NDArray[np.float64], margin: float, odds: float
) -> list[tuple[int, int, int] | None]:
    """For each row of ``logs`` (rows, blocks) who beat it, in how many of how many blocks; or None."""
    found: list[tuple[int, int, int] | None] = [None] * len(logs)
    for rival in np.argsort(fastest, kind="stable")[:RIVALS].tolist():
        behind = logs - logs[rival]
        both = np.isfinite(behind)
        ends = [np.where(both, side, np.inf).min(axis=1, initial=np.inf) for side in (logs, logs[rival])]
        agrees = (ends[0] > ends[1] + margin).tolist()
        blocks = both.sum(axis=1).tolist()
        wins = (behind > margin).sum(axis=1).tolist()  # NaN is no win
        for row, (won, of) in enumerate(zip(wins, blocks, strict=True)):
            if found[row] is None and agrees[row] and of and won >= wins_needed(of, odds):
                found[row] = rival, won, of
    return found


def precise(comparisons: Iterable[Comparison], precision: float, dropped: Container[Cell] = ()) -> bool:
    """Whether every interval is narrower than ``precision``, as in high <= low * (1 + precision).

    Cells that were ``dropped`` and configurations that never gave a figure, in three trials or more, are
    not waited for. False when there are no comparisons at all: nothing has been run yet. Where the interval
    lies does not matter, so stopping by this does little harm: in simulated studies that stopped at 2%, those
    with ``anytime=True`` missed a truth in 0 to 1%, the others in 2 to 5%. Raises DomainError for a
    ``precision`` that is not above 0.

    >>> precise([], 0.02)
    False
    """
    if not precision > 0:
        raise DomainError(f"precision: got {precision!r}; takes a share above 0, as 0.02 for 2%")
    rows = tuple(comparisons)
    return bool(rows) and all(
        row.high <= row.low * (1 + precision) and row.low > 0
        for row in rows
        if row.cell not in dropped and (row.pairs or row.failed < FEWEST_FAILURES)
    )
