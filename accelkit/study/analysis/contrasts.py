"""Contrasts of configurations with intervals that hold all at once, from the blocks of a study. Pure.

A contrast is a sum of logarithms of times, with weights that add up to 0: the effect of a property averaged over the
others is one. The formulas, L being the logarithms of shape (cells, blocks), NaN where there is none:

- Estimate. Least squares of ``L[c, b] = m[c] + block[b]``. With all cells in all blocks the estimate of a contrast w is the
  mean over the blocks of ``sum(w * L[:, b])``: what slows a whole block cancels. A cell that misses some blocks is
  compared with those that share its blocks. A contrast whose cells share no blocks, directly or by way of others, is
  unknown.
- Spread. Each block adds one score to a contrast's error, ``s[b]``, from the residuals in it; the variance is the sum of
  their squares, raised by n / (n - 1) for the n blocks that count (the sandwich of clusters: Liang and Zeger, Biometrika
  73, 1986, p. 13). So cells may differ in noise, and runs of a block may be alike. Where neighbouring blocks are
  (:mod:`accelkit.study.analysis.neighbours`), it is raised further.
- Intervals. The estimate plus and minus c standard errors, with one c for all contrasts of a table: the quantile of the
  largest |t| among them when each block's scores, all contrasts together, get a random sign (the wild bootstrap of
  clusters with signs, Cameron, Gelbach and Miller, Review of Economics and Statistics 90, 2008, p. 414; the maximum over
  the table, Westfall and Young, Resampling-Based Multiple Testing, 1993). If a block's error is as likely to be +x as -x,
  that is a randomisation test of signs, whatever the distribution. Contrasts that hang together cost little: c is
  smaller than Bonferroni's. With fewer blocks than signs can decide (6 at 95%), the intervals are endless.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.neighbours import neighbours

DRAWS: Final = 3999
"""Random signs: the quantile of 99% has a standard error of 0.2% then."""

MOST_SIGNS: Final = 1 << 20
"""So many signs are drawn together: those of 10^5 blocks would fill the memory."""

LONE: Final = 1e-9
"""What is left of a contrast that its blocks cannot tell, in shares of its weight, beyond rounding."""


class Intervals(NamedTuple):
    """Estimate and both ends of each contrast (contrasts,), in logarithms; -inf … inf where nothing is known."""

    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def simultaneous(
    weights: NDArray[np.float64], logs: NDArray[np.float64], alpha: float, seed: int = 0
) -> Intervals:
    """The intervals of the contrasts ``weights`` (contrasts, cells) of ``logs`` (cells, blocks).

    The probability that any of them misses its truth is ``alpha`` at most. ``seed`` is that of the signs.

    >>> logs = np.array([[0.0, 0.1, 0.0, 0.3, 0.0, 0.2, 0.1, 0.0], [0.7, 0.8, 0.6, 1.0, 0.8, 0.9, 0.7, 0.7]])
    >>> [round(float(end), 2) for (end,) in simultaneous(np.array([[-1.0, 1.0]]), logs, 0.05)]
    [0.69, 0.64, 0.74]
    """
    count = len(weights)
    known = np.isfinite(logs)
    blocks = np.flatnonzero(known.sum(axis=0) > 1)  # a cell alone in its block is compared with nothing
    logs, known = logs[:, blocks], known[:, blocks]
    endless = np.full(count, np.inf)
    if not count or not len(blocks):
        return Intervals(np.full(count, np.nan), -endless, endless)
    means, solved = _solved(known, np.where(known, logs, 0.0), weights)
    residuals = np.where(known, logs - means[:, None], 0.0)
    sizes = np.maximum(known.sum(axis=0), 1)
    residuals = np.where(known, residuals - residuals.sum(axis=0) / sizes, 0.0)
    centres = solved @ known / sizes
    scores = solved @ residuals - centres * residuals.sum(axis=0)  # (contrasts, blocks)
    leverage = (solved**2) @ known - sizes * centres**2  # of each block
    total = leverage.sum(axis=1)
    counts = total**2 / np.maximum((leverage**2).sum(axis=1), 1e-300)  # blocks that count
    told = (
        np.abs(solved @ _information(known) - weights).max(axis=1) <= LONE * np.abs(weights).sum(axis=1)
    ) & (counts > 1 + LONE)
    error = np.full(count, np.inf)
    worth = np.array([_worth(row[part > 0]) for row, part in zip(scores, leverage, strict=True)])
    raised = counts / np.maximum(counts - 1, LONE) * worth
    error[told] = np.sqrt((scores**2).sum(axis=1) * raised)[told]
    reach = np.where(told, _critical(scores[told], counts[told], alpha, seed) * error, np.inf)
    reach = np.where(np.isnan(reach), np.inf, reach)  # an error of 0 times a limit that there is not
    middle = np.where(told, weights @ means, np.nan)
    return Intervals(middle, np.where(told, middle - reach, -np.inf), np.where(told, middle + reach, np.inf))


def _information(known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(cells, cells) What the blocks tell of the cells, the blocks' own levels taken out."""
    seen = known.astype(float)
    return np.diag(seen.sum(axis=1)) - (seen / np.maximum(seen.sum(axis=0), 1)) @ seen.T


def _solved(
    known: NDArray[np.bool_], logs: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The cells' levels by least squares, and how much each counts in each contrast."""
    information = _information(known)
    level = np.full_like(information, 1 / len(known))  # a level that all share, which no contrast has
    sums = logs.sum(axis=1) - known @ (logs.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    both = np.column_stack([sums, weights.T])
    try:
        solved = np.linalg.solve(information + level, both).astype(np.float64)
    except np.linalg.LinAlgError:  # some cells share no blocks with others
        solved = (np.linalg.pinv(information, hermitian=True) @ both).astype(np.float64)
    return solved[:, 0], solved[:, 1:].T


def _worth(scores: NDArray[np.float64]) -> float:
    """By what factor the likeness of neighbours raises the variance; 1 where none is found."""
    found = neighbours(scores)
    return len(scores) / found.independent if found.correlation else 1.0


def _critical(scores: NDArray[np.float64], counts: NDArray[np.float64], alpha: float, seed: int) -> float:
    """The quantile of the largest |t| under random signs; infinite where there are too few of them for ``alpha``."""
    squares = (scores**2).sum(axis=1)
    some = squares > 0
    blocks = scores.shape[1]
    if 2.0 ** (1 - blocks) >= alpha:
        return math.inf
    if not some.any():
        return 0.0
    rng = np.random.default_rng(seed)
    together = max(1, MOST_SIGNS // blocks)
    sizes = (min(together, DRAWS - first) for first in range(0, DRAWS, together))
    sums = np.concatenate([
        np.abs((rng.integers(0, 2, (size, blocks)) * 2.0 - 1.0) @ scores[some].T) for size in sizes
    ])  # fmt: skip
    n = counts[some]
    spread = np.maximum(squares[some] - sums**2 / n, 1e-12 * squares[some]) * n / (n - 1)
    largest = np.sort((sums / np.sqrt(spread)).max(axis=1))
    place = math.ceil((1 - alpha) * (DRAWS + 1)) - 1
    return float(largest[place]) if place < DRAWS else math.inf
