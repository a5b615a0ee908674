"""The rows of alternatives and their buttons."""

from __future__ import annotations

from support.panel import row_of

from accelkit import (
    each,
    first_of,
    kernel_irqchip,
    kvm,
    split,
    tb_size,
    tcg,
)
from accelkit.widgets import explore


def test_alternatives_are_added_edited_moved_and_removed_by_buttons():
    panel = explore(kvm() | kernel_irqchip(split))
    panel.alternatives.add.click()
    assert panel.value == first_of(kvm() | kernel_irqchip(split), tcg())
    row_of(panel, tb_size).editor.widgets[0].value = "256"
    assert panel.value == first_of(kvm() | kernel_irqchip(split), tcg() | tb_size(256))
    panel.alternatives.buttons(1)[1].click()  # earlier
    assert panel.value == first_of(tcg() | tb_size(256), kvm() | kernel_irqchip(split))
    panel.alternatives.buttons(1)[0].click()  # edit
    assert panel.accel.value == "kvm"
    assert row_of(panel, kernel_irqchip).editor.widgets[0].value == "split"
    panel.alternatives.combine.value = "each"
    assert panel.value == each(tcg() | tb_size(256), kvm() | kernel_irqchip(split))
    panel.alternatives.buttons(0)[3].click()  # remove
    assert panel.value == kvm() | kernel_irqchip(split)


def test_two_equal_alternatives_in_a_sweep_are_an_error_until_they_differ():
    panel = explore(each(tcg(), kvm()))
    panel.alternatives.buttons(1)[0].click()
    panel.accel.value = "tcg"
    assert panel.value == each(tcg(), kvm())
    assert "twice" in panel.result.problems._error.value
    row_of(panel, tb_size).editor.widgets[0].value = "8"
    assert panel.value == each(tcg(), tcg() | tb_size(8))
    assert "twice" not in panel.result.problems._error.value


def test_two_alternatives_of_one_accelerator_keep_their_own_values():
    panel = explore(first_of(tcg() | tb_size(8), tcg() | tb_size(64)))
    assert row_of(panel, tb_size).editor.widgets[0].value == "8MiB"
    panel.alternatives.buttons(1)[0].click()
    assert row_of(panel, tb_size).editor.widgets[0].value == "64MiB"
    assert panel.value == first_of(tcg() | tb_size(8), tcg() | tb_size(64))
