"""Documents as GitHub's Markdown: nothing in a name that a renderer could take for markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.documents import NASTY

from accelkit.document import (
    Folded,
    Mono,
    Paragraph,
    Table,
    to_markdown,
)


def test_markdown_escapes_what_would_be_markup() -> None:
    assert to_markdown(NASTY) == (
        "## A \\<b> \\*c\\*\n\n"
        "x_y \\_z\\_ [a]\\(b) `` `q` | <i> `` \\# no heading\n\n"
        "- one\n- `two` & 3\n\n"
        "caption\n\n| a\\|b | n |\n| --- | ---: |\n| `p\\|q` | 1 |\n| **long cell** | **22** |\n\n"
        "````\n```\nlines <x>\n````\n"
    )


def test_an_empty_cell_of_a_strong_row_has_no_stars() -> None:
    assert "| **1** |  |" in to_markdown([Table(("a", "b"), (("1", ""),), strong=frozenset({0}))])


NASTY_TEXT = st.text(st.sampled_from("\\|`*_<>&#[]()~$-+=1.a \n\t\r\x1b\u2028"), max_size=10)


def cells_of(line: str, *, counting: bool) -> list[str]:
    """The cells of a row. A | ends one unless a backslash is before it (cmark-gfm); of several some parsers count."""
    pattern = r"(?<!\\)(?:\\\\)*\|" if counting else r"(?<!\\)\|"
    return re.split(pattern, line)[1:-1]


@given(st.lists(st.tuples(*[NASTY_TEXT | NASTY_TEXT.map(Mono)] * 2), min_size=1, max_size=3), st.booleans())
def test_a_row_of_markdown_has_its_cells_whatever_they_hold(
    rows: list[tuple[str, str]], strong: bool
) -> None:
    table = Table(("a", "b"), tuple(rows), strong=frozenset(range(len(rows)) if strong else ()))
    lines = to_markdown([table]).removesuffix("\n").split("\n")
    assert len(lines) == 2 + len(rows)
    for line in lines:
        for counting in (True, False):
            assert len(cells_of(line, counting=counting)) == 2, line


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("> a", r"\> a"),
        ("    code", "code"),
        ("[a]: b", r"[a]\: b"),
        ("&lt;", r"\&lt;"),
        ("$x$", r"\$x\$"),
        ("a\nb", "a b"),
        ("R&D", r"R\&D"),
        ("0.98 [0.97, 0.99]", "0.98 [0.97, 0.99]"),
    ],
)
def test_a_paragraph_of_markdown_begins_nothing_else(text: str, marked: str) -> None:
    assert to_markdown([Paragraph((text,))]) == f"{marked}\n"


def test_a_bar_behind_a_backslash_is_quoted_so_that_every_parser_keeps_the_row() -> None:
    page = to_markdown([Table(("a",), ((Mono("x|y"),), (Mono("x\\|y"),)))])
    assert page.splitlines()[2:] == [r"| `x\|y` |", r"| <code>x\\\|y</code> |"]


def test_what_is_folded_is_folded_in_markdown_too_where_nothing_stands_instead() -> None:
    folded = Folded(("2 ", Mono("<notes>")), (Paragraph(("a",)), Paragraph(("b",))))
    assert to_markdown([folded]) == (
        "<details><summary>2 <code>&lt;notes&gt;</code></summary>\n\na\n\nb\n\n</details>\n"
    )
