"""What an upgrade adds, drops and changes."""

from __future__ import annotations

import pytest

from accelkit import Schema, bundled, diff

GOOD = {"format": 1, "version": "10.0.1", "target": "x86_64", "package": "", "binary-literals": True,
        "accelerators": {"tcg": {"thread": {"type": "string"}}}}  # fmt: skip
UPGRADES = {
    ("5.2", "7.2"): (
        "kvm.dirty-ring-size kvm.notify-vmexit kvm.notify-window tcg.split-wx", "qtest xen xen.igd-passthru",
    ),
    ("7.2", "10.0"): (
        ("kvm.device kvm.rapl kvm.rapl-helper-socket kvm.xen-evtchn-max-pirq kvm.xen-gnttab-max-frames "
        "kvm.xen-version tcg.one-insn-per-tb"), "",
    ),
    ("10.0", "11.1"): ("kvm.honor-guest-pat mshv nitro nitro.debug-mode nitro.enclave-cid qtest", ""),
    ("10.0", "10.1"): ("", ""),  # captured without xen, qtest, hvf, nvmm and whpx; derived with them
    ("9.2", "10.0"): ("", ""),
    ("10.1", "10.2"): ("mshv", ""),
    ("8.1", "9.0"): ("kvm.device", "hax"),
    ("5.2", "6.0"): ("tcg.split-wx", ""),
    ("11.0", "11.1"): ("", ""),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), UPGRADES)
def test_an_upgrade_adds_and_drops_what_releases_have_and_not_what_only_a_build_lacks(
    old: str, new: str
) -> None:
    difference = diff(bundled(old), bundled(new))
    assert (" ".join(difference.added), " ".join(difference.dropped)) == UPGRADES[old, new]
    assert difference.changed == ()


def test_a_downgrade_is_an_upgrade_the_other_way_round() -> None:
    up, down = diff(bundled("5.2"), bundled("11.1")), diff(bundled("11.1"), bundled("5.2"))
    assert (up.added, up.dropped) == (down.dropped, down.added)


def test_a_property_whose_type_changes_is_listed_with_both_types() -> None:
    old = Schema.from_json(GOOD)
    new = Schema.from_json({**GOOD, "accelerators": {"tcg": {"thread": {"type": "uint32"}}}})
    difference = diff(old, new)
    assert difference.changed == ("tcg.thread: string → uint32",)
    assert str(difference).splitlines()[-1] == (
        "≠ changed  tcg.thread: string → uint32  One host thread for all vCPUs, or one for each."
    )


def test_it_is_a_table_with_a_row_for_each_change_and_what_it_means() -> None:
    assert str(diff(bundled("8.1"), bundled("9.0"))).splitlines() == [
        "QEMU 8.1 (x86_64, derived) → QEMU 9.0 (x86_64, derived): 2 differences",
        "",
        "           what        means",
        "---------  ----------  -----------------------------------",
        "+ added    kvm.device  The KVM device node to use.",
        "− removed  hax         Intel HAXM; QEMU dropped it in 8.2.",
    ]


def test_without_a_difference_it_says_so() -> None:
    assert str(diff(bundled("11.1"), bundled("11.1"))) == (
        "QEMU 11.1.3 (x86_64) → QEMU 11.1.3 (x86_64): no difference"
    )


def test_one_difference_is_one_difference() -> None:
    assert str(diff(bundled("10.1"), bundled("10.2"))).splitlines()[0].endswith(": 1 difference")


def test_it_is_a_value() -> None:
    assert diff(bundled("7.2"), bundled("10.0")) == diff(bundled("7.2"), bundled("10.0"))
    assert diff(bundled("7.2"), bundled("10.0")) != diff(bundled("7.2"), bundled("11.1"))
    assert "<table>" in diff(bundled("7.2"), bundled("10.0"))._repr_html_()
