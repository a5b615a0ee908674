"""The widgets with which one choice is made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.panel import row_of, set_by_hand
from support.property_texts import ROWS, texts_of

from accelkit import (
    device,
    kvm,
    option,
    shadow_mem,
    tb_size,
    tcg,
    thread,
)
from accelkit.widgets import explore
from accelkit.widgets.editors import ExactText, editor_for
from accelkit.widgets.look import Look
from accelkit.widgets.toolkit import w


def test_the_slider_and_the_field_of_a_size_move_together():
    panel = explore(tcg())
    field, slider = row_of(panel, tb_size).editor.widgets
    slider.set_state({"index": [value for _, value in slider.options].index("256")})
    assert panel.value == tcg() | tb_size(256)
    assert field.value == "256MiB"
    field.value = "100MiB"
    assert slider.value == "64"
    assert panel.value == tcg() | tb_size(100)
    slider.set_state({"index": 0})
    assert panel.value == tcg()


@given(ROWS, st.data())
def test_an_editor_reads_what_it_shows_and_reports_only_changes_by_hand(row, data):
    editor, changes = editor_for(row, Look()), []
    editor.changed = lambda: changes.append(editor.read())
    choice = data.draw(st.none() | texts_of(row))
    editor.show(choice)
    assert editor.read() == choice
    assert changes == []
    text = data.draw(texts_of(row).filter(lambda text: text != choice))
    set_by_hand(editor, row.domain, [text])
    assert changes == [text]


def test_a_disabled_editor_disables_all_its_widgets():
    editor = editor_for(tb_size, Look())
    editor.disable(True)
    assert [widget.disabled for widget in editor.widgets] == [True, True]
    editor.disable(False)
    assert [widget.disabled for widget in editor.widgets] == [False, False]


def test_an_unknown_word_is_shown_as_an_option_until_another_is():
    editor = editor_for(thread, Look())
    editor.show("sideways")
    assert editor.read() == "sideways"
    editor.show("single")
    assert "sideways" not in [value for _, value in editor.widgets[0].options]


def test_a_field_shows_what_can_be_seen_and_means_the_exact_text_until_it_is_edited():
    field = w.Text()
    text = ExactText(field)
    text.show("/dev/\udcff\x1b")
    assert field.value == r"/dev/\xff\x1b"
    assert text.read() == "/dev/\udcff\x1b"
    field.value = "/dev/kvm"
    assert text.read() == "/dev/kvm"


def test_a_device_whose_name_is_not_utf_8_stays_while_others_are_edited():
    panel = explore(kvm() | device("/dev/\udcff") | option("x-new", "\u202e"))
    row_of(panel, shadow_mem).editor.widgets[0].set_state({"value": "64MiB"})
    assert panel.value == kvm() | device("/dev/\udcff") | option("x-new", "\u202e") | shadow_mem("64MiB")
