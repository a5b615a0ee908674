"""Rules of the machine with the accelerator that runs the guest."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.machine import has_xen, machine_problems
from accelkit.parsing.reader import read


def reasons(text: str, version: str = "10.0") -> list[str]:
    """Why the machine does not start with the first accelerator of the line."""
    line = read(text)
    return [problem.why for problem in machine_problems(line, bundled(version), line.accels[0])]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-accel kvm -icount 0", "-icount is for tcg only"),
        ("-M q35 -accel kvm,kernel-irqchip=off",
         "QEMU 10.0.13 (x86_64) has no userspace APIC under kvm, and the CPU of q35 has an APIC"),
        ("-M none -cpu max -accel tcg", "-machine none takes no -cpu"),
        ("-M pc -cpu host -accel tcg", "-cpu host is the CPU of kvm and hvf only"),
        ("-accel kvm,xen-version=1", "needs kernel-irqchip=split"),
        ("-M q35 -accel kvm -device intel-iommu,intremap=on",
         "interrupt remapping cannot work with kernel-irqchip=on"),
        ("-M q35 -accel tcg -device intel-iommu,eim=on,intremap=off", "eim=on needs intremap=on"),
    ],
)  # fmt: skip
def test_a_machine_that_does_not_start_is_a_problem_with_its_reason(text: str, reason: str) -> None:
    assert reasons(text) == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "-accel tcg -icount 0",
        "-M q35 -cpu 486 -accel kvm,kernel-irqchip=off",
        "-M q35 -cpu max,-apic -accel kvm,kernel-irqchip=off",
        "-M isapc -accel kvm,kernel-irqchip=off",
        "-M pc -cpu host -accel kvm",
        "-M q35 -accel kvm,kernel-irqchip=split -device intel-iommu,intremap=on",
        "-M brand-new -cpu host -accel tcg",  # a machine that is not in the table
        "-accel kvm -device '{damaged'",
    ],
)
def test_a_machine_that_starts_has_no_problems(text: str) -> None:
    assert reasons(text) == []


def test_without_an_accelerator_that_runs_the_guest_nothing_is_checked() -> None:
    assert machine_problems(read("-M none -cpu max -accel kvm"), bundled("10.0"), None) == []


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
