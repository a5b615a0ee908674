"""Documents as text: columns that are aligned, and that fit a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.documents import NASTY

from accelkit.document import (
    Bullets,
    Folded,
    Mono,
    Paragraph,
    Picture,
    Table,
    to_text,
)


def test_text_is_aligned_with_the_caption_above() -> None:
    assert to_text(NASTY[3:4]) == "caption\n\na|b         n\n---------  --\np|q         1\nlong cell  22\n"


def test_text_of_all_other_blocks() -> None:
    assert to_text([*NASTY[:3], NASTY[4], Picture("<svg/>", "a line")]) == (
        "A <b> *c*\n=========\n\n"
        "x_y _z_ [a](b) `q` | <i> # no heading\n\n"
        "- one\n- two & 3\n\n"
        "    ```\n    lines <x>\n"
    )


WIDE = Table(
    ("configuration", "ratio", "spare", "more"),
    ((Mono("tb-size=512,thread=multi"), "0.5", "x" * 20, "y" * 20), (Mono("tcg"), "1", "", "")),
    frozenset({1}),
    spare=((3,), (2,)),
)


@pytest.mark.parametrize(
    ("width", "columns"), [(90, 4), (75, 4), (74, 3), (53, 3), (52, 2), (31, 2), (30, 2), (20, 2)]
)
def test_a_table_loses_its_spare_columns_until_it_fits(width: int, columns: int) -> None:
    lines = to_text([WIDE], tables=width).splitlines()
    assert len(lines[1].split()) == columns
    assert max(map(len, lines)) <= width


def test_what_still_does_not_fit_is_broken_behind_commas() -> None:
    assert to_text([WIDE], tables=20) == (
        "configuration  ratio\n-------------  -----\ntb-size=512,     0.5\nthread=multi\ntcg                1\n"
    )


def test_without_a_width_nothing_is_left_out_or_broken() -> None:
    assert max(map(len, to_text([WIDE]).splitlines())) == 75
    long = "words " * 40
    assert to_text([Paragraph((long,))]) == f"{long}\n"


@given(st.lists(st.text(st.sampled_from("abc ,="), max_size=60), min_size=1, max_size=4), st.integers(14, 60))
def test_a_broken_cell_loses_nothing_but_spaces(cells: list[str], width: int) -> None:
    lines = to_text([Table(("x",), tuple((cell,) for cell in cells))], tables=width).splitlines()[2:]
    assert max(map(len, lines), default=0) <= width
    assert "".join(lines).replace(" ", "") == "".join(cells).replace(" ", "")


def test_sentences_are_broken_between_words_and_lists_indented() -> None:
    blocks = [Paragraph(("one two three four",)), Bullets((("five six seven eight",),))]
    assert to_text(blocks, sentences=10) == "one two\nthree four\n\n- five six\n  seven\n  eight\n"


def test_what_is_folded_has_a_heading_where_nothing_stands_instead() -> None:
    folded = Folded(("2 ", Mono("notes")), (Paragraph(("a",)), Paragraph(("b",))))
    assert to_text([folded]) == "2 notes\n-------\n\na\n\nb\n"
