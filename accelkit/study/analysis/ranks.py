"""Which order statistics bound a median: exact at any sample size, and whatever the noise looks like.

Of n independent numbers, each as likely above a value as below it, the count above is binomial with
probability 1/2. Nothing else is assumed: no normal noise, no symmetry, not even the same noise twice.
Integers throughout, so that no rounding spoils a promise.
"""

from __future__ import annotations

import math
from functools import lru_cache


@lru_cache(maxsize=1 << 16)
def rank(n: int, alpha: float, anytime: bool = False) -> int:
    """The rank k whose k-th smallest and k-th largest of n numbers enclose their median, with a chance of
    at least 1 - ``alpha``; 0 when n is too small for any.

    It is the largest k with P(Bin(n, 1/2) < k) <= alpha / 2: the sign test turned round (Conover,
    Practical Nonparametric Statistics, 3rd edition, section 3.2). With ``anytime`` the promise holds
    for all n at once, so one may look after every block and stop at will; see :func:`wins_needed`,
    which then bounds each side with alpha / 2.

    >>> [rank(n, 0.05) for n in (5, 6, 8, 20, 50)]
    [0, 1, 1, 6, 18]
    >>> [rank(n, 0.05, anytime=True) for n in (8, 9, 20, 50)]
    [1, 1, 4, 15]
    """
    if anytime:
        return n + 1 - wins_needed(n, 2 / alpha)
    k, below, term = 0, 0, 1  # term is n over k, below the sum of those before it
    room = alpha / 2
    while k <= n and (below + term) / (1 << n) <= room:
        below += term
        term = term * (n - k) // (k + 1)
        k += 1
    return k


@lru_cache(maxsize=1 << 16)
def wins_needed(n: int, odds: float) -> int:
    """The fewest wins in n rounds that are evidence of ``odds`` to 1 for winning more often than not;
    n + 1 when not even n wins are.

    The evidence of s wins is the likelihood of s averaged over all chances of winning from 1/2 to 1,
    over that at 1/2::

        2^(n+1) * integral of p^s (1-p)^(n-s) from 1/2 to 1
            = sum(comb(n+1, i) for i in range(s+1)) / ((n+1) * comb(n, s))

    If no round is won with more than an even chance, given the rounds before, that is a
    supermartingale, and the chance that it *ever* reaches ``odds`` is at most 1 / odds, however often
    one looks (Ville 1939; Robbins, Annals of Mathematical Statistics 41, 1970, p. 1397; Waudby-Smith
    and Ramdas, JRSS B 86, 2024, for the view as a bet).

    >>> [wins_needed(n, 20) for n in (6, 7, 10, 20, 50)]
    [7, 7, 10, 16, 36]
    >>> wins_needed(15, 39 * 5 / 0.05)  # all of 15, for 40 configurations with 5 guests each
    15
    """
    least = math.log(odds)
    total = 1 << (n + 1)
    wins, choose, beyond, step = n, 1, 1, 1  # comb(n, wins); sum of comb(n+1, i > wins); its last term
    while wins >= 0 and math.log(total - beyond) - math.log((n + 1) * choose) >= least:
        step = step * (wins + 1) // (n + 1 - wins)
        beyond += step
        choose = choose * wins // (n - wins + 1)
        wins -= 1
    return wins + 1


@lru_cache(maxsize=1 << 10)
def fewest(alpha: float, anytime: bool = False) -> int:
    """The fewest numbers of which any interval holds the median with a chance of 1 - ``alpha``.

    >>> fewest(0.05), fewest(0.05 / 30), fewest(0.05 / 200), fewest(0.05, anytime=True)
    (6, 11, 13, 8)
    """
    n = 1
    while not rank(n, alpha, anytime):
        n += 1
    return n
