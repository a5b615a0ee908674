"""How a Windows program splits its line."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.argv_windows import windows_words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("-a b", ["-a", "b"]),
        ('-a "b c"d', ["-a", "b cd"]),
        ("-a C:\\x\\", ["-a", "C:\\x\\"]),
        ('-a "C:\\x\\\\" e', ["-a", "C:\\x\\", "e"]),
        ('-a b\\"c', ["-a", 'b"c']),
        ('-a "b""c"', ["-a", 'b"c']),
        ('"C:\\x\\"\\q.exe -a', ["C:\\x\\\\q.exe", "-a"]),
        ('-a "" b', ["-a", "", "b"]),
        ('-a "open end', ["-a", "open end"]),
        ("", []),
    ],
)
def test_quotes_and_backslashes(line: str, words: list[str]) -> None:
    assert [word.text for word in windows_words(line, int)] == words


def test_each_word_has_the_place_that_origin_gives() -> None:
    assert [word.offset for word in windows_words('a "b c"', lambda offset: offset + 10)] == [10, 12]
