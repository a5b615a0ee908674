"""What the rows of a report are called, and builds."""

from __future__ import annotations

import pytest

from accelkit import kvm, multi, option, single, split_wx, tb_size, tcg, thread
from accelkit.study.model import Build, Configuration, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report.names import common, row_names, short_version

BUILDS = [Build("7.2", ("qemu",), "7.2.22")]
GUESTS = [StoredGuest("smp", "")]


def plan(*points) -> Plan:
    made = [point if isinstance(point, Configuration) else Configuration(point) for point in points]
    return Plan(BUILDS, made, GUESTS, made[0].name)


@pytest.mark.parametrize(
    ("points", "names", "same"),
    [
        ([tcg(), tcg() | thread(multi)], ["tcg", "thread=multi"], "tcg"),
        ([tcg() | tb_size(8), tcg() | tb_size(64)], ["tb-size=8", "tb-size=64"], "tcg"),
        ([tcg() | split_wx(True), tcg() | split_wx(True) | thread(single)], ["tcg,split-wx=on", "thread=single"],
         "tcg,split-wx=on"),
        ([tcg(), kvm()], ["tcg", "kvm"], ""),
        ([tcg() | thread(multi), kvm()], ["tcg,thread=multi", "kvm"], ""),
        ([tcg()], ["tcg"], "tcg"),
        ([tcg(), tcg() | option("x", "default")], ["tcg", "tcg,x=default"], "tcg"),  # a value that reads as none
    ],
)  # fmt: skip
def test_a_row_has_what_tells_it_from_the_others(points: list, names: list[str], same: str) -> None:
    study = plan(*points)
    assert list(row_names(study).values()) == names
    assert common(study) == same


def test_two_of_one_name_have_their_whole_names() -> None:
    """Names in a store are free: two may have the same settings."""
    first, second = (stored_configuration(name, ("-accel", "tcg,thread=multi")) for name in ("one", "two"))
    assert list(row_names(plan(tcg(), first, second)).values()) == ["tcg", "one", "two"]


@pytest.mark.parametrize(
    ("name", "version", "text"),
    [
        ("7.2.22", "7.2.22 (Debian 1:7.2+dfsg-7)", "QEMU 7.2.22"),
        ("7.2", "7.2.22", "QEMU 7.2.22"),
        ("patched", "7.2.22", "QEMU patched (7.2.22)"),
        ("7.2.22 (chroot /x qemu)", "7.2.22", "QEMU 7.2.22 (chroot /x qemu)"),
        ("mine", "", "QEMU mine"),
    ],
)
def test_builds_are_called_by_what_distinguishes_them(name: str, version: str, text: str) -> None:
    assert short_version(Build(name, ("qemu",), version)) == text
