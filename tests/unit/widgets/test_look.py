"""The style of a form, and the guard against echoes."""

from __future__ import annotations

import pytest

from accelkit.widgets.look import Look, quietly


class Listener:
    quiet = False


def test_a_listener_is_quiet_inside_the_block_only_also_after_an_error() -> None:
    listener = Listener()
    with quietly(listener):
        assert listener.quiet
        with quietly(listener):
            assert listener.quiet
        assert listener.quiet, "an inner block does not end the outer one"
    assert not listener.quiet
    with pytest.raises(ValueError, match="odd"), quietly(listener):
        raise ValueError("odd")
    assert not listener.quiet


def test_texts_of_one_form_share_their_layout_and_style() -> None:
    look = Look()
    first, second = look.below(), look.below()
    assert first is not second
    assert first.layout is second.layout
    assert first.style is second.style
    assert look.beside().layout is not first.layout


def test_the_style_sheet_is_hidden_and_has_the_classes_of_the_widgets() -> None:
    sheet = Look().sheet()
    assert sheet.layout.display == "none"
    for name in ("ak-row", "ak-problem", "ak-output", "ak-copy", "ak-dashboard"):
        assert f".{name}" in sheet.value
