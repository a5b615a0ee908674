"""The widgets with which several values are chosen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.panel import set_by_hand
from support.property_texts import ROWS, texts_of

from accelkit import dirty_ring_size, tb_size, thread
from accelkit.widgets.look import Look
from accelkit.widgets.sweep_editor import sweep_editor_for


@given(ROWS, st.data())
def test_the_editor_of_a_sweep_reads_what_it_shows_and_reports_only_changes_by_hand(row, data):
    editor, changes = sweep_editor_for(row, Look()), []
    editor.changed = lambda: changes.append(editor.read())
    choices = data.draw(st.lists(texts_of(row), max_size=3, unique=True))
    editor.show(tuple(choices) or None)
    assert sorted(editor.read() or ()) == sorted(choices)
    assert changes == []
    texts = data.draw(st.lists(texts_of(row), min_size=1, max_size=3, unique=True))
    set_by_hand(editor, row.domain, texts)
    assert sorted(editor.read()) == sorted(texts)
    if set(texts) != set(choices):
        assert changes[-1] == editor.read()


def chips_of(editor):
    return [button.description for button in editor.chips.children]


def type_in(editor, text):
    editor.field.set_state({"value": text})


def test_what_is_typed_is_added_as_chips_each_value_once():
    editor = sweep_editor_for(tb_size, Look())
    editor.show(("64",))
    type_in(editor, "32MiB..256MiB, 1GiB")
    assert chips_of(editor) == ["64 MiB ×", "32 MiB ×", "128 MiB ×", "256 MiB ×", "1 GiB ×"]
    assert editor.read() == ("64", "32", "128", "256", "1024")
    assert editor.field.value == ""


def test_a_chip_has_the_unit_of_its_value():
    editor = sweep_editor_for(dirty_ring_size, Look())
    editor.show(("4096",))
    assert chips_of(editor) == ["4096 entries a vCPU ×"]


def test_what_the_field_cannot_take_stays_marked_with_its_reason_and_the_values_stay():
    editor, changes = sweep_editor_for(tb_size, Look()), []
    editor.show(("8", "64"))
    editor.changed = lambda: changes.append(editor.read())
    for bad, reason in (
        ("64MB", "write &#x27;64MiB&#x27;"),
        ("8, 64MiB", "8 MiB, 64 MiB: are among the values"),
        ("8,8", "occurs twice"),
    ):
        type_in(editor, bad)
        assert editor.field.value == bad
        assert "ak-bad" in editor.field._dom_classes
        assert reason in editor.reason.value
    assert (changes, editor.read()) == ([], ("8", "64"))
    type_in(editor, "128")
    assert "ak-bad" not in editor.field._dom_classes
    assert (changes, editor.reason.value) == ([("8", "64", "128")], "")


def test_a_chip_removes_its_value_and_the_last_one_hands_the_focus_on():
    editor, focused = sweep_editor_for(tb_size, Look()), []
    editor.show(("8", "64", "512"))
    editor.field.focus = lambda: focused.append("field")
    for button in editor.chips.children:
        button.focus = lambda button=button: focused.append(button.description)
    editor.chips.children[0].click()
    assert (editor.read(), focused) == (("64", "512"), [])
    editor.chips.children[1].click()
    assert (editor.read(), focused) == (("64",), ["64 MiB ×"])
    editor.chips.children[0].click()
    assert (editor.read(), focused) == (None, ["64 MiB ×", "field"])


def test_the_slider_sets_a_range():
    editor = sweep_editor_for(tb_size, Look())
    editor.show(("32",))
    field, reason, chips, slider = editor.widgets
    assert (field, reason, chips) == (editor.field, editor.reason, editor.chips)
    steps = [value for _, value in slider.options]
    slider.set_state({"index": (steps.index("32"), steps.index("256"))})
    assert editor.read() == ("32", "64", "128", "256")


def test_a_disabled_editor_disables_its_field_slider_and_chips():
    editor = sweep_editor_for(tb_size, Look())
    editor.show(("8",))
    for disabled in (True, False):
        editor.disable(disabled)
        field, _, chips, slider = editor.widgets
        assert {field.disabled, slider.disabled, chips.children[0].disabled} == {disabled}
    words = sweep_editor_for(thread, Look())
    words.disable(True)
    assert all(box.disabled for box in words.widgets)
