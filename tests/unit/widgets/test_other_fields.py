"""The fields for what has no control."""

from __future__ import annotations

from accelkit import dirty_ring_size, each, shadow_mem
from accelkit.widgets.alternative import Alternative
from accelkit.widgets.look import Look
from accelkit.widgets.other_fields import OtherFields


def fields():
    calls = []
    return OtherFields(Look(), calls.append, calls.append), calls


def test_a_field_that_means_nothing_is_marked_itself_and_calls_nobody():
    others, calls = fields()
    others.options.value = "x-new"
    assert "ak-invalid" in others.options._dom_classes
    assert "write name=value" in others.note.value
    assert calls == []
    others.axes.value = "tcg()"
    assert "ak-invalid" in others.axes._dom_classes
    assert "ak-invalid" not in others.options._dom_classes
    others.options.value = "x-new=1"
    assert calls == [{"x-new": "1"}]
    assert others.note.value == ""
    others.axes.value = "each(shadow_mem('1MiB'), dirty_ring_size(4096))"
    assert calls[-1] == each(shadow_mem("1MiB"), dirty_ring_size(4096))
    assert "ak-invalid" not in others.axes._dom_classes


def test_what_code_shows_is_not_typed_and_half_typed_text_stays_unless_all_is_new():
    others, calls = fields()
    row = Alternative("tcg", {"x-new": "a,b"})
    others.show(row, afresh=False)
    assert others.options.value == "x-new=a,,b"
    others.options.value = "x-new=a,,b,y"
    others.show(row, afresh=True)
    assert others.options.value == "x-new=a,,b"
    assert others.note.value == ""
    assert calls == []
