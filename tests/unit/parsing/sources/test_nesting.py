"""Where nested texts end, and where nothing ends them."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.nesting import Nesting


@pytest.mark.parametrize(
    ("text", "start", "closing"),
    [
        ("$(a)", 2, ")"),
        ("$(a $(b) (c))", 2, ")"),
        ("$(echo ')' \")\" \\) $')\\'')", 2, ")"),
        ("$(a # it's )\n)", 2, ")"),
        ("$(cat <<'E'\nit's )\nE\n)", 2, ")"),
        ("${a:-${b}}", 2, "}"),
        ("${a:-'}'}", 2, "}"),
        ('"a $(echo ")") b"', 1, '"'),
        ('"${a:-it\'s}"', 1, '"'),
        ('"$\'"', 1, '"'),
        ('"`echo \\"`"', 1, '"'),
    ],
)
def test_the_end_is_the_last_character(text: str, start: int, closing: str) -> None:
    assert Nesting(text).end(start, closing) == len(text) - 1


def test_single_quotes_mean_nothing_in_a_variable_in_double_quotes() -> None:
    assert Nesting("${a:-it's}\"").end(2, "}", quoted=True) == 9
    assert Nesting("${a:-it's}\"").end(2, "}") == -1


def test_what_nothing_closes_is_looked_for_a_few_times_only() -> None:
    nesting = Nesting("$(a)")
    nesting.open.extend(range(8))
    assert nesting.end(2, ")") == -1
    assert nesting.backquoted(0) == -1


def test_the_end_of_a_heredoc_is_a_line_of_its_own() -> None:
    text = "a\nEOF b\n\tEOF\nEOF\n"
    assert Nesting(text).heredoc(0, "EOF", tabs=False) == (0, 13)
    assert Nesting(text).heredoc(0, "EOF", tabs=True) == (0, 8)
    assert Nesting(text).heredoc(0, "END", tabs=True) == (0, 0)
    assert Nesting(text).heredoc(14, "EOF", tabs=False) == (14, 14)
