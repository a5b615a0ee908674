"""The numbers of a random sample: distinct, in random order, the same for the same seed. Only ``space.py`` imports it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from accelkit.errors import DomainError, shown

_LARGEST_LEN: Final = (1 << 63) - 1
_LARGEST_SAMPLE: Final = 10_000_000  # points; their numbers are kept


def drawn(size: int, n: int, seed: int | None) -> Sequence[int]:
    """``n`` distinct numbers below ``size`` in random order, all of them if there are fewer.

    Raises DomainError for an ``n`` that is not a whole number from 0 on, and for a seed that is not a whole number or None.

    >>> sorted(drawn(3, 5, seed=1)), drawn(1 << 80, 2, seed=1) == drawn(1 << 80, 2, seed=1)
    ([0, 1, 2], True)
    """
    if not isinstance(n, int) or n < 0:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise DomainError(f"sample: got {shown(n)}; takes how many points, a whole number from 0 on")
    if not isinstance(seed, int | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise DomainError(f"sample: seed is {shown(seed)}; takes a whole number, or None")
    if min(n, size) > _LARGEST_SAMPLE:
        raise DomainError(f"sample: got {shown(n)}; takes at most {_LARGEST_SAMPLE} points")
    random = Random(seed)
    if size <= _LARGEST_LEN:
        return tuple(random.sample(range(size), min(n, size)))
    numbers: dict[int, None] = {}  # random.sample needs a len(); drawing a number twice is very unlikely
    while len(numbers) < n:
        numbers[random.randrange(size)] = None
    return tuple(numbers)
