"""Values of YAML."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.rewritten import Rewritten
from accelkit.parsing.sources.yaml_values import block_lines, block_text, divided, flow_words, scalar


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b", "a b"), ("a#b # c", "a#b"), ('"a\\"b" # c', 'a"b'), ("'a''b'", "a'b"), ("'a", "'a")],
)
def test_a_scalar_is_its_text(value: str, text: str) -> None:
    assert scalar(value, 7) == (text, 7, ())


@pytest.mark.parametrize(
    ("text", "words", "end"),
    [
        ("[]", [], 2),
        ("[a, 'b c' , \"d\"] x", ["a", "b c", "d"], 16),
        ("[a,\n  # b, c\n  d]", ["a", "d"], 17),
        ("[a, [b]] c", None, 8),
        ("{a: b}", None, 6),
        ("[a, b", ["a", "b"], 5),
    ],
)
def test_words_in_brackets(text: str, words: list[str] | None, end: int) -> None:
    found, stop = flow_words(text, 0)
    assert (None if found is None else [word.text for word in found], stop) == (words, end)


def test_a_block_has_the_lines_that_stand_further_to_the_right() -> None:
    text = "x: >\n  a\n\n   b\ny: c"
    spans, number, place = block_lines(text.split("\n"), 1, 5, 0)
    assert [text[start:end] for start, end in spans] == ["a", "", "b"]
    assert (number, place) == (4, text.index("y"))
    assert block_text(text, spans, folded=True).text() == "a  b "
    assert block_text(text, spans, folded=False).text() == "a\n\nb\n"


def test_a_text_is_divided_as_a_shell_divides_it() -> None:
    made = Rewritten()
    made.put("-m '1 G' $X", 5)
    assert divided(made) == [("-m", 5, ()), ("1 G", 8, ()), ("$X", 14, ("$X",))]
