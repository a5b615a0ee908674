"""Tokens of a shell's text."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.lexer import Lexer


def tokens(text: str) -> list[str]:
    """The texts of words, the kinds of all else."""
    return [token.text if token.kind == "word" else f"<{token.kind}>" for token in Lexer(text).tokens()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a  b\tc", ["a", "b", "c"]),
        ("'a b'c\"d e\"", ["a bcd e"]),
        (r"a\ b \"c a\bc", ["a b", '"c', "abc"]),
        (r'"a\"\\\$\`\x"', ['a"\\$`\\x']),
        ('"a\\\nb"c\\\nd \\\n e', ["abcd", "e"]),
        (r"$'a\tb\x41\101\'' $'\q'", ["a\tbAA'", "\\q"]),
        ("'' \"\"", ["", ""]),
        ('$A ${B:-c d} "$C e" $(f g) `h i` $((1 + 2)) <(j) $', ["$A", "${B:-c d}", "$C e", "$(f g)", "`h i`", "$((1 + 2))", "<(j)", "$"]),
        ('${{ matrix.accel }} "${{ b }}"x ${A} ${{', ["${{ matrix.accel }}", "${{ b }}x", "${A}", "${{"]),
        ("'$A' \\$A", ["$A", "$A"]),
        ("a#b", ["a#b"]),
        ("it doesn't matter", ["it", "doesn't", "matter"]),
        ("a \\", ["a", ""]),
    ],
)  # fmt: skip
def test_words(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_operators_comments_and_lines() -> None:
    assert tokens("a;b&&c||d|e&\n# x\n(f)") == [
        "a", "<;>", "b", "<&&>", "c", "<||>", "d", "<|>", "e", "<&>", "<\n>", "<comment>", "<\n>", "<(>", "f", "<)>"
    ]  # fmt: skip
    assert tokens("a 2>&1 <b &>c >|d <>e") == "a 2 <>&> 1 <<> b <&>> c <>|> d <<>> e".split()


def test_heredocs_stand_before_the_end_of_their_line() -> None:
    text = "cat <<A <<-'B'\nx 'y\nA\n\tz\n\tB\nend"
    found = list(Lexer(text).tokens())
    assert [token.kind for token in found[-4:]] == ["heredoc", "heredoc", "\n", "word"]
    assert [text[token.start : token.end] for token in found[-4:-2]] == ["x 'y\n", "\tz\n"]


def test_a_heredoc_that_nothing_ends_takes_no_lines() -> None:
    assert tokens("cat <<A\nb")[-1] == "b"


def test_a_shift_in_arithmetic_is_no_heredoc() -> None:
    assert tokens("((x<<2))\nb")[-1] == "b"


def test_a_quote_that_nothing_closes_ends_with_its_line() -> None:
    for text in ("a 'b c\nd", 'a "b c\nd'):
        lexer = Lexer(text)
        assert [token.text for token in lexer.tokens()] == ["a", "b c", "", "d"]
        assert lexer.nesting.open == [2]


def test_texts_inside_are_told_with_their_places() -> None:
    lexer = Lexer('$(a b) "`c`" <(d) $((e))')
    list(lexer.tokens())
    assert [lexer.text[start:end] for start, end in lexer.nested] == ["a b", "c", "d"]


def test_each_token_begins_where_it_is_said_to_begin() -> None:
    text = "A=1 'b'\\\nc \\\n  \"d\" $'e' \\f"
    assert [text[token.start] for token in Lexer(text).tokens()] == ["A", "'", '"', "$", "\\"]
