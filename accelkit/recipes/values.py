"""Each: the values of a property to try one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from accelkit.errors import ComposeError, shown

V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Each(Generic[V_co]):
    """Values to try one after the other, for use in a property: ``tb_size(each(32, 256))``.

    Raises ComposeError if there are none, or for anything but a tuple.

    >>> from accelkit import each, tb_size
    >>> each(32, 256), tb_size(each(32, 256))
    (each(32, 256), tb_size(each(32, 256)))
    """

    values: tuple[V_co, ...]

    def __post_init__(self) -> None:
        given: Any = self.values
        if type(given) is not tuple:
            raise ComposeError(f"Each: got {shown(given)}; takes a tuple; write each(32, 256)")
        if not given:
            raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")

    def __or__(self, other: object) -> NoReturn:
        raise ComposeError(f"{shown(self)}: values belong inside a property, as in tb_size({shown(self)})")

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"each({', '.join(map(repr, self.values))})"
