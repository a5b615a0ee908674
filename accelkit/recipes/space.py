"""Space: a finite product of recipes, lazy and indexable. Only iteration enumerates its points.

A space is a sequence of factors, composed left to right, the leftmost slowest. A factor is one recipe, an
``Axis`` (one of several choices) or ``Alternatives`` (a fallback whose parts vary). Point k is computed from its
mixed-radix digits, so a space of 10^12 points takes no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import product, starmap
from math import prod
from operator import index
from typing import Any, Final, Generic, Literal, NoReturn, cast, overload

from accelkit.errors import ComposeError, DomainError, shown
from accelkit.recipes._compiled import compiled_argv, compiled_argvs
from accelkit.recipes.factors import Alternatives, Axis, Factor, Point
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.immutable import Immutable
from accelkit.recipes.recipe import A, A_contra, Recipe, no_recipe, unjoined
from accelkit.recipes.render import render

_LARGEST_LEN: Final = (1 << 63) - 1
_LARGEST_SAMPLE: Final = 10_000_000  # points; their numbers are kept


_FACTORS: Final = (Recipe, Axis, Alternatives)
#: The accelerators that know a point; whether it chooses one or removes it, None if neither.
PointKind = tuple[frozenset[str] | None, bool | None] | Literal["first_of"]
PointKinds = dict[PointKind, Point]


class Space(Generic[A_contra]):
    """Recipes by number: ``len(space)``, ``space[k]``, slices, iteration, ``space.sample(n)``.

    ``recipe | space`` and ``space | space`` are products, leftmost slowest. Composing raises ComposeError if some
    point has recipes that no accelerator takes together; iterating never does. To filter, write plain Python:
    ``[point for point in space if …]``.

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> space = tcg() | tb_size(each(32, 256)) | thread(each(single, multi))
    >>> len(space), space[3], len(space.sample(2, seed=1))
    (4, tcg() | tb_size(256) | thread(multi), 2)
    """

    __slots__ = ("_argvs", "_factors", "_size", "kinds")
    _factors: tuple[Factor, ...]
    _size: int
    kinds: PointKinds  #: one point of each kind

    def __init__(self, factors: tuple[Factor, ...]) -> None:
        given: Any = factors
        if type(given) is not tuple or not all(isinstance(f, _FACTORS) for f in cast("Any", given) or [0]):
            raise ComposeError(f"Space: got {shown(given)}; takes factors; write tb_size(each(32, 256))")
        self._argvs: Callable[[], Iterator[list[str]]] | None = None  # prepared when first asked for
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

    def argvs(self) -> Iterator[list[str]]:
        """The argv of every point, in order. The texts of each axis are prepared once."""
        if self._argvs is None:
            self._argvs = compiled_argvs(self._factors)
        return self._argvs() if all(map(_chooses, self.kinds)) else map(render, self)

    def sample(self, n: int, seed: int | None = None) -> Points:
        """``n`` distinct points in random order, all points if there are fewer; the same points for the same seed.

        Raises DomainError for an ``n`` that is not a whole number from 0 on.
        """
        from random import Random  # imported here, to keep `import accelkit` light

        if not isinstance(n, int) or n < 0:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise DomainError(f"sample: got {shown(n)}; takes how many points, a whole number from 0 on")
        if not isinstance(seed, int | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise DomainError(f"sample: seed is {shown(seed)}; takes a whole number, or None")
        if min(n, self._size) > _LARGEST_SAMPLE:
            raise DomainError(f"sample: got {shown(n)}; takes at most {_LARGEST_SAMPLE} points")
        random = Random(seed)
        if self._size <= _LARGEST_LEN:
            return Points(self, tuple(random.sample(range(self._size), min(n, self._size))))
        drawn: dict[int, None] = {}  # random.sample needs a len(); drawing a number twice is very unlikely
        while len(drawn) < n:
            drawn[random.randrange(self._size)] = None
        return Points(self, tuple(drawn))

    def __or__(self: Space[A], other: Recipe[A] | Space[A], /) -> Space[A]:
        if isinstance(other, Space):
            return Space(_merged(self._factors, other._factors))
        if isinstance(other, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            return Space(_merged(self._factors, (other,)))
        return unjoined(self, other)

    def __ror__(self: Space[A], other: Recipe[A], /) -> Space[A]:
        if isinstance(other, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            return Space(_merged((other,), self._factors))
        raise no_recipe(other, f"… | {shown(self)}")

    def __bool__(self) -> NoReturn:
        raise ComposeError("a space is neither true nor false; for its number of points use len(space)")

    def __eq__(self, other: object) -> bool:
        return self._factors == other._factors if isinstance(other, Space) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._factors)

    def __reduce__(self) -> tuple[Any, ...]:
        return Space, (self._factors,)

    def __repr__(self) -> str:
        return " | ".join(repr(f) if isinstance(f, Recipe) else f.code for f in self._factors)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"{self!r}  # {shown(self._size)} points")


class Points(Immutable, Sequence[Any]):
    """Some points of a space, by number: a slice or a sample. A lazy sequence.

    Raises ComposeError for anything but a space and numbers.

    >>> from accelkit import each, tb_size, tcg
    >>> points = (tcg() | tb_size(each(32, 64, 256)))[1:]
    >>> len(points), list(points)
    (2, [tcg() | tb_size(64), tcg() | tb_size(256)])
    """

    __slots__ = fields = ("space", "numbers")
    space: Space[Any]
    numbers: Sequence[int]

    def __init__(self, space: Space[Any], numbers: Sequence[int]) -> None:
        if not isinstance(space, Space) or not isinstance(numbers, Sequence):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise ComposeError("Points: takes a space and numbers; write space[1:3] or space.sample(2)")
        self.fill(space=space, numbers=numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, k: int | slice, /) -> Any:
        if isinstance(k, slice):
            return Points(self.space, self.numbers[k])
        return self.space[self.numbers[k]]

    def argvs(self) -> Iterator[list[str]]:
        """The argv of every point, in order. The texts of each axis are prepared once."""
        write = compiled_argv(self.space.factors)
        return map(render, self) if write is None else map(write, self.numbers)

    def __repr__(self) -> str:
        return f"<{len(self)} of the {shown(self.space.size)} points of {self.space!r}>"


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
    """What decides whether a point can be joined with another, and rendered."""
    return "first_of" if isinstance(point, Fallback) else (point.shape.accels, point.shape.chosen)


def _chooses(kind: PointKind) -> bool:
    """Whether points of the kind choose an accelerator; of others render raises ComposeError."""
    return kind == "first_of" or bool(kind[1])


def _kinds_of(factor: Factor) -> PointKinds:
    if isinstance(factor, Recipe):
        return {_kind_of(factor): factor}
    if isinstance(factor, Alternatives):
        return {"first_of": factor.point(0)}
    kinds: PointKinds = {}
    for choice in factor.choices:
        if isinstance(choice, (Recipe, Fallback)):
            kinds.setdefault(_kind_of(choice), choice)
        else:
            kinds = cast("Space[Any]", choice).kinds | kinds
    return kinds


def _composed_kinds(left: PointKinds, right: PointKinds) -> PointKinds:
    """One point for each pair of kinds. Raises ComposeError for a pair that cannot be joined."""
    return {_kind_of(point): point for point in starmap(_then, product(left.values(), right.values()))}
