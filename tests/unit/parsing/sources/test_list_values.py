"""What stands between brackets."""

from __future__ import annotations

from accelkit.parsing.sources.list_values import Frame


def test_an_assignment_is_known_by_its_sign() -> None:
    frame = Frame("", 0)
    for text in ("a", "+="):
        frame.add(text, 0, 1)
    assert frame.assigned() == ("a", "+=")
    assert frame.tokens == []
