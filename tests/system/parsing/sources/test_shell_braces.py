"""Braces of words are expanded as bash expands them."""

from __future__ import annotations

import subprocess

from hypothesis import example, given, settings
from hypothesis import strategies as st

from accelkit.parsing.sources.lexer import Lexer
from accelkit.parsing.sources.shell_braces import brace_words

_PIECES = st.sampled_from(
    ["{", "{", "}", "}", ",", ",", "a", "b", ".", "..", "1", "-2", "03", "\\{", "','", '"}"', "''"]
)
_WORDS = st.lists(_PIECES, min_size=1, max_size=14).map("".join)


def expanded(text: str) -> list[str]:
    (token,) = Lexer(text).tokens()
    return ["".join(piece.text for piece in word) for word in brace_words(token.pieces)]


@settings(max_examples=60, deadline=None)
@given(st.lists(_WORDS, max_size=60))
@example(
    ["{..','}", "{a..b','}", "{..\\,}", '{.."a,b"}', "{.{..','}}", "{b,{..','}}", "{..'{a,b}'}", "{a','}"]
)
def test_law_the_words_are_those_of_bash(texts: list[str]) -> None:
    script = "".join(f"printf '%s\\0' x {text}; printf '\\n'\n" for text in texts)
    told = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = told.stdout.split("\n")[: len(texts)]
    assert [["x", *expanded(text)] for text in texts] == [line.split("\0")[:-1] for line in lines]
