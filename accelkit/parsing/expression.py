"""evaluate: a recipe written as Python text to the recipe, with nothing but accelkit's own words."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, Final

from accelkit.errors import AccelkitError, ComposeError, nearest
from accelkit.recipes import choices, domains, recipe, table
from accelkit.recipes import property as prop
from accelkit.recipes.domains import shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space

#: Bits of the largest product that is worked out: more than any option takes.
_MOST_BITS: Final = 256
_CALL: Final = re.compile(r"\s*\(*\s*[A-Za-z_]\w*\s*\(")


def _nothing() -> Recipe[Any]:
    """``Recipe()``, the recipe that does nothing; its steps are no words of a recipe's text."""
    return recipe.Recipe()


#: What a recipe's text may name.
NAMES: Final[Mapping[str, Any]] = {
    **{row.name: row for row in table.ACCELERATORS.values()},
    **{row.name: row for row in table.PROPERTIES.values()},
    "notify": table.notify, "each": choices.each, "doubling": choices.doubling,
    "first_of": choices.first_of, "option": recipe.option, "unset": prop.unset,
    **{word.replace("-", "_"): word for word in domains.EXPORTED},
    "Recipe": _nothing,
    "KiB": domains.KiB, "MiB": domains.MiB, "GiB": domains.GiB, "True": True, "False": False,
}  # fmt: skip


def is_expression(text: str) -> bool:
    """Whether ``text`` begins as Python does, with a call; QEMU's own strings never do.

    >>> is_expression("tcg() | tb_size(64)"), is_expression("kvm,device=/dev/(a)")
    (True, False)
    """
    return _CALL.match(text) is not None


def evaluate(text: str) -> Recipe[Any] | Fallback | Space[Any]:
    """The recipe, fallback or space that ``text`` writes: calls of accelkit's names, ``|``, numbers.

    Nothing else of Python is read, so text from anywhere is safe. Raises ComposeError for what is
    no recipe, with the place; and whatever the combinators raise.

    >>> evaluate("tcg() | tb_size(each(32, 256))")
    tcg() | tb_size(each(32, 256))
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        place = f"column {error.offset}" if error.offset else "its end"
        raise ComposeError(
            f"{shown(text)}: {error.msg} at {place}; write as in tcg() | tb_size(64)"
        ) from None
    except ValueError as error:
        raise ComposeError(f"{shown(text)}: {error}; write as in tcg() | tb_size(64)") from None
    except (RecursionError, MemoryError):
        raise _too_deep(text) from None
    try:
        value = _value(tree.body)
    except RecursionError:
        raise _too_deep(text) from None
    except TypeError as error:
        if isinstance(error, AccelkitError):
            raise
        raise ComposeError(f"{shown(text)}: {error!s:.200}; see accelkit explain") from None
    if not isinstance(value, (Recipe, Fallback, Space)):
        raise ComposeError(f"{shown(text)} is no recipe; begin with an accelerator, as in kvm() | …")
    return value  # pyright: ignore[reportUnknownVariableType]  # their parameters are for checkers only


def _too_deep(text: str) -> ComposeError:
    return ComposeError(
        f"{shown(text)}: nested too deep; write fewer parentheses and operators, many values as in each(1, 2, 4)"
    )


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=int() | str() | float() as value):
            return value
        case ast.Name(id=name):
            if name not in NAMES:
                raise ComposeError(f"{shown(name)} is no accelerator, property or word; {_near(name)}")
            return NAMES[name]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _value(left) | _value(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            factors = _value(left), _value(right)
            if not all(type(factor) is int for factor in factors):
                raise ComposeError(
                    f"{shown(ast.unparse(node))}: only whole numbers are multiplied; write 64 * MiB"
                )
            if sum(factor.bit_length() for factor in factors) > _MOST_BITS:  # before it costs time
                raise ComposeError(
                    f"{shown(ast.unparse(node))}: is more than any option takes; write a smaller one"
                )
            return factors[0] * factors[1]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
        case ast.Call(func=ast.Name(), args=arguments, keywords=keywords):
            named = {str(keyword.arg): _value(keyword.value) for keyword in keywords}
            called = _value(node.func)
            if not callable(called):
                raise ComposeError(f"{ast.unparse(node.func)} is a word and is not called; leave the () out")
            return called(*map(_value, arguments), **named)
        case _:
            raise ComposeError(
                f"{shown(ast.unparse(node))} has no place in a recipe; it takes calls, '|', numbers and text"
            )


def _near(name: str) -> str:
    close = nearest(name, NAMES)
    return close if close.startswith("did") else "see accelkit explain"
