"""When to measure more rarely: configurations that have lost; when to stop: intervals that are narrow enough. Pure.

**The rule**: a configuration has lost with a guest while the evidence that others are faster there by more than a margin
is ``guests / (1 - confidence)`` to 1. The evidence that one rival is faster follows from the number of their common
blocks, and in how many it was (:func:`accelkit.study.analysis.ranks.evidence`). The evidence against a configuration is
the mean of that over all other configurations, so a loser that many others beat is found early. With fewer than 12
common blocks a rival counts only if the fastest runs agree: one busy hour can be all of these blocks. Blocks in which a
configuration fared like in the block before count as fewer, as in verdicts: checked is by how much it was slower than
usual, less what the median configuration was (:mod:`accelkit.study.analysis.neighbours`). A configuration has lost for a guest and build only:
what loses with one guest may win with the next. The baseline never loses.

**Retries**: what has lost is dropped: it is measured in one of eight blocks (:mod:`accelkit.study.drops`). What is
measured then is evidence like any other, so a configuration that lost only because of a busy hour soon has lost no
longer, and is measured in every block again. A configuration that failed in all of at least three trials is dropped,
too; with each further failure it is tried half as often, down to one of 64 blocks, since a failure may cost a whole
time limit. The first trial that works brings it back.

**The error rate**: the probability that the best configuration of any guest is *ever* dropped is at most
1 - ``confidence``, in a whole study, however many blocks it has and however often one looks, as each evidence is a
supermartingale, and so is their mean. ``guests`` is the number of guests times builds; each gets an equal share of the
error. "Best" means the smallest median of the ratios within blocks, as in :mod:`accelkit.study.analysis.compare`; a
configuration that is behind the best by no more than the margin is as safe as the best. In simulated races of ten
equals over 60 blocks with 15 kinds of noise a configuration was ever dropped in at most 3% of studies, and dropped at
the end in 1%. If neighbouring blocks are alike, no rate holds before the check can see it, from ten blocks on. With
correlations of .2, .5, .8 and .9 a configuration was dropped at the end in 1, 5, 6 and 9% of studies (in 2, 13, 42 and
59% without the check). What was measured of a dropped configuration is compared as before: in simulated races the
intervals of a table missed a truth in 0 to 3% of studies.

**The price**: of 40 configurations with 5 guests those that lose to all others, or to most, are dropped after 9 blocks,
of 200 configurations with one guest after 7. Only one that a single rival beats needs as many as the odds of each pair
alone, 15 for both. A study
of 40 configurations with 5 guests and 20 blocks, of which 4 are good, has 2,579 trials in place of 4,000; 190 of them
are retries.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.errors import DomainError
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.neighbours import neighbours
from accelkit.study.analysis.panel import panel
from accelkit.study.analysis.ranks import evidence
from accelkit.study.analysis.verdict import FEW_PAIRS
from accelkit.study.drops import FEWEST_FAILURES, RETRIED, retries_of_failing
from accelkit.study.model import Cell, Record


class Loss(NamedTuple):
    """That a cell has lost: why, and that it need be measured only in one of ``every`` blocks."""

    why: str
    every: int = RETRIED


def lost(
    records: Sequence[Record], baseline: str, *, margin: float = 0.01, confidence: float = 0.95
) -> dict[Cell, Loss]:
    """The cells that have lost by the records so far; never a cell of ``baseline``.

    It may be called after each block; a cell that it names no longer is to be measured in every block again.
    ``margin`` is a share, from 0 on. Raises DomainError for a ``margin`` or ``confidence`` outside its range.

    >>> from accelkit.study.model import Trial
    >>> times = {"tcg": 1.0, "fast": 0.9, "slow": 1.3}
    >>> records = [
    ...     Record(Trial("7.2", "cpu", name, block, 0), "ok", value=time + block % 4 / 100)
    ...     for name, time in times.items()
    ...     for block in range(10)
    ... ]
    >>> lost(records, "tcg")[Cell("7.2", "cpu", "slow")]
    Loss(why='slower than fast in 10 of 10 blocks', every=8)
    """
    if not 0 <= margin < math.inf:
        raise DomainError(f"margin: got {margin!r}; takes a share from 0 on, as 0.01 for 1%")
    if not 0 < confidence < 1:
        raise DomainError(f"confidence: got {confidence!r}; takes a chance between 0 and 1, as 0.95 for 95%")
    table = panel(records)
    table = replace(
        table, logs=table.of_one_level()
    )  # the fastest run of a cell is not that of the fastest host
    groups = [list(group) for _, group in groupby(range(len(table.cells)), lambda row: table.cells[row][:2])]
    least = math.log(max(1, len(groups)) / (1 - confidence))
    levels, room = table.levels(), math.log1p(margin)
    losers: dict[Cell, Loss] = {}
    for rows in groups:
        cells = [table.cells[row] for row in rows]
        others = [row for row, cell in enumerate(cells) if cell.configuration != baseline]
        for row, rival, wins, blocks in _beaten(table.logs[rows], others, levels, room, least):
            losers[cells[row]] = Loss(
                f"slower than {cells[rival].configuration} in {wins} of {blocks} blocks"
            )
        for row in others:
            failed = sum(table.causes[rows[row]].values())
            if failed >= FEWEST_FAILURES and not np.isfinite(table.logs[rows[row]]).any():
                losers[cells[row]] = Loss(f"failed in all of {failed} trials", retries_of_failing(failed))
    return losers


def _beaten(
    logs: NDArray[np.float64], rows: Iterable[int], levels: NDArray[np.float64], margin: float, least: float
) -> Iterator[tuple[int, int, int, int]]:
    """Those of ``rows`` that have lost: the row, the rival that beat it most clearly, in how many of how many blocks.

    ``logs`` is (rows, blocks), ``levels`` (blocks,) by how much a block was slower than usual; ``least`` is the
    logarithm of the odds.
    """
    rivals = len(logs) - 1
    odds = _Odds()
    for row in rows:
        behind = logs[row] - logs
        both = np.isfinite(behind)
        both[row] = False
        blocks, wins = both.sum(axis=1), (both & (behind > margin)).sum(axis=1)
        own, other = (np.where(both, side, np.inf).min(axis=1, initial=np.inf) for side in (logs[row], logs))
        counts = (blocks >= FEW_PAIRS) | (own > other + margin)
        counts &= blocks > 0
        against = np.where(counts, odds.of(blocks, wins), -np.inf)
        if not rivals or _mean(against, rivals) < least:
            continue
        series = (logs[row] - levels)[np.isfinite(logs[row])]
        share = neighbours(series).independent / len(series)
        if share < 1:
            worth = np.where(
                counts, odds.of((share * blocks).astype(np.intp), (share * wins).astype(np.intp)), -np.inf
            )
            if _mean(worth, rivals) < least:
                continue
        rival = int(np.argmax(against))
        yield row, rival, int(wins[rival]), int(blocks[rival])


class _Odds:
    """The evidence of many counts of wins; computed for the numbers of blocks that occur, of which there are few."""

    def __init__(self) -> None:
        self._known: dict[int, NDArray[np.float64]] = {}

    def of(self, blocks: NDArray[np.intp], wins: NDArray[np.intp]) -> NDArray[np.float64]:
        """(rivals,) The logarithm of the evidence of so many wins in so many blocks, each (rivals,)."""
        for n in set(blocks.tolist()) - self._known.keys():
            self._known[n] = np.array(evidence(n))
        return np.array([self._known[n][s] for n, s in zip(blocks.tolist(), wins.tolist(), strict=True)])


def _mean(logs: NDArray[np.float64], count: int) -> float:
    """The logarithm of the mean of ``count`` numbers; ``logs`` has their logarithms, and may have -inf for others."""
    return float(np.logaddexp.reduce(logs)) - math.log(count)


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
