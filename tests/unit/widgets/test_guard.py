"""The hidden widget with the script."""

from __future__ import annotations

from accelkit.widgets import control, explore
from accelkit.widgets.guard import Guard


def test_a_guard_is_hidden_and_has_a_repr_without_an_address() -> None:
    guard = Guard()
    assert repr(guard) == "Guard()"
    assert guard.layout.display == "none"
    assert "data-lm-suppress-shortcuts" in guard._esm


def test_every_form_has_one_guard() -> None:
    for form in (explore(), control(explore().rows()[0].row)):
        assert [isinstance(child, Guard) for child in form.children].count(True) == 1
