"""Words of libvirt: each stands for one of QEMU's, and each of QEMU's for one of libvirt's."""

from __future__ import annotations

from accelkit import ACCELERATORS, dirty_ring_size, kernel_irqchip
from accelkit.syntax.libvirt_words import IOAPIC, RING, TYPES


def test_the_words_go_both_ways_and_the_table_takes_what_they_stand_for() -> None:
    assert set(TYPES.values()) <= set(ACCELERATORS)
    assert len(set(TYPES.values())) == len(TYPES)
    assert len(set(IOAPIC.values())) == len(IOAPIC)
    for word in IOAPIC.values():
        assert kernel_irqchip(word).steps[0].value == word
    for entries in RING:
        assert dirty_ring_size(entries).steps[0].value == str(entries)
