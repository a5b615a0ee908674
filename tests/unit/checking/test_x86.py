"""Facts about x86 machines."""

from __future__ import annotations

import pytest

from accelkit.checking.x86 import chosen_irqchip, has_apic, has_xen, irqchip, is_known
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("machine", "answer"),
    [
        ("pc", True),
        ("pc-q35-9.0", True),
        ("isapc", True),
        ("brand-new", True),
        ("microvm", False),
        ("none", False),
    ],
)
def test_kvm_emulates_xen_on_pc_machines(machine: str, answer: bool) -> None:
    assert has_xen(machine) == answer
    assert is_known(machine) == (machine != "brand-new")


@pytest.mark.parametrize(
    ("text", "chosen", "chip"),
    [
        ("-M pc -accel kvm", None, "on"),
        ("-M microvm -accel kvm", None, "split"),
        ("-M pc-q35-4.0 -accel kvm", None, "split"),
        ("-M microvm,kernel_irqchip=on -accel kvm", "on", "on"),
        ("-M pc,kernel_irqchip=on -accel kvm,kernel-irqchip=off", "off", "off"),
    ],
)
def test_the_irqchip_is_the_chosen_one_or_the_machines(text: str, chosen: str | None, chip: str) -> None:
    line = read(text)
    assert (chosen_irqchip(line, line.accels[0]), irqchip(line, line.accels[0])) == (chosen, chip)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("-M pc", True),
        ("-M none", False),
        ("-M isapc", False),
        ("-M pc -cpu max,-apic", False),
        ("-M pc -cpu max,-apic -smp 2", True),  # more CPUs than one always have it
    ],
)
def test_a_cpu_has_an_apic(text: str, answer: bool) -> None:
    assert has_apic(read(text)) is answer
