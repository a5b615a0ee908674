"""Places of characters, through cuts and rebuilt texts."""

from __future__ import annotations

from accelkit.parsing.sources.places import Source


def test_lines_and_columns_count_from_one() -> None:
    source = Source("ab\nc\n\nd")
    assert [source.place(offset) for offset in (0, 1, 3, 5, 6)] == [(1, 1), (1, 2), (2, 1), (3, 1), (4, 1)]


def test_what_was_cut_out_still_counts() -> None:
    cut = Source("$ a\n> b").taken([(2, 4), (6, 7)])
    assert cut.text == "a\nb"
    assert (cut.place(0), cut.place(2)) == ((1, 3), (2, 3))
    assert cut.taken([(2, 3)]).place(0) == (2, 3)


def test_decoded_pieces_stand_where_they_were_written() -> None:
    built = Source(r"'a' \b").rebuilt([("a", 1), (" ", 3), ("b", 5)])
    assert (built.text, built.place(2)) == ("a b", (1, 6))
    assert Source("x").rebuilt([]).place(0) == (1, 1)
