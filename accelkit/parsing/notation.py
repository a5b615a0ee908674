"""Recipes and spaces as Python text, ``tcg() | tb_size(each(8, 64))``, read without running any code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from accelkit.errors import ComposeError, nearest, shown
from accelkit.recipes.choices import doubling, each, first_of
from accelkit.recipes.domains import EXPORTED, GiB, KiB, MiB
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.property import option, unset
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES, notify
from accelkit.syntax.python_calls import Grammar, evaluate_calls


def _identity() -> Recipe[Any]:
    """``Recipe()``, which does nothing. The class itself would take steps, which text cannot write."""
    return Recipe()


#: The names that the text of a recipe may contain.
NAMES: Final[Mapping[str, Any]] = {
    **{row.name: row for row in ACCELERATORS.values()},
    **{row.name: row for row in PROPERTIES.values()},
    **{function.__name__: function for function in (notify, each, doubling, first_of, option, unset)},
    **{word.replace("-", "_"): word for word in EXPORTED},
    "Recipe": _identity, "KiB": KiB, "MiB": MiB, "GiB": GiB, "True": True, "False": False,
}  # fmt: skip


def _unknown(name: str) -> str:
    close = nearest(name, NAMES)
    remedy = close if close.startswith("did") else "see accelkit explain"
    return f"{shown(name)} is not an accelerator, property or word; {remedy}"


_RECIPE: Final = Grammar(
    NAMES,
    ComposeError,
    _unknown,
    outside="has no place in a recipe; it takes calls, '|', numbers and text",
    example="tcg() | tb_size(64)",
    arguments="see accelkit explain",
    operators=True,
)


def evaluate(text: str) -> Recipe[Any] | Fallback | Space[Any]:
    """The recipe, fallback or space that ``text`` writes in Python: calls of accelkit's names, ``|``, numbers.

    Nothing else of Python is evaluated, so text from anywhere is safe. Raises ComposeError, with the place, for
    anything but a recipe; and whatever the combinators raise.

    >>> evaluate("tcg() | tb_size(each(32, 256))")
    tcg() | tb_size(each(32, 256))
    """
    value = evaluate_calls(text, _RECIPE)
    if not isinstance(value, (Recipe, Fallback, Space)):
        raise ComposeError(f"{shown(text)} is not a recipe; begin with an accelerator, as in kvm() | …")
    return value  # pyright: ignore[reportUnknownVariableType]  # their parameters are for checkers only
