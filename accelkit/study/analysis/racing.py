"""When to stop measuring: configurations that have lost, and intervals that are narrow enough. Pure.

**The rule**: a configuration has lost with a guest if another one was faster there by more than a margin, in so
many of their common blocks that the odds against chance are ``rivals / (1 - confidence)`` to 1
(:func:`accelkit.study.analysis.ranks.wins_needed`), and if the fastest runs of both agree. It is dropped for that guest
and build only: what loses with one guest may win with the next. The baseline is never dropped.

**The error rate**: the probability that the best configuration of any guest is dropped is at most 1 - ``confidence``,
in a whole study, however many blocks it has and however often one looks. ``rivals`` is the number of configurations
that could wrongly beat the best, summed over builds and guests; each gets an equal share of the error. "Best" means
the smallest median of the ratios within blocks, as in :mod:`accelkit.study.analysis.compare`; a configuration that is
behind the best by no more than the margin is as safe as the best. The evidence counts wins only, so drift, bursts and
outliers do not matter; what matters is that the order within each block is random. What was measured of a dropped
configuration is compared as before: in simulated races the intervals of a table missed a truth in 0 to 3% of studies.

**The price**: of 40 configurations with 5 guests the clear losers are dropped after 15 blocks, of 10 configurations
with one guest after 10.
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
"""Each configuration is compared with this many others: those with the fastest runs."""

FEWEST_FAILURES: Final = 3
"""A configuration is dropped after this many trials if none of them succeeded."""


def lost(
    records: Sequence[Record], baseline: str, *, margin: float = 0.01, confidence: float = 0.95
) -> dict[Cell, str]:
    """The cells that need no more trials, each with the reason; never a cell of ``baseline``.

    It may be called after each block. A configuration that failed in all of at least three trials has lost, too.
    ``margin`` is a share, from 0 on. Raises DomainError for a ``margin`` or ``confidence`` outside its range.

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
        (len(places := list(group)), places[0])
        for _, group in groupby(range(len(table.cells)), lambda row: table.cells[row][:2])
    ]
    odds = sum(count - 1 for count, _ in groups) / (1 - confidence)
    fastest = table.fastest()
    losers: dict[Cell, str] = {}
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
                losers[cell] = f"slower than {name} in {wins} of {blocks} blocks"
            elif math.isinf(fastest[row]) and failed >= FEWEST_FAILURES:
                losers[cell] = f"failed in all of {failed} trials"
    return losers


def _beaten(
    logs: NDArray[np.float64], fastest: NDArray[np.float64], margin: float, odds: float
) -> list[tuple[int, int, int] | None]:
    """For each row of ``logs`` (rows, blocks): the row that beat it, in how many of how many blocks; or None."""
    winners: list[tuple[int, int, int] | None] = [None] * len(logs)
    for rival in np.argsort(fastest, kind="stable")[:RIVALS].tolist():
        behind = logs - logs[rival]
        both = np.isfinite(behind)
        ends = [np.where(both, side, np.inf).min(axis=1, initial=np.inf) for side in (logs, logs[rival])]
        agrees = (ends[0] > ends[1] + margin).tolist()
        blocks = both.sum(axis=1).tolist()
        wins = (behind > margin).sum(axis=1).tolist()  # NaN > margin is False
        for row, (won, of) in enumerate(zip(wins, blocks, strict=True)):
            if winners[row] is None and agrees[row] and of and won >= wins_needed(of, odds):
                winners[row] = rival, won, of
    return winners


def precise(comparisons: Iterable[Comparison], precision: float, dropped: Container[Cell] = ()) -> bool:
    """Whether every interval is narrow enough: high <= low * (1 + ``precision``).

    Cells in ``dropped``, and configurations that gave no value in at least three trials, are ignored. False if
    there are no comparisons: nothing has been measured yet. Only the width of an interval counts, not where it
    lies, so stopping by this rule does little harm: of simulated studies that stopped at 2%, those with
    ``anytime=True`` missed a truth in 0 to 1%, the others in 2 to 5%. Raises DomainError for a ``precision``
    that is not above 0.

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
