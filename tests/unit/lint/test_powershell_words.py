"""The words of PowerShell's commands, and the values of its expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.powershell_words import Words, name_of
from accelkit.lint.script import text_of


def arguments(text: str) -> list[str]:
    tree = SyntaxTree(text, "powershell")
    return [text_of(word) for word in Words(tree).arguments(0, len(tree.code))]


def value(text: str) -> tuple[list[str], bool] | None:
    tree = SyntaxTree(text, "powershell")
    found = Words(tree).value(0, len(tree.code))
    return None if found is None else ([text_of(word) for word in found[0]], found[1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b", ["a", "b"]),
        ("a `\n b", ["a", "b"]),
        ("a 'b''c'", ["a", "b'c"]),
        ('a "b""c`"d"', ["a", 'b"c"d']),
        ('a "x$y z"', ["a", "x$y z"]),
        ('a "$(x y) z"', ["a", "$(x y) z"]),
        ("a b,c=d", ["a", "b,c=d"]),
        ("a $b,c", ["a", "$b,c"]),
        ("a $b.c[0] d", ["a", "$b.c[0]", "d"]),
        ("a @b", ["a", "@b"]),
        ("a @('x', 'y') z", ["a", "x", "y", "z"]),
        ("a (f x) z", ["a", "(f x)", "z"]),
        ("a {f x} z", ["a", "{f x}", "z"]),
        ("a > log 2>&1 b", ["a", "b"]),
        ("a --% %x% y", ["a", "%x%", "y"]),
        ("a --% -b \"c d\" 'e f' $g `h @i, ; j", ["a", "-b", "c d", "'e", "f'", "$g", "`h", "@i,", ";", "j"]),
        ('a --% -b "c | d" | e', ["a", "-b", "c | d"]),
        ("a --% -b & c && d", ["a", "-b", "&", "c"]),
        ("a --% 100% %b% c", ["a", "100%", "%b%", "c"]),
        ('a --% -b="c \\"d\\" e"', ["a", '-b=c "d" e']),
        ("a --%b", ["a", "--%b"]),
        ("a b`,c", ["a", "b,c"]),
        ("a b; c", ["a", "b"]),
        ("a b | c", ["a", "b"]),
        ("a x@y", ["a", "x@y"]),
    ],
)
def test_arguments_are_split_as_powershell_splits_them(text: str, words: list[str]) -> None:
    assert arguments(text) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a'", (["a"], False)),
        ("'a', 'b'", (["a", "b"], True)),
        ("@('a')", (["a"], True)),
        ("@()", ([], True)),
        ("@('a', 'b'\n'c'; 'd' # e\n)", (["a", "b", "c", "d"], True)),
        ("('a')", (["a"], False)),
        ("'a' + 'b'", (["ab"], False)),
        ("@('a') + 'b' + @('c', 'd')", (["a", "b", "c", "d"], True)),
        ("$a", (["$a"], False)),
        ("12", (["12"], False)),
        ("[string[]]'a'", (["a"], True)),
        ("@'\na 'b'\n'@", (["a 'b'"], False)),
        ('@"\na $b\n"@', (["a $b"], False)),
        ("$a.b", None),
        ("f x", None),
        ("'a' -join 'b'", None),
        ("'a' + @('b')", None),
        ("@('a'", None),
        ("(" * 500 + ")" * 500, None),
    ],
)
def test_values_are_what_the_text_says_and_else_unknown(
    text: str, expected: tuple[list[str], bool] | None
) -> None:
    assert value(text) == expected


@given(st.text(st.sampled_from("ab $'\"`@(){},+\n#-%.|")))
def test_any_text_is_read(text: str) -> None:
    arguments(text)
    value(text)


def test_a_name_is_the_same_with_its_scope_and_in_capitals() -> None:
    assert {name_of(text) for text in ("$Ab", "${ab}", "$global:AB", "@ab")} == {"ab"}
    assert name_of("$env:Ab") != name_of("$Ab")
