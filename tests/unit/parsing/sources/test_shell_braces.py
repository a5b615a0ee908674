"""Braces as a shell expands them."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.lexer import Lexer
from accelkit.parsing.sources.shell_braces import brace_spans, brace_words


def expanded(text: str) -> list[str]:
    (token,) = Lexer(text).tokens()
    return ["".join(piece.text for piece in word) for word in brace_words(token.pieces)]


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("{1,2}2", "12 22"),
        ("{1,2}{3,{4,5}}", "13 14 15 23 24 25"),
        ("{a}", "{a}"),
        ("{}", "{}"),
        ("{a{b,c}}", "{ab} {ac}"),
        ("{a,{b,c}", "{a,b {a,c"),
        ("a,b}", "a,b}"),
        ("{1..3}", "1 2 3"),
        ("x{3..1}", "x3 x2 x1"),
        ("{01..10..4}", "01 05 09"),
        ("{c..a}", "c b a"),
        ("{a..C}", "{a..C}"),
        ("{1..a}", "{1..a}"),
        ("{,a}", "a"),
        ("${X,,}", "${X,,}"),
        ("\\{a,b}", "{a,b}"),
        ("{a\\,b}", "{a,b}"),
        ('{"driver":"file","node-name":"a"}', "driver:file node-name:a"),
        ('\'{"driver":"file","node-name":"a"}\'', '{"driver":"file","node-name":"a"}'),
        ("{1..99999}", "{1..99999}"),
        ("{a,b}" * 40, "{a,b}" * 40),
        ("{" * 60 + "a,b" + "}" * 60, f"{'{' * 59}a{'}' * 59} {'{' * 59}b{'}' * 59}"),
        ("{a},b}", "a} b"),
        ("{},b}", "{},b}"),
        ("{a..{b,c}}", "a..b a..c"),
    ],
)
def test_the_words_are_those_of_a_shell(word: str, words: str) -> None:
    assert expanded(word) == words.split()


def test_a_word_in_empty_quotes_stays_one() -> None:
    assert expanded("{'',a}") == ["", "a"]


def test_a_text_of_braces_alone_takes_time_that_grows_with_it() -> None:
    assert brace_spans("{" * 100_000) == [[(0, 100_000)]]
    assert brace_spans("{a," * 100_000) == [[(0, 300_000)]]
