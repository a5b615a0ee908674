"""The notes beside controls."""

from __future__ import annotations

import pytest

from accelkit import (
    PROPERTIES,
    bundled,
    kernel_irqchip,
    one_insn_per_tb,
)
from accelkit.widgets.notes import accel_label, lacking, property_html


def test_a_property_that_a_qemu_lacks_names_the_qemus_that_have_it():
    assert (
        lacking(one_insn_per_tb, "tcg", bundled("7.2"))
        == "not in QEMU 7.2.22 (x86_64); QEMU 8.1 or newer has it"
    )
    assert lacking(one_insn_per_tb, "tcg", bundled("11.1")) == ""
    assert lacking(one_insn_per_tb, "tcg", None) == ""
    assert lacking(kernel_irqchip, "whpx", bundled("11.1")) == ""  # another build may have it all
    assert "not for x86_64 guests" in lacking(PROPERTIES["riscv-aia"], "kvm", bundled("11.1"))
    assert accel_label("whpx", bundled("11.1")) == "whpx (not in this QEMU: hosts Windows)"
    assert accel_label("kvm", bundled("11.1")) == "kvm"
    assert "unknown accelerator" in accel_label("foo", None)


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=str)
def test_every_note_has_meaning_unit_default_range_and_versions(row):
    note = property_html(row, min(row.accels), "", "<bad>", ())
    for part in ("Default", "Takes", "QEMU", "&lt;bad&gt;"):
        assert part in note
