"""Rules of the machine with the accelerator that runs the guest."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.machine import has_default_machine, machine_problems
from accelkit.parsing.lines import read


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
    ("target", "text", "reason"),
    [
        ("aarch64", "-accel tcg -m 1G", "no machine is named, and QEMU has no default for aarch64"),
        ("aarch64", "-M virt -cpu host -accel tcg", "-cpu host is the CPU of kvm and hvf only"),
        ("aarch64", "-M none -cpu host -accel tcg", "-cpu host is the CPU of kvm and hvf only"),
        ("aarch64", "-M virt,gic-version=host -accel tcg",
         "the host's interrupt controller is that of kvm only"),
        ("aarch64", "-M virt-7.2,gic_version=host -accel tcg",
         "the host's interrupt controller is that of kvm only"),
        ("arm", "-S -accel tcg", "no machine is named, and QEMU has no default for arm"),
        ("riscv64", "-m 1G -cpu host -accel tcg", "-cpu host is the CPU of kvm only"),
    ],
)  # fmt: skip
def test_other_targets_have_rules_of_their_own(target: str, text: str, reason: str) -> None:
    line = read(text)
    (problem,) = machine_problems(line, bundled("10.0", target), line.accels[0])
    assert problem.why == reason


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("aarch64", "-M virt,gic-version=host,gic-version=3 -accel tcg"),
        (
            "aarch64",
            "-M sbsa-ref,gic-version=host -accel tcg",
        ),  # no such property there: the machine's own matter
        ("aarch64", "-M none -cpu max -accel tcg"),
        ("aarch64", "-accel tcg"),
        ("riscv64", "-accel tcg -m 1G"),
        ("s390x", "-accel tcg -cpu max"),
    ],
)
def test_on_other_targets_a_machine_starts(target: str, text: str) -> None:
    line = read(text)
    assert machine_problems(line, bundled("10.0", target), line.accels[0]) == []


@pytest.mark.parametrize(
    ("target", "version", "has"),
    [
        ("x86_64", (11, 1, 3), True),
        ("riscv64", (10, 0, 13), True),
        ("riscv64", (11, 1, 3), False),
        ("aarch64", (5, 2, 0), False),
        ("arm", (11, 1, 3), False),
    ],
)
def test_arm_has_no_default_machine_and_riscv_has_one_no_more(
    target: str, version: tuple[int, int, int], has: bool
) -> None:
    assert has_default_machine(target, version) is has


def test_an_accelerator_that_is_missing_is_named_where_it_leaves_the_guest_to_another() -> None:
    line = read("-M virt -accel hvf -accel tcg -cpu host")
    (problem,) = machine_problems(line, bundled("10.0", "aarch64"), line.accels[1])
    assert (
        problem.why == "-cpu host is the CPU of kvm and hvf only; without hvf it is tcg that runs the guest"
    )
