"""Statements as data."""

from __future__ import annotations

from accelkit.lint.script import (
    Apart,
    Branch,
    Choice,
    End,
    Function,
    Loop,
    Text,
    Use,
    all_of,
    blocks_of,
    names_in,
)


def test_all_of_goes_through_every_block_in_the_order_of_the_text() -> None:
    first, second, third, last = End(), End("function"), End(), End("function")
    choice = Choice("c", (Branch("if c", None, (first,)), Branch("unless c", None, (second,))))
    script = (Function("f", (Apart((choice,)),)), Loop("i", (), (third,), "for i"), last)
    assert [s for s in all_of(script) if isinstance(s, End)] == [first, second, third, last]
    assert blocks_of(choice) == ((first,), (second,))
    assert blocks_of(first) == ()


def test_names_are_found_where_one_value_stands_for_another() -> None:
    inner = Use("B", "$B", 1, 1)
    use = Use("A", "${A:-$B}", 1, 1, otherwise=(Text("x", 1, 1), inner), instead=(Use("C", "$C", 1, 1),))
    assert set(names_in([(Text("y", 1, 1), use)])) == {"A", "B", "C"}
