"""The part of a script that QEMU's words depend on."""

from __future__ import annotations

import pytest

from accelkit.lint.bash import bash_statements
from accelkit.lint.flow import follow
from accelkit.lint.relevant import relevant
from accelkit.lint.script import Assign, all_of


def kept(text: str) -> set[str]:
    return {s.name for s in all_of(relevant(bash_statements(text))) if isinstance(s, Assign)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A=1; B=2; qemu-kvm $A", {"A"}),
        ("A=1; B=$A; C=$B; D=$C; qemu-kvm $C", {"A", "B", "C"}),
        ("A=1; if [ $A = 1 ]; then B=2; fi; qemu-kvm $B", {"A", "B"}),
        ("A=1; for B in $A; do qemu-kvm $B; done", {"A"}),
        ("f() { A=1; }; B=2; f $B; qemu-kvm $A", {"A", "B"}),
        ("f() { qemu-kvm $1; }; A=1; B=2; f $A; g $B", {"A"}),
        ("A=qemu; $A x", {"A"}),
        ("A=1; echo $A", set()),
        ("for A in 1 2; do B=$A; [ $A = 1 ] && continue; qemu-kvm $B; done", {"B"}),
    ],
)
def test_variables_that_count_are_kept_and_others_are_not(text: str, names: set[str]) -> None:
    assert kept(text) == names


@pytest.mark.parametrize(
    "script",
    [
        "L=x; if a; then L=y; fi; A=kvm; if b; then A=tcg; else exit 1; fi; echo $L; qemu-kvm -accel $A",
        "f() { qemu-kvm -accel $1; }; X=kvm; if a; then X=tcg; fi; log $Y; f $X",
        "case $1 in a) A=1; Z=3;; b) Z=4;; esac; qemu-kvm $A",
    ],
)
def test_what_is_left_out_changes_no_command(script: str) -> None:
    whole = bash_statements(script)

    def words(found: list) -> set:
        return {way.words for one in found for way in one.ways if "qemu" in str(way.words)}

    assert words(follow(relevant(whole))) == words(follow(whole))
