"""What points cost beside each other, from blocks that have different points: points and blocks, by least squares. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

import numpy as np

Key = TypeVar("Key", bound=Hashable)

MOST_ROUNDS: Final = 200
CLOSE: Final = 1e-9


class Level(NamedTuple):
    """The level of a point, as a logarithm, and the number of blocks that it was measured in."""

    value: float
    blocks: int


def levels(costs: Iterable[tuple[Key, int, float]]) -> Mapping[Key, Level]:
    """The level of each point, from ``(point, block, logarithm)``: least squares of point plus block, as logarithms.

    So a point that was measured only in slow blocks is not taken for a slow one. The two effects are computed in turns,
    each as the mean of what the other leaves, until they stay (Gauss-Seidel). Levels are comparable where blocks share
    points, as those of a search do.

    >>> found = levels([("a", 0, 1.0), ("b", 0, 2.0), ("a", 1, 5.0), ("c", 1, 5.5)])
    >>> {name: round(level.value - found["a"].value, 6) for name, level in found.items()}
    {'a': 0.0, 'b': 1.0, 'c': 0.5}
    """
    rows = [*costs]
    if not rows:
        return {}
    keys = {key: number for number, key in enumerate(dict.fromkeys(row[0] for row in rows))}
    names = {block: number for number, block in enumerate(dict.fromkeys(row[1] for row in rows))}
    points = np.array([keys[row[0]] for row in rows])
    blocks = np.array([names[row[1]] for row in rows])
    logs = np.array([row[2] for row in rows])
    of_point, of_block = np.bincount(points), np.bincount(blocks)
    point = np.zeros(len(keys))
    for _ in range(MOST_ROUNDS):
        block = np.bincount(blocks, logs - point[points]) / of_block
        new = np.bincount(points, logs - block[blocks]) / of_point
        change = float(np.abs(new - point).max())
        point = new
        if change < CLOSE:
            break
    return {key: Level(float(point[number]), int(of_point[number])) for key, number in keys.items()}
