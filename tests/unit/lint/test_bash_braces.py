"""Braces in the words of a script."""

from __future__ import annotations

import pytest

from accelkit.lint.bash_braces import with_braces_expanded
from accelkit.lint.script import Parts, Text, Use, text_of


def plain(text: str, column: int = 1) -> Text:
    return Text(text, 1, column, quoted=False)


def words(word: Parts) -> list[str]:
    return [text_of(made) for made in with_braces_expanded(word)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{b,c}d", ["abd", "acd"]),
        ("{a,{b,c}}", ["a", "b", "c"]),
        ("x{,y}", ["x", "xy"]),
        ("{1..3}", ["1", "2", "3"]),
        ("{a}", ["{a}"]),
        ("{}", ["{}"]),
        ("{a,b", ["{a,b"]),
        ('{"driver":"file","node-name":"a"}', ['"driver":"file"', '"node-name":"a"']),
        ("{,}", []),
        ("{1..100000}", ["{1..100000}"]),
        ("{" * 400 + "a,b" + "}" * 400, ["{" * 400 + "a,b" + "}" * 400]),
    ],
)
def test_a_word_stands_for_these(text: str, expected: list[str]) -> None:
    assert words((plain(text),)) == expected


def test_quotes_and_variables_are_no_braces() -> None:
    use = Use("A", "${A,b}", 1, 2)
    quoted = Text("{b,c}", 1, 9)
    assert words((use, quoted)) == ["${A,b}{b,c}"]
    assert with_braces_expanded((plain("{"), use, plain(",", 8), quoted, plain("}", 14))) == [
        (use,),
        (quoted,),
    ]


def test_each_piece_keeps_its_place() -> None:
    found = with_braces_expanded((plain("a={b,cd}"), Text("x", 1, 9)))
    assert [[(piece.line, piece.column) for piece in word] for word in found] == [
        [(1, 1), (1, 4), (1, 9)],
        [(1, 1), (1, 6), (1, 9)],
    ]
