"""Fallback: several ``-accel`` in order. QEMU tries one after the other and takes the first that works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, cast

from accelkit.errors import ComposeError, shown
from accelkit.recipes.immutable import Immutable
from accelkit.recipes.recipe import Recipe


class Fallback(Immutable):
    """Alternatives in the order in which QEMU tries them, one ``-accel`` for each.

    QEMU tries the next alternative only if an accelerator is missing or cannot start. A bad property ends QEMU.
    Source: ``do_configure_accelerator`` in ``system/vl.c``. Raises ComposeError for anything but recipes.

    >>> from accelkit import first_of, kvm, render, tb_size, tcg
    >>> either = first_of(kvm(), tcg() | tb_size(256))
    >>> len(either.alternatives), render(either)
    (2, ['-accel', 'kvm', '-accel', 'tcg,tb-size=256'])
    """

    __slots__ = fields = ("alternatives",)
    alternatives: tuple[Recipe[Any], ...]

    def __init__(self, alternatives: tuple[Recipe[Any], ...]) -> None:
        parts: Any = alternatives
        if type(parts) is not tuple or not all(
            isinstance(part, Recipe) for part in cast("tuple[Any]", parts)
        ):
            raise ComposeError(
                f"Fallback: got {shown(parts)}; takes a tuple of recipes; write first_of(a, b)"
            )
        self.fill(alternatives=alternatives)

    def __iter__(self) -> Iterator[Recipe[Any]]:
        return iter(self.alternatives)

    def __or__(self, other: object) -> NoReturn:
        raise ComposeError(
            "first_of(…) | option: an option belongs to one alternative; "
            f"write it inside, as in first_of({shown(self.alternatives[0])} | {shown(other)}, …)"
        )

    def __ror__(self, other: object) -> NoReturn:
        raise ComposeError(
            "recipe | first_of(…): one -accel cannot hold another; "
            "put the recipe among the alternatives: first_of(recipe, …)"
        )

    def __bool__(self) -> NoReturn:
        raise ComposeError("a fallback is neither true nor false; for 'or else' add an alternative")

    def __repr__(self) -> str:
        return f"first_of({', '.join(map(repr, self.alternatives))})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def accel_of(recipe: Recipe[Any]) -> str | None:
    """The name of the accelerator that ``recipe`` chooses; None if it only sets properties."""
    for step in reversed(recipe.steps):
        if step.key == "accel":
            return step.value
    return None
