"""The order of the rows, and when it changes."""

from __future__ import annotations

import pytest
from support.panel import row_of

from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    bundled,
    device,
    kernel_irqchip,
    kvm,
    notify_vmexit,
    rapl,
    shadow_mem,
    split,
    tb_size,
    tcg,
    thread,
)
from accelkit.recipes.purposes import PURPOSES
from accelkit.widgets import explore


def names_of(panel):
    return [row.row.name for row in panel.rows()]


@pytest.mark.parametrize("accel", ACCELERATORS)
def test_every_property_has_one_row_in_the_order_of_purposes(accel):
    panel = explore(ACCELERATORS[accel]())
    panel.schema = None
    rows = panel.rows()
    assert {row.row.key for row in rows} == {row.key for row in PROPERTIES.values() if accel in row.accels}
    purposes = [list(PURPOSES).index(row.row.purpose) for row in rows]
    assert purposes == sorted(purposes)


def test_what_is_set_comes_first_and_is_open_the_rest_is_folded():
    panel = explore(tcg() | thread("multi"))
    assert names_of(panel)[0] == "thread"
    assert [row.opened for row in panel.rows()] == [True, False, False, False]
    assert "ak-set" in panel.rows()[0]._dom_classes


def test_no_row_moves_while_the_user_sets_and_unsets():
    panel = explore(kvm() | shadow_mem("1MiB"))
    before = panel.properties.children
    row_of(panel, notify_vmexit).editor.widgets[0].value = "disable"
    row_of(panel, shadow_mem).reset.click()
    panel.undo.click()
    panel.redo.click()
    panel.reset.click()
    assert panel.properties.children == before
    row_of(panel, device).editor.widgets[0].value = "/dev/kvm"
    panel.value = kvm() | device("/dev/kvm")  # equal: nothing happens
    assert panel.properties.children == before
    panel.value = kvm() | kernel_irqchip(split)
    assert names_of(panel)[:2] == ["kernel_irqchip", "shadow_mem"]


def test_what_a_qemu_lacks_has_no_row_unless_it_is_set():
    panel = explore(kvm(), bundled("7.2"))
    assert "rapl" not in names_of(panel)
    assert "more in 11.1: " in panel.properties.children[-1].value
    panel.value = kvm() | rapl(True)
    assert "rapl" in names_of(panel)
    assert "riscv_aia" in panel.properties.children[-1].value
    row_of(panel, rapl).reset.click()
    panel.value = kvm() | shadow_mem("1MiB")
    assert "rapl" not in names_of(panel)


def test_the_controls_of_a_row_are_built_when_it_is_opened():
    panel = explore(kvm())
    assert [len(row.children) for row in panel.rows()] == [2] * len(panel.rows())
    assert all(row._editor is None for row in panel.rows())
    row = row_of(panel, notify_vmexit)
    assert len(row.children) == 5
    assert row.children[0] is row.fold, "it has the focus"
    row.fold.click()
    assert row.children == (row.fold, row._note)


def test_a_row_that_the_user_opened_stays_open_until_another_value_is_assigned():
    panel = explore(tcg())
    row_of(panel, tb_size)
    row_of(panel, thread).editor.widgets[0].value = "multi"
    assert row_of(panel, tb_size).opened
    panel.value = tcg() | thread("single")
    assert not panel.properties.row("tb-size").opened
