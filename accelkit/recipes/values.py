"""Each: the values of a property to try one after the other."""

from __future__ import annotations

from typing import Any, Generic, NoReturn, TypeVar

from accelkit.errors import ComposeError, shown
from accelkit.recipes.immutable import Immutable

V_co = TypeVar("V_co", covariant=True)


class Each(Immutable, Generic[V_co]):
    """Values to try one after the other, for use in a property: ``tb_size(each(32, 256))``.

    Raises ComposeError if there are none, or for anything but a tuple.

    >>> from accelkit import each, tb_size
    >>> each(32, 256), tb_size(each(32, 256))
    (each(32, 256), tb_size(each(32, 256)))
    """

    __slots__ = fields = ("values",)
    values: tuple[V_co, ...]

    def __init__(self, values: tuple[V_co, ...]) -> None:
        given: Any = values
        if type(given) is not tuple:
            raise ComposeError(f"Each: got {shown(given)}; takes a tuple; write each(32, 256)")
        if not given:
            raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")
        self.fill(values=values)

    def __or__(self, other: object) -> NoReturn:
        raise ComposeError(f"{shown(self)}: values belong inside a property, as in tb_size({shown(self)})")

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"each({', '.join(map(repr, self.values))})"
