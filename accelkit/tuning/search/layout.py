"""The points of a search by number, and each as levels of factors, so that what is learnt of one is known of others. Pure.

A list of points, and a space of at most :data:`MOST_LISTED`, are listed: their factors are the properties that vary. Of a
larger space only its axes are looked at, whose choices are the levels; a point is then its mixed-radix digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final, Protocol, cast, runtime_checkable

import numpy as np

from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.study.analysis.surface import Factors
from accelkit.study.analysis.surface.factors import Codes
from accelkit.study.model import Configuration
from accelkit.study.swept import ABSENT, axes_of

Point = Recipe[Any] | Fallback | Configuration
"""One point of a search: a recipe, or the configuration that it makes."""

MOST_LISTED: Final = 5_000
"""A space of at most so many points is listed: each is looked at whenever a block is chosen."""

MOST_LEVELS: Final = 48
"""An axis with more levels is two factors or more: which stretch of levels, which level of the stretch."""


@runtime_checkable
class Layout(Protocol):
    """Points by number, as rows of codes: the level of each factor."""

    @property
    def factors(self) -> Factors:
        """What varies."""
        ...

    @property
    def size(self) -> int:
        """The number of points."""
        ...

    @property
    def axes(self) -> tuple[slice, ...]:
        """Which factors belong to each axis: one, or the digits of a long one."""
        ...

    @property
    def listed(self) -> Codes | None:
        """The codes of all points, in order; None if there are too many."""
        ...

    def codes(self, numbers: Sequence[int]) -> Codes:
        """(points, factors): the codes of the points with these numbers."""
        ...

    def numbers(self, codes: Codes) -> list[int | None]:
        """The numbers of the points with these codes; None where there is none."""
        ...


def layout_of(points: Space[Any] | Sequence[Point]) -> Layout:
    """The layout of a space, or of a list of recipes or configurations.

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> layout = layout_of(tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi)))
    >>> layout.factors.names, layout.codes([5]).tolist(), layout.numbers(layout.codes([5, 0]))
    (('tb-size', 'thread'), [[2, 1]], [5, 0])
    """
    if isinstance(points, Space) and points.size > MOST_LISTED:
        return _of_axes(cast("Space[Any]", points))
    return _of_list([_configuration(point) for point in points])


def grid(factors: Factors) -> Layout:
    """The layout of all combinations of the levels, the first factor the slowest."""
    return Grid(factors, factors.sizes, [(size,) for size in factors.sizes])


def _configuration(point: Point) -> Configuration:
    return point if isinstance(point, Configuration) else Configuration(point)


class Listed:
    """Points that are listed. Of several with the same codes the first has the number."""

    def __init__(self, factors: Factors, listed: Codes, axes: tuple[slice, ...]) -> None:
        self.factors, self.listed, self.axes = factors, listed, axes
        self._numbers: dict[bytes, int] = {}
        for number, row in enumerate(listed):
            self._numbers.setdefault(row.tobytes(), number)

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.listed)

    def codes(self, numbers: Sequence[int]) -> Codes:
        """(points, factors): the codes of the points with these numbers."""
        return self.listed[np.asarray(numbers, dtype=np.int64)]

    def numbers(self, codes: Codes) -> list[int | None]:
        """The numbers of the points with these codes; None where there is none."""
        return [self._numbers.get(row.tobytes()) for row in codes]


class Grid:
    """A product of axes, each of one factor, or of several where it is long.

    ``lengths`` are the numbers of levels of the axes, ``digits`` the sizes of the factors of each. What a point is among
    the levels of an axis is written with one digit for each of the factors.
    """

    def __init__(self, factors: Factors, lengths: Sequence[int], digits: Sequence[Sequence[int]]) -> None:
        self.factors, self.lengths, self.digits = factors, lengths, digits
        self.axes = _slices(digits)
        self.size = math.prod(lengths)
        self.listed = self.codes(range(self.size)) if self.size <= MOST_LISTED else None

    def codes(self, numbers: Sequence[int]) -> Codes:
        """(points, factors): the codes of the points with these numbers."""
        rows = [self._row(number) for number in numbers]
        return np.array(rows, dtype=np.int64).reshape(len(rows), len(self.factors.names))

    def _row(self, number: int) -> list[int]:
        levels = written(number, self.lengths)
        return [
            digit for level, sizes in zip(levels, self.digits, strict=True) for digit in written(level, sizes)
        ]

    def numbers(self, codes: Codes) -> list[int | None]:
        """The numbers of the points with these codes; None where there is none."""
        return [self._number(row) for row in codes.tolist()]

    def _number(self, row: Sequence[int]) -> int | None:
        number, digits = 0, iter(row)
        for sizes, length in zip(self.digits, self.lengths, strict=True):
            level = 0
            for size in sizes:
                level = level * size + next(digits)
            if level >= length:  # the digits may write more than there are
                return None
            number = number * length + level
        return number


def written(number: int, sizes: Sequence[int]) -> list[int]:
    """The mixed-radix digits of a number, the first one the most significant.

    >>> written(5, (3, 2))
    [2, 1]
    """
    digits: list[int] = []
    for size in reversed(sizes):
        number, digit = divmod(number, size)
        digits.append(digit)
    return digits[::-1]


def _of_list(configurations: Sequence[Configuration]) -> Listed:
    levels: dict[str, Sequence[str]] = {}
    columns: list[list[int]] = []
    digits_of: list[tuple[int, ...]] = []
    for axis in axes_of(configurations).values():
        places = {value: place for place, value in enumerate(axis.values)}
        sizes = _digits(len(places))
        digits_of.append(sizes)
        levels |= _named(axis.name, axis.values, sizes)
        digits = [written(places[point.settings.get(axis.name, ABSENT)], sizes) for point in configurations]
        columns += [list(column) for column in zip(*digits, strict=True)]
    codes = np.array(columns, dtype=np.int64).reshape(len(columns), len(configurations))
    return Listed(Factors.of(levels), np.ascontiguousarray(codes.T), _slices(digits_of))


def _of_axes(space: Space[Any]) -> Grid:
    """The layout of a large space by its axes: each choice is looked at with the first choice of the other axes."""
    lengths = [1 if isinstance(factor, Recipe) else factor.size for factor in space.factors]
    levels: dict[str, Sequence[str]] = {}
    digits: list[tuple[int, ...]] = []
    step = space.size
    for length in lengths:
        step //= length
        if length == 1:
            continue
        sizes = _digits(length)
        stride = math.prod(sizes[1:])
        points = [Configuration(space[choice * step]) for choice in range(0, length, stride)]
        axes = axes_of(points)
        name = ", ".join(axes) or f"choice {len(digits) + 1}"
        texts = [", ".join(point.settings.get(key, ABSENT) for key in axes) for point in points]
        digits.append(sizes)
        while name in levels:
            name += " again"
        levels |= _named(name, texts, sizes)
    return Grid(Factors.of(levels), [length for length in lengths if length > 1], digits)


def _digits(size: int) -> tuple[int, ...]:
    """The sizes of the fewest factors with at most MOST_LEVELS levels each that together have ``size`` or more.

    >>> _digits(40), _digits(1000)
    ((40,), (32, 32))
    """
    count = 1
    while MOST_LEVELS**count < size:
        count += 1
    base = math.ceil(size ** (1 / count)) if count > 1 else size
    return (math.ceil(size / base ** (count - 1)), *[base] * (count - 1))


def _slices(digits: Sequence[Sequence[int]]) -> tuple[slice, ...]:
    """Where the digits of each axis are among all.

    >>> _slices([(5,), (32, 32)])
    (slice(0, 1, None), slice(1, 3, None))
    """
    ends = list(accumulate(map(len, digits)))
    return tuple(slice(end - len(sizes), end) for end, sizes in zip(ends, digits, strict=True))


def _named(name: str, values: Sequence[str], sizes: Sequence[int]) -> dict[str, Sequence[str]]:
    """The factors of an axis with the texts of their levels; ``values`` are of all levels, or one of each stretch."""
    if len(sizes) == 1:
        return {name: values}
    stride = len(values) // sizes[0] or 1
    first = [values[min(level * stride, len(values) - 1)] for level in range(sizes[0])]
    rest = {
        f"{name} (digit {place})": [str(level) for level in range(size)]
        for place, size in enumerate(sizes[1:], 2)
    }
    return {name: first, **rest}
