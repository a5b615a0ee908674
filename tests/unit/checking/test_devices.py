"""Rules of devices: an IOMMU with the irqchip, and KVM's own devices."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.devices import global_of, global_problems, iommu_problems
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("text", "version", "reasons"),
    [
        ("-M q35 -accel kvm -device intel-iommu,intremap=on", "10.0",
         ["interrupt remapping cannot work with kernel-irqchip=on"]),
        ("-M pc-q35-4.0 -accel kvm -device intel-iommu,intremap=on", "5.2", []),
        ("-M q35 -accel tcg -device intel-iommu,eim=on,intremap=off", "10.0", ["eim=on needs intremap=on"]),
        ("-M q35 -accel tcg -device intel-iommu,eim=on,intremap=on", "7.2",
         ["eim=on needs kvm with kernel-irqchip=split"]),
        ("-M q35 -accel tcg -device intel-iommu,intremap=maybe", "10.0",
         ["intremap=maybe is neither on, off nor auto"]),
        ("-accel kvm -device '{damaged'", "10.0", []),
    ],
)  # fmt: skip
def test_interrupt_remapping_needs_an_irqchip_that_can(text: str, version: str, reasons: list[str]) -> None:
    line = read(text)
    assert [problem.why for problem in iommu_problems(line, bundled(version), line.accels[0])] == reasons


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("-M q35 -accel kvm -global kvm-pit.lost_tick_policy=slew", ["machine: KVM's timer cannot slew lost ticks"]),
        ("-accel kvm -global driver=kvm-pit,property=lost_tick_policy,value=slew",
         ["machine: KVM's timer cannot slew lost ticks"]),
        ("-accel kvm -global kvm-pit.lost_tick_policy=slew -global kvm-pit.lost_tick_policy=delay", []),
        ("-accel kvm -global kvm-pit.lost_tick_policy=bad -global kvm-pit.lost_tick_policy=delay",
         ["machine: bad is not a policy of kvm-pit"]),
        ("-accel kvm -global kvm-pit.lost-tick-policy=delay", ["machine: kvm-pit has no property lost-tick-policy"]),
        ("-M pc,pit=off -accel kvm -global kvm-pit.lost_tick_policy=slew", []),
        ("-M none -accel kvm -global kvm-pit.lost_tick_policy=slew", []),
        ("-M microvm -accel kvm -global kvm-pit.lost_tick_policy=slew",
         ["ignored: no effect: with kernel-irqchip=split there is no kvm-pit"]),
        ("-accel tcg -global kvm-apic.id=1", ["ignored: no effect: tcg has no kvm-apic"]),
        ("-accel tcg -global e1000.mac=x", []),
    ],
)  # fmt: skip
def test_a_global_is_for_a_device_that_the_accelerator_has(text: str, problems: list[str]) -> None:
    line = read(text)
    found = [f"{problem.kind}: {problem.why}" for problem in global_problems(line, line.accels[0])]
    assert found == problems


def test_a_global_has_two_forms() -> None:
    assert global_of("a.b=c") == global_of("driver=a,property=b,value=c") == ("a", "b", "c")
