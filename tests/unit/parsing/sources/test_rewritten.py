"""Pieces of a text keep their places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.rewritten import Rewritten

_SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6)


@given(_SPANS)
def test_law_each_character_that_is_kept_stands_at_its_origin(spans: list[tuple[int, int]]) -> None:
    text = "abcdefghijklmnopqrstu"
    made = Rewritten()
    for start, stop in spans:
        made.keep(text, start, stop)
    assert made.length == len(made.text())
    assert "".join(text[made.origin(offset)] for offset in range(made.length)) == made.text()


@given(_SPANS, st.integers(0, 30), st.integers(0, 30))
def test_law_a_part_of_pieces_is_a_part_of_their_text(
    spans: list[tuple[int, int]], start: int, stop: int
) -> None:
    made, part = Rewritten(), Rewritten()
    for span in spans:
        made.keep("abcdefghijklmnopqrstu", *span)
    part.extend(made, start, stop)
    assert part.text() == made.text()[start:stop]
    assert [part.origin(n) for n in range(part.length)] == [
        made.origin(start + n) for n in range(part.length)
    ]


def test_it_becomes_a_source_with_the_places_of_the_first_text() -> None:
    made = Rewritten()
    made.keep("a\nkvm", 2, 5)
    assert made.source(Source("a\nkvm")).place(1) == (2, 2)
