"""Space: a finite product of recipes, lazy and indexable. Only iteration enumerates its points.

A space is a sequence of factors, composed left to right, the leftmost slowest. A factor is one recipe, an
``Axis`` (one of several choices) or ``Alternatives`` (a fallback whose parts vary). Point k is computed from its
mixed-radix digits, so a space of 10^12 points takes no memory.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate, chain
from math import prod
from operator import index
from typing import Any, Final, Generic, NoReturn, cast, overload

from accelkit.errors import ComposeError, DomainError, shown
from accelkit.recipes._compiled import compiled_argv, compiled_argvs
from accelkit.recipes.fallback import Fallback, accel_of
from accelkit.recipes.points import Points, Unchanging
from accelkit.recipes.recipe import A, A_contra, Recipe, code_of, unjoined, words
from accelkit.recipes.render import render

#: One point of a space.
Point = Recipe[Any] | Fallback
_LARGEST_LEN: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Axis:
    """One of several choices. A choice that is a space stands for all its points."""

    choices: tuple[Recipe[Any] | Space[Any] | Fallback, ...]
    code: str = field(compare=False)
    ends: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", tuple(accumulate(map(points_in, self.choices))))

    @property
    def size(self) -> int:
        """The number of points."""
        return self.ends[-1]

    def point(self, k: int) -> Point:
        """The k-th point, 0 <= k < size."""
        if len(self.choices) == self.ends[-1]:  # every choice is one point
            choice = self.choices[k]
            return choice[0] if isinstance(choice, Space) else choice
        number = bisect_right(self.ends, k)
        choice = self.choices[number]
        return choice[k - (self.ends[number - 1] if number else 0)] if isinstance(choice, Space) else choice


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A fallback with alternatives that vary; the first alternative is the slowest."""

    parts: tuple[Recipe[Any] | Space[Any], ...]

    @property
    def size(self) -> int:
        """The number of points."""
        return prod(map(points_in, self.parts))

    @property
    def code(self) -> str:
        """The Python source that makes it."""
        return f"first_of({', '.join(map(repr, self.parts))})"

    def point(self, k: int) -> Point:
        """The k-th point, 0 <= k < size."""
        chosen: list[Point] = []
        for part in reversed(self.parts):
            k, digit = divmod(k, points_in(part))
            chosen.append(part[digit] if isinstance(part, Space) else part)
        flat = [point.alternatives if isinstance(point, Fallback) else (point,) for point in reversed(chosen)]
        return Fallback(tuple(chain.from_iterable(flat)))


Factor = Recipe[Any] | Axis | Alternatives
_FACTORS: Final = (Recipe, Axis, Alternatives)
PointKind = tuple[frozenset[str] | None, bool] | str
PointKinds = dict[PointKind, Point]


def points_in(x: Recipe[Any] | Space[Any] | Fallback) -> int:
    """The number of points of a space; 1 for anything else."""
    return x.size if isinstance(x, Space) else 1


class Space(Unchanging, Generic[A_contra]):
    """Recipes by number: ``len(space)``, ``space[k]``, slices, iteration, ``space.sample(n)``, ``point in space``.

    A Sequence, so ``random.choice(space)`` and ``random.sample(space, 5)`` work, without going through the points.

    ``recipe | space`` and ``space | space`` are products, leftmost slowest. Composing raises ComposeError if some
    point has recipes that no accelerator takes together; iterating never does. To filter, write plain Python:
    ``[point for point in space if …]``.

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> space = tcg() | tb_size(each(32, 256)) | thread(each(single, multi))
    >>> len(space), space[3], len(space.sample(2, seed=1))
    (4, tcg() | tb_size(256) | thread(multi), 2)
    """

    __slots__ = ("_factors", "_size", "kinds")
    __array_ufunc__ = None  # numpy leaves its array | space to the space, of which it would list the points
    _factors: tuple[Factor, ...]
    _size: int
    kinds: PointKinds  #: one point of each kind

    def __init__(self, factors: tuple[Factor, ...]) -> None:
        given: Any = factors
        if (
            type(given) is not tuple
            or not given
            or not all(isinstance(f, _FACTORS) for f in cast("tuple[Any]", given))
        ):
            raise ComposeError(f"Space: got {shown(given)}; takes factors; write tb_size(each(32, 256))")
        self._factors = factors
        self._size = prod(1 if isinstance(factor, Recipe) else factor.size for factor in factors)
        self.kinds = reduce(_composed_kinds, map(_kinds_of, factors))

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors of the product, left to right."""
        return self._factors

    @property
    def size(self) -> int:
        """The number of points. ``len`` works up to 2^63 - 1 only."""
        return self._size

    def __len__(self) -> int:
        if self._size > _LARGEST_LEN:
            raise OverflowError(f"{shown(self._size)} points are too many for len(); read space.size")
        return self._size

    @overload
    def __getitem__(self, k: int, /) -> Any: ...
    @overload
    def __getitem__(self, k: slice, /) -> Points: ...
    def __getitem__(self, k: int | slice, /) -> Any:
        if isinstance(k, slice):
            return Points(self, range(self._size)[k])
        try:
            number = index(k)
        except TypeError:
            raise ComposeError(f"space[…]: got {shown(k)}; takes the number of a point, or a slice") from None
        rest = number + self._size if number < 0 else number
        if not 0 <= rest < self._size:
            raise IndexError(
                f"point {shown(number)} of a space of {shown(self._size)}; allowed: 0 to {shown(self._size - 1)}"
            )
        points: list[Point] = []
        for factor in reversed(self._factors):
            if isinstance(factor, Recipe):
                points.append(factor)
            else:
                rest, digit = divmod(rest, factor.size)
                points.append(factor.point(digit))
        return reduce(_then, reversed(points))

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(self._size))

    def __reversed__(self) -> Iterator[Any]:
        return (self[k] for k in range(self._size - 1, -1, -1))

    def argvs(self) -> Iterator[list[str]]:
        """The argv of every point, in order. The texts of each axis are prepared once."""
        return compiled_argvs(self._factors) or map(render, self)

    def argvs_of(self, numbers: Iterable[int]) -> Iterator[list[str]]:
        """The argv of the points with these numbers, in their order."""
        write = compiled_argv(self._factors)
        return (render(self[k]) for k in numbers) if write is None else map(write, numbers)

    def sample(self, n: int, seed: int | None = None) -> Points:
        """``n`` distinct points in random order, all points if there are fewer; the same points for the same seed.

        Raises DomainError for an ``n`` that is not a whole number from 0 on.
        """
        from accelkit.recipes.drawing import drawn  # imported here, as below, to keep `import accelkit` light

        return Points(self, drawn(self._size, n, seed))

    def __contains__(self, point: object) -> bool:
        return self._found(point) is not None

    def index(self, point: object, start: int = 0, stop: int | None = None, /) -> int:
        """The number of the first point that is equal to ``point``. Raises DomainError where there is none.

        As ``in`` and ``count``, it looks at the choices of each axis and not at the points.
        """
        numbers = range(self._size)[start:stop]
        match = self._found(point)
        number = None if match is None else match.first
        if (
            match is not None and match.points > 1 and match.first not in numbers
        ):  # rare: the same point again
            number = next((k for k in numbers if self[k] == point), None)
        if number is None or number not in numbers:
            raise DomainError(f"index: {shown(point)} is not among these points of {shown(self)}")
        return number

    def count(self, point: object) -> int:
        """How many points are equal to ``point``."""
        match = self._found(point)
        return 0 if match is None else match.points

    def _found(self, point: object) -> Any:
        from accelkit.recipes.membership import found

        return found(self._factors, point)

    def __or__(self: Space[A], other: Recipe[A] | Space[A], /) -> Space[A]:
        if isinstance(other, Space):
            return Space(_merged(self._factors, other._factors))
        if isinstance(other, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            return Space(_merged(self._factors, (other,)))
        return unjoined(self, other)

    def __ror__(self: Space[A], other: Recipe[A], /) -> Space[A]:
        if isinstance(other, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            return Space(_merged((other,), self._factors))
        raise words().no_recipe(other, f"… | {shown(self)}")

    def __bool__(self) -> NoReturn:
        raise ComposeError("a space is neither true nor false; for its number of points use len(space)")

    def __eq__(self, other: object) -> bool:
        return self._factors == other._factors if isinstance(other, Space) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._factors)

    def __reduce__(self) -> tuple[Any, ...]:
        return Space, (self._factors,)

    def __repr__(self) -> str:
        codes = (
            [put.code for put in f.steps] or [repr(f)] if isinstance(f, Recipe) else [f.code]
            for f in self._factors
        )
        return code_of(chain.from_iterable(codes))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"{self!r}  # {shown(self._size)} points")


cast("Any", Sequence).register(Space)  # no base class: its metaclass would slow down each isinstance


def _then(left: Point, right: Point) -> Any:
    return left | right  # raises ComposeError for a Fallback


def _merged(left: tuple[Factor, ...], right: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """The factors of both. Neighbouring recipes are joined, so that ``|`` stays associative."""
    if right[0] == Recipe():
        return (*left, *right[1:])
    if left[-1] == Recipe():
        return (*left[:-1], *right)
    if isinstance(left[-1], Recipe) and isinstance(right[0], Recipe):
        return (*left[:-1], left[-1] | right[0], *right[1:])
    return left + right


def _kind_of(point: Point) -> PointKind:
    """What decides whether a point can be joined with another: its accelerators, and whether it chooses one."""
    return "first_of" if isinstance(point, Fallback) else (point.accels, accel_of(point) is not None)


def _kinds_of(factor: Factor) -> PointKinds:
    if isinstance(factor, Recipe):
        return {_kind_of(factor): factor}
    if isinstance(factor, Alternatives):
        return {"first_of": factor.point(0)}
    kinds: PointKinds = {}
    for choice in factor.choices:
        if isinstance(choice, Space):
            kinds = choice.kinds | kinds
        else:
            kinds.setdefault(_kind_of(choice), choice)
    return kinds


def _composed_kinds(left: PointKinds, right: PointKinds) -> PointKinds:
    """One point for each pair of kinds. Raises ComposeError for a pair that cannot be joined."""
    together: list[Point] = [_then(one, other) for one in left.values() for other in right.values()]
    return {_kind_of(point): point for point in together}
