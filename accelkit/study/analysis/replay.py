"""How many blocks would decide: the rule of verdicts, replayed on blocks that may still come. Pure."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.neighbours import Neighbours
from accelkit.study.analysis.ranks import place, rank

MOST_BLOCKS: Final = 1000
"""Nobody waits for more blocks than this: a larger number is not told."""

SHARE: Final = 0.5
"""A number of blocks is told if at least this share of the replays decide with it."""

LUCK: Final = 1.0
"""Standard errors by which the ratios so far are taken to flatter: a study that is looked at tends to be a lucky one."""


class Needed(NamedTuple):
    """A number of pairs in all, and the share of replays that decide with it."""

    pairs: int
    share: float


def pairs_needed(
    logs: NDArray[np.float64], kind: Neighbours, alpha: float, delta: float, anytime: bool, least: int
) -> Needed | None:
    """The smallest number of pairs, from ``least`` on, with which most replays give a verdict; None above MOST_BLOCKS.

    ``logs`` (pairs,) are the logarithms of the ratios so far, ``kind`` what is known of neighbours among them. A
    replay keeps them and adds further ones. These are like those so far, moved by one standard error of the median
    towards where no verdict is (:data:`LUCK`); and the share of them that lies below 0 is itself uncertain: after s of
    n it has the distribution Beta(s + 1/2, n - s + 1/2), so the number of further ones below 0 is beta-binomial
    (Gelman and others, Bayesian Data Analysis, 3rd edition, chapter 2 and appendix A). The verdict of a replay
    follows from such numbers alone: an interval excludes 1 where enough ratios lie on one side of it. So the share of
    replays is a sum that is computed, not drawn.

    >>> needed = pairs_needed(np.log([1.12, 1.1, 1.11, 1.13]), Neighbours(0.0, 4), 0.05, 0.01, False, 6)
    >>> needed.pairs, round(needed.share, 2)
    (6, 0.82)
    """
    n = len(logs)
    start = max(least, n + 1)
    if start > MOST_BLOCKS or not n:
        return None
    replays = Replays(logs, kind, alpha, delta, anytime)
    for size in sizes(start):
        same = replays.share("not slower", size) + replays.share("not faster", size) - 1
        share = max(replays.share("faster", size), replays.share("slower", size), same)
        if share >= SHARE:
            return Needed(size, share)
    return None


def sizes(start: int) -> list[int]:
    """The numbers of blocks that are tried, from ``start`` to MOST_BLOCKS: 60 at most, the steps a share of the number."""
    return np.unique(np.geomspace(start, MOST_BLOCKS, 60).round().astype(np.int64)).tolist()


Claim = Literal["faster", "slower", "not slower", "not faster", "as fast"]


class Replays:
    """Replays of a comparison with more pairs: in which share of them its interval shows a claim.

    ``faster`` and ``slower`` than 1; ``not slower`` and ``not faster`` than 1 by more than delta, where the ratios so far
    are taken to flatter the claim that there is no difference; ``as fast`` is ``not slower`` where they are taken to
    flatter that alone. Arguments as of :func:`pairs_needed`.

    >>> replays = Replays(np.log([1.12, 1.1, 1.11, 1.13]), Neighbours(0.0, 4), 0.05, 0.01, False)
    >>> round(replays.share("slower", 6), 2), replays.share("faster", 6)
    (0.82, 0.0)
    """

    def __init__(
        self, logs: NDArray[np.float64], kind: Neighbours, alpha: float, delta: float, anytime: bool
    ) -> None:
        self.pairs, self._kind, self._alpha, self._anytime = len(logs), kind, alpha, anytime
        if not self.pairs:
            return
        room, middle, error = math.log1p(delta), float(np.median(logs)), LUCK * _error(logs)
        nearer = math.copysign(min(error, abs(middle)), middle)  # towards 0, where neither side is faster
        farther = math.copysign(error, middle)
        shows: dict[Claim, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {
            "faster": (logs < 0, logs - nearer < 0),
            "slower": (logs > 0, logs - nearer > 0),
            "not slower": (logs <= room, logs + farther <= room),
            "not faster": (logs >= -room, logs + farther >= -room),
            "as fast": (logs <= room, logs + error <= room),
        }
        self._won = {claim: (int(now.sum()), int(later.sum())) for claim, (now, later) in shows.items()}

    def share(self, claim: Claim, size: int) -> float:
        """The share of replays of ``size`` pairs, those so far among them, that show the claim; 0 without pairs."""
        n = self.pairs
        k = place(size, max(1, self._kind.independent * size // n), self._alpha, self._anytime) if n else 0
        return _chance(*self._won[claim], n, size, size + 1 - k) if k else 0.0


def _error(logs: NDArray[np.float64]) -> float:
    """The standard error of the median of ``logs`` (pairs,): half of the interval that holds it with 68%."""
    ordered = np.sort(logs)
    k = max(1, rank(len(logs), 0.32))
    return float(ordered[-k] - ordered[k - 1]) / 2


def _chance(won: int, expected: int, played: int, rounds: int, least: int) -> float:
    """The probability of at least ``least`` wins in ``rounds``, after ``won`` in ``played``.

    Further rounds are won like ``expected`` of ``played``.
    """
    more = rounds - played
    if least - won > more:
        return 0.0
    first, second = expected + 0.5, played - expected + 0.5
    wins = np.arange(max(0, least - won), more + 1)
    ways = _log_gamma(more + 1) - _log_gamma(wins + 1) - _log_gamma(more - wins + 1)
    beta = _log_gamma(wins + first) + _log_gamma(more - wins + second) - _log_gamma(more + first + second)
    prior = _log_gamma(first + second) - _log_gamma(first) - _log_gamma(second)
    return float(np.exp(ways + beta + prior).sum())


def _log_gamma(x: NDArray[Any] | float) -> NDArray[np.float64]:
    """The logarithm of the gamma function at whole numbers and halves from 1/2 on."""
    return _log_gamma_at_halves()[np.rint(np.multiply(2, x)).astype(np.int64)]


@lru_cache(maxsize=1)
def _log_gamma_at_halves() -> NDArray[np.float64]:
    """At place i that of i / 2, as far as any replay needs it."""
    return np.array([math.inf, *(math.lgamma(i / 2) for i in range(1, 4 * MOST_BLOCKS))])
