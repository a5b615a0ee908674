"""The field for pasted texts."""

from __future__ import annotations

from accelkit import kvm
from accelkit.widgets.look import Look
from accelkit.widgets.paste_field import PasteField


def test_a_good_text_is_taken_and_the_field_is_empty_again():
    values = []
    paste = PasteField(Look(), values.append)
    paste.field.value = "  "
    assert values == []
    paste.field.value = "-accel kvm"
    assert values == [kvm()]
    assert paste.field.value == paste.note.value == ""


def test_a_wrong_text_stays_and_is_marked_until_a_good_one_comes():
    values = []
    paste = PasteField(Look(), values.append)
    paste.field.value = "kmv <b>"
    assert values == []
    assert paste.field.value == "kmv <b>"
    assert "nothing changed" in paste.note.value
    assert "<b>&" not in paste.note.value
    assert "ak-invalid" in paste._dom_classes
    paste.field.value = "kvm"
    assert values == [kvm()]
    assert paste.note.value == ""
    assert "ak-invalid" not in paste._dom_classes
