"""Words with values in the place of variables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.lint.expansion import Value, expanded, kept, split_at_quotes
from accelkit.lint.script import Parts, Text, Use
from accelkit.parsing.sources.argv_windows import windows_words
from accelkit.syntax.limits import LONGEST_LINE


def plain(text: str) -> Parts:
    return (Text(text, 1, 1, quoted=False),)


def texts(words: tuple[Parts, ...]) -> list[str]:
    return [
        "".join(piece.text if isinstance(piece, Text) else piece.written for piece in word) for word in words
    ]


ONE = {"A": Value((plain("-m  1G "),)), "E": Value((plain(""),)), "L": Value((plain("a b"), plain("c")), array=True),
       "N": Value((), array=True), "U": Value(((Use("X", "$X", 1, 1),),))}  # fmt: skip


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (Use("A", "$A", 1, 1, splits=True), ["<-m", "1G", ">"]),
        (Use("A", "$A", 1, 1), ["<-m  1G >"]),
        (Use("E", "$E", 1, 1, splits=True), ["<>"]),
        (Use("L", "$L", 1, 1, every=True), ["<a b", "c>"]),
        (Use("L", "$L", 1, 1, every=True, splits=True), ["<a", "b", "c>"]),
        (Use("L", "$L", 1, 1), ["<a b>"]),
        (Use("L", "$L", 1, 1, element=1), ["<c>"]),
        (Use("L", "$L", 1, 1, element=9), ["<>"]),
        (Use("N", "$N", 1, 1, every=True), ["<>"]),
        (Use("U", "$U", 1, 1, splits=True), ["<$X>"]),
        (Use("Z", "$Z", 1, 1, splits=True), ["<$Z>"]),
        (Use("", "$(x)", 1, 1), ["<$(x)>"]),
        (Use("Z", "${Z:-k}", 1, 1, otherwise=plain("k")), ["<k>"]),
        (Use("E", "${E:-k}", 1, 1, otherwise=plain("k")), ["<k>"]),
        (Use("A", "${A:-k}", 1, 1, otherwise=plain("k")), ["<-m  1G >"]),
        (Use("Z", "${Z:-a b}", 1, 1, splits=True, otherwise=plain("a b")), ["<a", "b>"]),
        (Use("Z", "${Z:+k}", 1, 1, instead=plain("k")), ["<${Z:+k}>"]),
        (Use("A", "${A:+k}", 1, 1, instead=plain("k")), ["<k>"]),
        (Use("N", "${N:+k}", 1, 1, instead=plain("k")), ["<>"]),
    ],
)
def test_a_use_becomes_its_value(use: Use, words: list[str]) -> None:
    word = (Text("<", 1, 1), use, Text(">", 1, 1))
    assert texts(expanded([word], ONE.get)) == words


def test_what_is_empty_without_quotes_is_no_word() -> None:
    assert expanded([(Use("E", "$E", 1, 1, splits=True),)], ONE.get) == ()
    assert expanded([(Use("N", '"${N[@]}"', 1, 1, every=True),)], ONE.get) == ()
    assert texts(expanded([(Use("E", '"$E"', 1, 1),)], ONE.get)) == [""]


@given(st.text(st.sampled_from("a \t\n"), max_size=30))
def test_the_words_of_a_split_value_stand_where_they_stand_in_the_value(text: str) -> None:
    words = expanded([(Use("A", "$A", 9, 9, splits=True),)], {"A": Value(((Text(text, 3, 5),),))}.get)
    assert texts(words) == text.split()
    lines = f"\n\n    {text}".split("\n")
    for (piece,) in words:
        assert lines[piece.line - 1][piece.column - 1 :].startswith(piece.text)  # type: ignore[union-attr]


@given(st.lists(st.text(st.sampled_from('ab \\"-\n'), max_size=12), max_size=4))
def test_a_line_of_a_batch_file_is_split_as_windows_programs_split_it(pieces: list[str]) -> None:
    line = "".join(pieces)
    parts: list[Text] = []
    row, column = 1, 1
    for piece in pieces:
        parts.append(Text(piece, row, column))
        row += piece.count("\n")
        column = len(piece) - piece.rfind("\n") if "\n" in piece else column + len(piece)
    words = list(split_at_quotes(tuple(parts)))
    assert texts(words) == [raw.text for raw in windows_words(line, int)]
    rows = line.split("\n")
    for piece in (piece for word in words for piece in word if isinstance(piece, Text)):
        assert "\n".join([rows[piece.line - 1][piece.column - 1 :], *rows[piece.line :]]).startswith(
            piece.text
        )


def test_a_use_in_a_line_of_a_batch_file_stays_in_its_word() -> None:
    use = Use("", "%1", 1, 5)
    words = list(split_at_quotes((Text('-m "', 1, 1), use, Text(' x" y', 1, 7))))
    assert words[1][0] == use
    assert texts(words) == ["-m", "%1 x", "y"]


def test_values_that_no_command_line_has_are_not_kept() -> None:
    assert kept((plain("x" * (LONGEST_LINE + 1)),), array=False) is None
    assert kept(tuple(plain("x") for _ in range(5000)), array=True) is None
    assert kept((plain("x"),), array=True) == Value((plain("x"),), array=True)
