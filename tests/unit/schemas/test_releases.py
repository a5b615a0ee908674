"""releases.tsv: which release has what, and how that is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import accelkit
from accelkit import ACCELERATORS, PROPERTIES
from accelkit.schemas.releases import (
    RELEASES,
    TARGETS,
    Lifetime,
    availability,
    lifetime,
    lifetimes,
    releases_with,
    span,
)

FOLDER = Path(accelkit.__file__).parent / "schemas"
LINES = [line.split("\t") for line in (FOLDER / "releases.tsv").read_text("utf-8").splitlines()]


def test_each_line_names_what_it_is_about_its_releases_and_its_evidence() -> None:
    head, *rows = LINES
    assert head == ["accelerator", "property", "type", "targets", "first", "last", "evidence", "note"]
    for accel, key, qom, targets, first, last, evidence, *note in rows:
        assert accel in ACCELERATORS
        assert not key or accel in PROPERTIES[key].accels
        assert bool(key) == bool(qom)
        assert not key or qom in PROPERTIES[key].domain.qom
        assert targets
        assert re.fullmatch(r"\d+\.\d+", first)
        assert not last or last in RELEASES
        assert evidence.startswith(("captured", "source"))
        assert len(note) < 2


def test_no_two_lines_are_about_the_same() -> None:
    known: set[tuple[str, str, str]] = set()
    for accel, key, _, targets, *_ in LINES[1:]:
        for target in targets.split():
            assert (accel, key, target) not in known
            known.add((accel, key, target))


def test_everything_in_the_table_of_recipes_has_its_releases() -> None:
    assert {accel for accel, key, _ in lifetimes() if not key} == ACCELERATORS.keys()
    for row in PROPERTIES.values():
        for accel in row.accels:
            having = {target for target in TARGETS if lifetime(accel, row.key, target) is not None}
            assert having, (accel, row.key)
            assert having <= set(row.targets or TARGETS), (accel, row.key)


def test_a_property_lives_no_longer_than_its_accelerator() -> None:
    for (accel, key, target), life in lifetimes().items():
        own = lifetimes()[accel, "", target]
        for release in RELEASES:
            number = tuple(map(int, release.split(".")))
            assert own.has(number) or not life.has(number), (accel, key, target, release)


#: What is known of the first and last releases, checked in QEMU's source.
KNOWN = """
kvm kernel-irqchip x86_64 5.2 11.1
kvm kernel-irqchip riscv64 7.0 11.1
kvm dirty-ring-size s390x 6.1 11.1
kvm device ppc64 9.0 11.1
kvm rapl aarch64 9.1 11.1
kvm notify-vmexit i386 7.2 11.1
kvm xen-version x86_64 8.0 11.1
kvm honor-guest-pat x86_64 11.0 11.1
kvm eager-split-size aarch64 8.2 11.1
kvm riscv-aia riscv64 8.2 11.1
tcg split-wx arm 6.0 11.1
tcg one-insn-per-tb ppc64 8.1 11.1
xen igd-passthru aarch64 8.1 11.1
whpx kernel-irqchip x86_64 6.0 11.1
whpx kernel-irqchip i386 6.0 10.2
whpx kernel-irqchip aarch64 11.0 11.1
whpx ssd x86_64 11.1 11.1
hvf kernel-irqchip aarch64 11.1 11.1
nitro enclave-cid aarch64 11.0 11.1
hax - i386 5.2 8.1
nvmm - x86_64 6.1 11.1
mshv - x86_64 10.2 11.1
hvf - aarch64 6.2 11.1
whpx - i386 5.2 10.2
"""


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_first_and_last_release_of(line: str) -> None:
    accel, key, target, first, last = line.split()
    having = releases_with([accel], None if key == "-" else key, target)
    assert having == RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1]


def test_what_no_release_has() -> None:
    for accel, key, target in (
        ("kvm", None, "arm"),
        ("hvf", None, "i386"),
        ("kvm", "riscv-aia", "x86_64"),
        ("x", "y", "z"),
    ):
        assert lifetime(accel, key, target) is None
        assert releases_with([accel], key, target) == ()
        assert span(releases_with([accel], key, target)) == ""


def test_a_lifetime_holds_its_first_and_last_release_and_every_point_release() -> None:
    life = Lifetime("6.1", "8.2")
    numbers = [(6, 0, 99), (6, 1, 0), (7, 2), (8, 2, 9), (9, 0)]
    assert [life.has(number) for number in numbers] == [False, True, True, True, False]


def test_releases_are_told_by_the_first_and_the_last() -> None:
    assert [span(names) for names in (RELEASES[2:], RELEASES[:3], RELEASES[3:5], RELEASES[3:7], RELEASES[4:5], ())] == [
        "6.1 or newer", "6.1 or older", "6.2 or 7.0", "6.2 to 7.2", "7.0", "",
    ]  # fmt: skip


def test_targets_are_named_where_they_differ() -> None:
    assert availability(["tcg"], "thread") == "since 5.0"
    assert availability(["whpx"], "kernel-irqchip") == (
        "since 6.0 (x86_64), 6.0 to 10.2 (i386), since 11.0 (aarch64)"
    )


def test_every_captured_property_was_there_in_its_release() -> None:
    for path in FOLDER.glob("*.json"):
        data = json.loads(path.read_text("utf-8"))
        number = tuple(map(int, data["version"].split(".")))
        for accel, properties in data["accelerators"].items():
            for key in [None, *properties]:
                life = lifetime(accel, key, data["target"])
                assert life is not None, (path.stem, accel, key)
                assert life.has(number), (path.stem, accel, key)
