"""String literals of several languages."""

from __future__ import annotations

import re

import pytest

from accelkit.parsing.sources.literals import LITERAL, literal


@pytest.mark.parametrize(
    ("written", "text", "variables"),
    [
        ('"a"', "a", ()),
        ("'a\\'b'", "a'b", ()),
        (r'"a\n\x41\u00e9\q"', "a\nAéq", ()),
        (r'r"a\n"', r"a\n", ()),
        ('f"a{x}{{y}}"', "a{x}{y}", ("{x}",)),
        ('"a{x}"', "a{x}", ()),
        ("`a${x}`", "a${x}", ("${x}",)),
        ('"""a\nb"""', "a\nb", ()),
        (r'"\ud800"', r"\ud800", ()),
    ],
)
def test_literals(written: str, text: str, variables: tuple[str, ...]) -> None:
    found = re.compile(LITERAL, re.DOTALL).fullmatch(written)
    assert found is not None
    assert literal(found) == (text, 0, variables)


def test_a_quote_left_open_is_no_literal() -> None:
    assert re.compile(LITERAL, re.DOTALL).match('"a\nb"') is None
