"""What a space is a product of: a recipe, an ``Axis`` (one of several choices), ``Alternatives`` (a fallback that varies)."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, chain
from math import prod
from typing import TYPE_CHECKING, Any, Final

from accelkit.recipes.fallback import Fallback
from accelkit.recipes.immutable import Immutable
from accelkit.recipes.recipe import Recipe

if TYPE_CHECKING:
    from typing import Protocol

    class Many(Protocol):
        """A space, which stands for all its points."""

        @property
        def size(self) -> int: ...
        def __getitem__(self, k: int, /) -> Any: ...


#: One point of a space.
Point = Recipe[Any] | Fallback
_POINTS: Final = (Recipe, Fallback)


class Axis(Immutable):
    """One of several choices. A choice that is a space stands for all its points."""

    __slots__ = ("choices", "code", "ends")
    fields = ("choices",)
    choices: tuple[Recipe[Any] | Many | Fallback, ...]
    code: str  # the Python source that makes it; not a part of the value
    ends: tuple[int, ...]  # the number of points up to each choice

    def __init__(self, choices: tuple[Recipe[Any] | Many | Fallback, ...], code: str) -> None:
        self.fill(choices=choices, code=code, ends=tuple(accumulate(map(points_in, choices))))

    def __reduce__(self) -> tuple[Any, ...]:
        return Axis, (self.choices, self.code)

    @property
    def size(self) -> int:
        """The number of points."""
        return self.ends[-1]

    def point(self, k: int) -> Point:
        """The k-th point, 0 <= k < size."""
        if len(self.choices) == self.ends[-1]:  # every choice is one point
            choice = self.choices[k]
            return choice if isinstance(choice, _POINTS) else choice[0]
        number = bisect_right(self.ends, k)
        choice = self.choices[number]
        return choice if isinstance(choice, _POINTS) else choice[k - (self.ends[number - 1] if number else 0)]


class Alternatives(Immutable):
    """A fallback with alternatives that vary; the first alternative is the slowest."""

    __slots__ = fields = ("parts",)
    parts: tuple[Recipe[Any] | Many, ...]

    def __init__(self, parts: tuple[Recipe[Any] | Many, ...]) -> None:
        self.fill(parts=parts)

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
            chosen.append(part if isinstance(part, _POINTS) else part[digit])
        flat = [point.alternatives if isinstance(point, Fallback) else (point,) for point in reversed(chosen)]
        return Fallback(tuple(chain.from_iterable(flat)))


Factor = Recipe[Any] | Axis | Alternatives


def points_in(x: Recipe[Any] | Many | Fallback) -> int:
    """The number of points of a space; 1 for anything else."""
    return 1 if isinstance(x, _POINTS) else x.size
