"""``-cpu host`` with each accelerator, and with the one that QEMU falls back to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accelkit import bundled, check
from accelkit.checking.host_cpu import accelerators_with_host_cpu
from accelkit.checking.judge import judge
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("accel", "version", "accepted"),
    [
        ("tcg", (10, 0, 13), False), ("kvm", (10, 0, 13), True), ("hvf", (10, 0, 13), True),
        ("whpx", (10, 0, 13), False), ("whpx", (11, 0, 0), True), ("hax", (8, 1, 0), False),
        ("nvmm", (10, 0, 13), True),  # NetBSD's package takes it
    ],
)  # fmt: skip
def test_on_x86_it_is_the_cpu_of_accelerators_that_use_the_hosts(
    accel: str, version: tuple[int, int, int], accepted: bool
) -> None:
    schema = replace(bundled("10.0"), version=version, accelerators={"tcg": {}, "kvm": {}, accel: {}})
    assert judge(read(f"-M q35 -cpu host -accel {accel}"), schema).accepted is accepted


def test_where_the_first_accelerator_does_not_start_the_fallback_ends_qemu() -> None:
    (problem,) = check("-accel kvm -accel tcg -cpu host -m 1G", bundled("10.0"))
    assert (problem.kind, problem.remedy) == ("host", "write -cpu max")
    assert problem.why == (
        "-cpu host is the CPU of kvm and hvf only: where kvm does not start, QEMU falls back to tcg and ends"
    )
    assert check("-accel kvm -accel tcg -cpu max -m 1G", bundled("10.0")) == ()
    assert check("-accel kvm -cpu host -m 1G", bundled("10.0")) == ()


@pytest.mark.parametrize(
    ("target", "version", "having", "remedy"),
    [
        ("x86_64", "10.0", ("kvm", "hvf"), "write -cpu max, or take kvm or hvf"),
        ("aarch64", "5.2", ("kvm",), "write -cpu max, or take kvm"),
        ("aarch64", "11.1", ("kvm", "hvf", "whpx"), "write -cpu max, or take kvm or hvf or whpx"),
        ("riscv64", "10.0", ("kvm",), "leave -cpu out, or take kvm"),
        ("arm", "10.0", (), "write -cpu max"),
    ],
)
def test_a_remedy_names_only_what_the_target_can_have(
    target: str, version: str, having: tuple[str, ...], remedy: str
) -> None:
    schema = bundled(version, target)
    assert accelerators_with_host_cpu(schema) == having
    machine = "pc" if target == "x86_64" else "virt"
    (problem,) = check(f"-M {machine} -cpu host -accel tcg", schema)
    assert problem.remedy == remedy
