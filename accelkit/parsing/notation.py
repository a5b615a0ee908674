"""Sweeps as text: ``tcg,tb-size={8,64}`` in QEMU's notation, or ``tcg() | tb_size(each(8, 64))`` in Python's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from accelkit.errors import ArgvError, ComposeError, nearest, shown
from accelkit.parsing.reader import is_command_line
from accelkit.parsing.recipes import axis_of, parse, recipe_step, recipes_of
from accelkit.recipes.choices import doubling, each, first_of
from accelkit.recipes.domains import EXPORTED, GiB, KiB, MiB
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.property import unset
from accelkit.recipes.recipe import Recipe, option
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES, notify
from accelkit.syntax.python_calls import Grammar, evaluate_calls
from accelkit.syntax.qemuopts import Write, split

# ---- Python's notation ----

_CALL: Final = re.compile(r"\s*\(*\s*[A-Za-z_]\w*\s*\(")


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


def is_expression(text: str) -> bool:
    """Whether ``text`` begins with a call, as Python does; QEMU's own strings never do.

    >>> is_expression("tcg() | tb_size(64)"), is_expression("kvm,device=/dev/(a)")
    (True, False)
    """
    return _CALL.match(text) is not None


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


# ---- QEMU's notation ----

_GROUP: Final = re.compile(r"\{([^{}]*)\}")
#: Stands for a ``{…}``, with its number, while the text is split at its commas. No argument can contain a NUL.
_MARK: Final = re.compile("\0([0-9]+)\0")


def sweep(text: str) -> Recipe[Any] | Fallback | Space[Any]:
    """The recipe or space that ``text`` writes, in any notation that accelkit reads.

    An ``-accel`` argument, with ``{a,b}`` to try each of several values; a whole command line; or Python, as
    in ``tcg() | tb_size(each(8, 64))``. Raises ArgvError, ComposeError or DomainError.

    >>> sweep("tcg,tb-size={8,64,512},thread={single,multi}")
    tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
    """
    if is_expression(text):  # its braces are inside quotes
        return evaluate(text)
    if "{" not in text and "}" not in text:
        maps = parse(text)
        if not maps:
            raise ArgvError(f"{shown(text)} names no accelerator; begin with one, as in tcg,tb-size={{8,64}}")
        return recipes_of(maps)
    if "\0" in text:
        raise ArgvError(f"{shown(text)}: has a NUL; remove it")
    if is_command_line(text):
        raise ArgvError(f"{shown(text)}: braces are read in an -accel argument only; leave -accel out")
    groups: list[str] = _GROUP.findall(text)
    numbers = iter(range(len(groups)))
    marked = _GROUP.sub(lambda _: f"\0{next(numbers)}\0", text)
    if "{" in marked or "}" in marked:
        raise ArgvError(f"{shown(text)}: a brace has no partner; write key={{a,b}}")
    identity: Recipe[Any] = Recipe()
    composed: Any = identity
    accel: str | None = None  # None before one is named, and after several
    named = False
    for write in split(marked, "accel"):
        values = _values(text, write, groups)
        if write.key == "accel":
            accel, named = (values[0] if len(values) == 1 else None), True
        composed = composed | (
            recipe_step(accel, write.key, values[0])
            if len(values) == 1
            else axis_of(accel, write.key, values)
        )
    if not named:
        raise ComposeError(f"{shown(text)} names no accelerator; begin with one, as in tcg,tb-size={{8,64}}")
    return composed


def _values(text: str, write: Write, groups: list[str]) -> list[str]:
    """The values that ``write`` tries: those in its braces, or its only one."""
    if "\0" in write.key or (write.flag is not None and "\0" in write.flag):
        raise ArgvError(f"{shown(text)}: braces hold the values of a property; write key={{a,b}}")
    if "\0" not in write.value:
        return [write.value]
    mark = _MARK.fullmatch(write.value)
    if mark is None:
        raise ArgvError(f"{shown(text)}: braces stand for a whole value; write {write.key}={{a,b}}")
    values = groups[int(mark[1])].split(",")
    if "" in values:
        raise ArgvError(f"{shown(text)}: {write.key}={{…}} has an empty value; write {{a,b}}")
    return values
