"""Each: the values that a sweep tries in one property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from accelkit.errors import ComposeError

V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Each(Generic[V_co]):
    """Values to try one after the other, for use in a property: ``tb_size(each(32, 256))``.

    Raises ComposeError if there are none.

    >>> from accelkit import each, tb_size
    >>> each(32, 256), tb_size(each(32, 256))
    (each(32, 256), tb_size(each(32, 256)))
    """

    values: tuple[V_co, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")

    def __or__(self, other: object) -> NoReturn:
        raise ComposeError(f"{self!r}: values belong inside a property, as in tb_size({self!r})")

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"each({', '.join(map(repr, self.values))})"
