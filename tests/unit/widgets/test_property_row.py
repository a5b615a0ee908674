"""One property in the explorer: its editor, its sweep and its note."""

from __future__ import annotations

from support.panel import note_of, row_of

from accelkit import (
    bundled,
    dirty_ring_size,
    kvm,
    option,
    rapl,
    tb_size,
    tcg,
    thread,
)
from accelkit.widgets import explore
from accelkit.widgets.look import Look
from accelkit.widgets.property_row import PropertyRow


def test_a_bad_value_is_explained_beside_its_control_and_the_last_good_recipe_stays():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.editor.widgets[0].value = "64MB"
    assert panel.value == tcg() | tb_size(64)
    assert "write &#x27;64MiB&#x27;" in note_of(row)
    row_of(panel, thread).editor.widgets[0].value = "single"  # half-typed text stays
    assert panel.value == tcg() | tb_size(64) | thread("single")
    assert row.editor.widgets[0].value == "64MB"
    row.editor.widgets[0].value = "128MiB"
    assert panel.value == tcg() | tb_size(128) | thread("single")
    assert "64MB" not in note_of(row)


def test_a_property_that_the_qemu_lacks_is_greyed_out_with_the_qemus_that_have_it():
    panel = explore(kvm() | rapl(True), bundled("7.2"))
    row = row_of(panel, rapl)
    assert not row.editor.widgets[0].disabled  # the user must be able to unset it
    assert "⊘ not in this QEMU" in note_of(row)
    assert "ak-absent" in row._dom_classes
    row.reset.click()
    assert row in panel.rows(), "it does not vanish below the pointer"
    assert row.editor.widgets[0].disabled
    assert row.reset.disabled
    assert "QEMU 9.1 or newer has it" in note_of(row)
    panel.undo.click()
    assert not row.editor.widgets[0].disabled
    panel.qemu.value = "QEMU 11.1.3 (x86_64)"
    assert panel.schema == bundled("11.1")
    assert "depends on the host" in note_of(row)
    assert "ak-host" in row._dom_classes
    panel.qemu.value = "any QEMU: nothing is checked"
    assert panel.schema is None
    assert "depends on the host" not in note_of(row)


def test_only_a_change_by_hand_makes_a_choice():
    choices = []
    row = PropertyRow(tb_size, "tcg", Look(), lambda key, choice: choices.append((key, choice)))
    row.show("64", afresh=True)
    row.show(("8", "64"), afresh=True)
    assert row.sweep.value is True
    row.show(None, afresh=True)
    assert row.sweep.value is False
    assert choices == []
    row.show("64", afresh=True)
    row.sweep.value = True
    row.editor.widgets[0].value = "8"
    row.sweep.value = False
    assert choices == [("tb-size", ("64",)), ("tb-size", ("64", "8")), ("tb-size", "64")]


def test_a_badly_filled_field_is_marked_and_reset_takes_the_text_away():
    panel = explore(tcg())
    row = row_of(panel, tb_size)
    row.editor.widgets[0].value = "64MB"
    assert "ak-invalid" in row._dom_classes
    assert not row.reset.disabled
    row.reset.click()
    assert row.editor.widgets[0].value == ""
    assert "ak-invalid" not in row._dom_classes
    assert row.reset.disabled


def test_a_wrong_value_is_refused_and_not_absent():
    panel = explore(kvm() | option("dirty-ring-size", "1000"), bundled("11.1"))
    row = row_of(panel, dirty_ring_size)
    assert "✗ refused" in note_of(row)
    assert "▲ depends on the host" in note_of(row)
    assert "ak-refused" in row._dom_classes
    assert not {"ak-absent", "ak-host"} & set(row._dom_classes)


def test_a_folded_row_says_what_is_set():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.fold.click()
    assert not row.opened
    assert "64 MiB" in note_of(row)
    assert tb_size.doc in note_of(row)
    assert "ak-set" in row._dom_classes
