"""evaluate_calls: only the names in the grammar are called, and limits hold for every grammar."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit.errors import ComposeError, GuestError
from accelkit.syntax.python_calls import Grammar, evaluate_calls


class Box:
    """What ``box`` returns: its arguments, and a method that may be called."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self.arguments = arguments
        self.keywords = keywords

    def opened(self, *arguments: Any) -> Any:
        return (*self.arguments, *arguments)


def one(value: Any) -> Any:
    return value


def fails(value: Any) -> Any:
    raise ValueError(value)


PLAIN = Grammar(
    {"box": Box, "one": one, "fails": fails, "word": "w", "K": 1024},
    ComposeError,
    unknown="{!r} is unknown".format,
    outside="is outside",
    example="box(1)",
    arguments="give one value",
)
WIDE = PLAIN._replace(operators=True, containers=True, methods={"opened": "box"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1.5", -1.5),
        ("'a'", "a"),
        ("word", "w"),
        ("one(one(2))", 2),
        ("one(value=word)", "w"),
        (" one(\n3) # a comment", 3),
        ("2 * K * 3", 6144),
        ("1 | 2", 3),
        ("[1, (2, None), {'a': -1}]", [1, (2, None), {"a": -1}]),
        ("box(1).opened(2)", (1, 2)),
    ],
)
def test_calls_and_values_are_evaluated(text: str, value: object) -> None:
    assert evaluate_calls(text, WIDE) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("other(1)", "'other' is unknown"),
        ("one(other)", "'other' is unknown"),
        ("word()", "word is a word and is not called; leave the () out"),
        ("one()", "'one()': one() missing 1 required positional argument: 'value'; give one value"),
        ("one(1, 2)", "'one(1, 2)': one() takes 1 positional argument but 2 were given; give one value"),
        ("one(", "'one(': '(' was never closed at column 4; write as in box(1)"),
        ("one('\0')", "\"one('\\x00')\": source code string cannot contain null bytes"),
        ("box(1).arguments", "'box(1).arguments' is outside"),
        ("one(1).opened()", "'one(1).opened()' is outside"),
        ("box(1).opened().opened()", "'box(1).opened().opened()' is outside"),
        ("one(*[1])", "'*[1]' is outside"),
        ("one(**{'value': 1})", "\"one(**{'value': 1})\" is outside"),
        ("{**{}}", "'{**{}}' is outside"),
        ("1 + 1", "'1 + 1' is outside"),
        ("lambda: 1", "'lambda: 1' is outside"),
        ("'a' * 2", "\"'a' * 2\": only whole numbers are multiplied; write 64 * MiB"),
        ("0x" + "f" * 9999 + " * 2", "a number of thousands of digits: is more than any option takes"),
    ],
)
def test_everything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ComposeError) as caught:
        evaluate_calls(text, WIDE)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize("text", ["1 | 2", "2 * 3", "[1]", "(1, 2)", "{'a': 1}", "None", "box(1).opened()"])
def test_a_grammar_without_operators_containers_and_methods_refuses_them(text: str) -> None:
    with pytest.raises(ComposeError, match=r"is outside$"):
        evaluate_calls(text, PLAIN)


def test_an_error_of_the_function_itself_comes_through() -> None:
    with pytest.raises(ValueError, match=r"^7$"):
        evaluate_calls("fails(7)", PLAIN)


def test_the_error_is_the_one_of_the_grammar() -> None:
    guests = PLAIN._replace(error=lambda reason: GuestError(f"guest: {reason}"))
    with pytest.raises(GuestError, match=r"^guest: 'x' is unknown$"):
        evaluate_calls("x", guests)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000,
        "[" * 300 + "]" * 300,
        "one(" * 5000 + "1" + ")" * 5000,
        "1" + "|1" * 20_000,
        "-" * 20_000 + "1",
    ],
    ids=lambda text: text[:5],
)
def test_text_that_is_nested_too_deep_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ComposeError) as caught:
        evaluate_calls(text, WIDE)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
