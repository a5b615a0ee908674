"""The best estimate of which point is the best, from the search and the confirming study together. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.search import Search


def pick_of(search: Search, confirming: Iterable[Evaluation]) -> int:
    """The point that all trials together say is the best: one of those confirmed, if any of them worked.

    ``confirming`` are the trials of the confirming study; its blocks may have the numbers of blocks of the search. The
    search itself is left as it is.

    >>> from accelkit import each, tb_size, tcg
    >>> search = Search(tcg() | tb_size(each(8, 64)), baseline=0, budget=30)
    >>> search.tell([Evaluation(0, 0, 0.30), Evaluation(1, 0, 0.32)])
    >>> pick_of(
    ...     search, [Evaluation(point, block, [0.3, 0.2][point]) for block in range(6) for point in (0, 1)]
    ... )
    1
    """
    fresh = [Evaluation(point, -1 - block, score) for point, block, score in confirming]
    return search.told(fresh).best_of(point for point, _, _ in fresh)
