"""Which order statistics bound a median: exact for every sample size and every distribution of the noise. Pure.

Take n independent numbers, each as likely to lie above a given value as below it. The count above that value is
binomial, Bin(n, 1/2). Nothing else is assumed: neither normal noise, nor symmetry, nor that all numbers have the same
distribution. All sums are sums of integers, so that rounding cannot break a bound.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache


@lru_cache(maxsize=1 << 16)
def rank(n: int, alpha: float, anytime: bool = False) -> int:
    """The largest k such that the k-th smallest and the k-th largest of n numbers enclose the true median with
    probability at least 1 - ``alpha``; 0 if n is too small for any.

    k is the largest with P(Bin(n, 1/2) < k) <= alpha / 2: the interval that belongs to the sign test (Conover,
    Practical Nonparametric Statistics, 3rd edition, section 3.2). With ``anytime`` the bound holds for all n at
    once, so one may look after every block and stop at any time; each side is then bounded by
    :func:`wins_needed` at alpha / 2.

    >>> [rank(n, 0.05) for n in (5, 6, 8, 20, 50)]
    [0, 1, 1, 6, 18]
    >>> [rank(n, 0.05, anytime=True) for n in (8, 9, 20, 50)]
    [1, 1, 4, 15]
    """
    if anytime:
        return n + 1 - wins_needed(n, 2 / alpha)
    k, below, term = 0, 0, 1  # term is comb(n, k), below the sum of the terms before it
    while k <= n and (below + term) / (1 << n) <= alpha / 2:
        below += term
        term = term * (n - k) // (k + 1)
        k += 1
    return k


def place(n: int, independent: int, alpha: float, anytime: bool = False) -> int:
    """The k of :func:`rank` for n numbers that are worth only ``independent`` ones, as neighbours among them are alike.

    The interval of ``independent`` numbers ends at the quantile k / (independent + 1); this is the place of that
    quantile among the n. It is :func:`rank` itself if all are independent, and 0 if too few are.

    >>> place(20, 20, 0.05), place(20, 10, 0.05), place(20, 5, 0.05)
    (6, 3, 0)
    """
    return rank(independent, alpha, anytime) * (n + 1) // (independent + 1)


@lru_cache(maxsize=1 << 9)
def evidence(n: int) -> tuple[float, ...]:
    """(n + 1,) The logarithm of the evidence of s wins in n rounds, s from 0 to n, for winning more often than losing.

    The evidence is the likelihood of s, averaged over all probabilities p of winning from 1/2 to 1, divided by the
    likelihood at p = 1/2::

        2^(n+1) * integral of p^s (1-p)^(n-s) from 1/2 to 1
            = sum(comb(n+1, i) for i in range(s+1)) / ((n+1) * comb(n, s))

    If every round is won with probability 1/2 at most, given the rounds before it, the evidence is a
    supermartingale that starts at 1: the probability that it *ever* reaches x is at most 1 / x, however often one
    looks (Ville, Étude critique de la notion de collectif, 1939; Robbins, Annals of Mathematical Statistics 41,
    1970, p. 1397; as a bet: Waudby-Smith and Ramdas, JRSS B 86, 2024). So is the mean of several of them.

    >>> [round(math.exp(x), 2) for x in evidence(3)]
    [0.25, 0.42, 0.92, 3.75]
    """
    logs: list[float] = []
    below, term, choose = 0, 1, 1  # the sum, the next term of it, comb(n, wins)
    for wins in range(n + 1):
        below += term
        logs.append(math.log(below) - math.log((n + 1) * choose))
        term = term * (n + 1 - wins) // (wins + 1)
        choose = choose * (n - wins) // (wins + 1)
    return tuple(logs)


@lru_cache(maxsize=1 << 16)
def wins_needed(n: int, odds: float) -> int:
    """The fewest wins in n rounds with an :func:`evidence` of ``odds`` to 1; n + 1 if even n wins are too few.

    >>> [wins_needed(n, 20) for n in (6, 7, 10, 20, 50)]
    [7, 7, 10, 16, 36]
    """
    return bisect_left(evidence(n), math.log(odds))


@lru_cache(maxsize=1 << 10)
def fewest(alpha: float, anytime: bool = False) -> int:
    """The fewest numbers that have an interval which encloses their median with probability 1 - ``alpha``.

    >>> fewest(0.05), fewest(0.05 / 30), fewest(0.05 / 200), fewest(0.05, anytime=True)
    (6, 11, 13, 8)
    """
    n = 1
    while not rank(n, alpha, anytime):
        n += 1
    return n
