"""Laws of Python's notation: any text is a recipe or an error of accelkit's; a repr is read as Python reads it."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from support.strategies import fallback_spaces, fallbacks, recipes, spaces

import accelkit
from accelkit import Fallback, Recipe, Space
from accelkit.errors import AccelkitError
from accelkit.parsing.notation import NAMES, evaluate


def tried(text: str) -> Recipe[Any] | Fallback | Space[Any] | AccelkitError:
    """What ``text`` is, or the error that says why it is nothing."""
    try:
        return evaluate(text)
    except AccelkitError as refusal:
        return refusal


# Random expressions, of what recipes are made of and of what they are not.
leaves = st.one_of(
    st.sampled_from([*NAMES]),
    st.sampled_from(
        ["open", "x", "__import__", "None", "...", "''", "'64MiB'", "1.5", "1j", "b''", "f'{kvm}'"]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.text(max_size=5).map(repr),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(st.sampled_from([*NAMES]), arguments).map("{0[0]}({0[1]})".format),
        st.tuples(inner, st.sampled_from(["|"] * 6 + ["*", "**", "+", "or", "==", "is", ","]), inner).map(
            "({0[0]} {0[1]} {0[2]})".format
        ),
        st.tuples(inner, st.sampled_from([".steps", "()", "[0]", "(window=1)", "(*'a')"])).map("".join),
        st.tuples(st.sampled_from(["-", "~", "not ", "await ", "*"]), inner).map("".join),
    )


expressions = st.recursive(leaves, grown, max_leaves=12)


@given(expressions)
@example("notify(notify)")
@example("each(each)")
@example("first_of(each(1))")
def test_any_expression_is_a_recipe_or_an_accelkit_error(text: str) -> None:
    value = tried(text)
    assert isinstance(value, Recipe | Fallback | Space | AccelkitError)
    assert "\n" not in str(value)


@given(st.text())
@example("'\\N{")
@example("\\")
@example("\f")
@example("1_000__0")
def test_any_text_is_a_recipe_or_an_accelkit_error(text: str) -> None:
    value = tried(text)
    assert isinstance(value, Recipe | Fallback | Space | AccelkitError)
    assert "\n" not in str(value)


@given(recipes() | fallbacks() | spaces() | fallback_spaces())
def test_evaluate_reads_every_repr_as_python_does(value: Any) -> None:
    text = repr(value)
    assert evaluate(text) == value
    assert eval(text, vars(accelkit).copy()) == value
    assert repr(evaluate(text)) == text
