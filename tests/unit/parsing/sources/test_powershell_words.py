"""PowerShell's words: strings, commas, variables."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.powershell_words import Reader


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a 'b''c' \"d`\"e`n\" f`,g", ["a", "b'c", 'd"e\n', "f,g"]),
        ("whpx,a=b whpx, a=b", ["whpx,a=b", "whpx,", "a=b"]),
        ("@('a', 'b') c", ["a", "b", "c"]),
        ("$(f (1)) (g 2)", ["$(f (1))", "(g 2)"]),
        ("a > b c 2>&1", ["a", "c"]),
        ("a; b", ["a"]),
    ],
)
def test_arguments(text: str, words: list[str]) -> None:
    arguments, _ = Reader(text).arguments(0)
    assert [word.text for argument in arguments for word in argument.native()] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("'a', 'b'", ["a", "b"]),
        ("@(\n 'a'\n 'b' # c\n)", ["a", "b"]),
        ("'a',\n'b'\n'c'", ["a", "b"]),
        ("'a' + 'b'", None),
        ("Get-Item x", None),
        ("@()", []),
    ],
)
def test_values(text: str, words: list[str] | None) -> None:
    found = Reader(text).value(0).words
    assert (None if found is None else [word.text for word in found]) == words


def test_text_grows_as_text_and_a_list_as_a_list() -> None:
    reader = Reader("$t $l")
    for name, first in (("t", "'a'"), ("l", "'a','b'")):
        for text, more in ((first, False), ("'c'", True)):
            reader.assign(name, Reader(text).value(0), more=more)
    arguments, _ = reader.arguments(0)
    assert [word.text for argument in arguments for word in argument.native()] == ["ac", "a", "b", "c"]


def test_an_unknown_piece_is_told() -> None:
    arguments, _ = Reader('"a$x.$($y.z)"').arguments(0)
    assert arguments[0].words[0].variables == ("$x", "$($y.z)")
