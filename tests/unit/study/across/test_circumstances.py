"""What differs between two studies, each thing once, and what a container's name is worth."""

from __future__ import annotations

from dataclasses import replace

from support.stores import BARN, BOX

from accelkit.study.across.circumstances import FACTS, Circumstances, differences, same_machines
from accelkit.study.model import Build

QEMU = Build("7.2.22", ("qemu",), "7.2.22 (Debian)", "1" * 32)
OLD = Circumstances((BOX,), (QEMU,), ("0.2.0",))


def test_every_fact_can_differ() -> None:
    new = Circumstances((BARN,), (Build("11.1.3", ("qemu",), "11.1.3", "2" * 32),), ("0.3.0",))
    assert [difference.what for difference in differences(OLD, new)] == [what for what, _ in FACTS]
    assert differences(OLD, OLD) == ()


def test_a_package_that_says_no_more_than_the_version_is_told_once() -> None:
    one, other = (Build(version, ("qemu",), version) for version in ("7.2.22", "11.1.3"))
    found = differences(replace(OLD, builds=(one,)), replace(OLD, builds=(other,)))
    assert [difference.what for difference in found] == ["QEMU"]


def test_several_hosts_are_listed() -> None:
    (host, kernel, *_) = differences(OLD, replace(OLD, hosts=(BOX, BARN)))
    assert host.new == "barn (00facade), box (1a2b3c4d)"
    assert kernel.new == "Linux 6.1.0 x86_64, Linux 6.12.0 x86_64"


def test_a_host_is_known_by_its_id() -> None:
    assert same_machines(OLD, replace(OLD, hosts=(replace(BOX, name="other"),)))
    assert not same_machines(OLD, replace(OLD, hosts=(BOX, BARN)))
