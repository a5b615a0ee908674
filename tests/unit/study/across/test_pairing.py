"""Which cells two studies have in common, and what is left out, by name."""

from __future__ import annotations

from dataclasses import replace

from support.stores import plan_of

from accelkit.study.across.pairing import pairing
from accelkit.study.model import Build, Cell
from accelkit.study.plan import Plan

STORES = ("a.sqlite", "b.sqlite")


def two_builds(*names: str) -> Plan:
    return replace(plan_of(), builds=[Build(name, (f"qemu-{name}",), name) for name in names])


def test_one_qemu_each_is_a_pair_whatever_the_version() -> None:
    pairs = pairing(plan_of(version="7.2.22"), plan_of(version="11.1.3"), STORES)
    assert pairs.cells[0] == (Cell("7.2.22", "cpu", "tcg"), Cell("11.1.3", "cpu", "tcg"))
    assert pairs.left_out == ()


def test_several_qemus_are_paired_by_name() -> None:
    pairs = pairing(two_builds("7.2", "8.2"), two_builds("8.2", "11.1"), STORES)
    assert {cell.build for pair in pairs.cells for cell in pair} == {"8.2"}
    assert pairs.left_out == ("only a.sqlite has the QEMU '7.2'", "only b.sqlite has the QEMU '11.1'")


def test_what_is_not_the_same_is_left_out_with_the_reason() -> None:
    old = plan_of(["tcg", "tcg,tb-size=8"], guests=["cpu", "io", "smp"])
    new = plan_of(["tcg", "tcg,tb-size=64"], guests=["cpu", "smp"])
    new = replace(new, guests=[new.guests[0], replace(new.guests[1], fingerprint="smp 9")])  # type: ignore[type-var]
    pairs = pairing(old, new, STORES)
    assert [pair[1] for pair in pairs.cells] == [Cell("7.2.22", "cpu", "tcg")]
    assert pairs.left_out[0] == "only a.sqlite has the guest 'io'"
    assert pairs.left_out[1].startswith(
        "guest 'smp': does other work in b.sqlite than in a.sqlite (smp 9; smp cpu 1000)"
    )
    assert pairs.left_out[2:] == (
        "only a.sqlite has the configuration 'tcg,tb-size=8'", "only b.sqlite has the configuration 'tcg,tb-size=64'",
    )  # fmt: skip


def test_other_options_and_other_targets_are_not_compared() -> None:
    old = plan_of()
    new = replace(
        old, configurations=[replace(old.configurations[0], argv=("-accel", "kvm")), old.configurations[1]]
    )
    assert pairing(old, new, STORES).left_out == (
        "configuration 'tcg': the name is that of other options in a.sqlite",
    )
    arm = pairing(old, plan_of(command=["qemu-system-aarch64"]), STORES)
    assert arm.cells == ()
    assert arm.left_out == (
        "QEMU 7.2.22: runs aarch64, 7.2.22 in a.sqlite x86_64; compare QEMUs of one target",
    )
