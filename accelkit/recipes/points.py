"""Points: some points of a space, by number, lazy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from accelkit.errors import ComposeError, DomainError, shown

#: To checkers a space is a Sequence, which does not change.
_Base = Sequence[Any] if TYPE_CHECKING else object


class Unchanging(_Base):
    """Refuses in words what ``random.shuffle`` tries to do with a space and its points."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __setitem__(self, _: object, __: object) -> NoReturn:
            raise ComposeError(
                "a space and its points do not change; for random order write space.sample(len(space)), "
                "for a list that changes list(space)"
            )


@dataclass(frozen=True, slots=True, repr=False)
class Points(Unchanging, Sequence[Any]):
    """Some points of a space, by number: a slice or a sample. A lazy sequence.

    Raises ComposeError for anything but a space and numbers.

    >>> from accelkit import each, tb_size, tcg
    >>> points = (tcg() | tb_size(each(32, 64, 256)))[1:]
    >>> len(points), list(points)
    (2, [tcg() | tb_size(64), tcg() | tb_size(256)])
    """

    space: Any  # a Space, whose module imports this one
    numbers: Sequence[int]

    def __post_init__(self) -> None:
        if not hasattr(self.space, "factors") or not isinstance(self.numbers, Sequence):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise ComposeError("Points: takes a space and numbers; write space[1:3] or space.sample(2)")

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, k: int | slice, /) -> Any:
        if isinstance(k, slice):
            return Points(self.space, self.numbers[k])
        return self.space[self.numbers[k]]

    def __contains__(self, point: object) -> bool:
        return self._place(point) is not None

    def index(self, point: object, start: int = 0, stop: int | None = None) -> int:
        """The place of the first point that is equal to ``point``. Raises DomainError where there is none."""
        first, end, _ = slice(start, stop).indices(len(self))
        place = self._place(point, first, end)
        if place is None:
            raise DomainError(f"index: {shown(point)} is not among {shown(self)}")
        return place

    def _place(self, point: object, first: int = 0, end: int | None = None) -> int | None:
        if self.space.count(point) == 1:  # by the choices of the axes, not by going through the points
            number = self.space.index(point)
            if isinstance(self.numbers, range) and number not in self.numbers:
                return None
            numbers = self.numbers[first:end]
            return first + numbers.index(number) if number in numbers else None
        if point not in self.space:
            return None
        return next((k for k in range(len(self))[first:end] if self[k] == point), None)

    def argvs(self) -> Iterator[list[str]]:
        """The argv of every point, in order. The texts of each axis are prepared once."""
        return self.space.argvs_of(self.numbers)

    def __repr__(self) -> str:
        return f"<{len(self)} of the {shown(self.space.size)} points of {self.space!r}>"
