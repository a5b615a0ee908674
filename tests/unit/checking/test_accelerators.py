"""The attempt at one accelerator after the other: which one runs the guest, as far as the binary decides."""

from __future__ import annotations

import pytest

from accelkit import bundled, check
from accelkit.checking.accelerators import Attempt
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("line", "winner"),
    [("kvm", "kvm"), ("-accel tcg -accel kvm", "tcg"), ("-accel hvf -accel tcg", "tcg"), ("tcg,thread=both", None)],
)  # fmt: skip
def test_the_first_that_can_start_wins(line: str, winner: str | None) -> None:
    attempt = Attempt(read(line), bundled("10.0"))
    attempt.problems()
    assert (attempt.winner.name if attempt.winner else None) == winner


@pytest.mark.parametrize(
    ("version", "target", "kinds"),
    [("10.0", "aarch64", ["host"]), ("9.2", "s390x", ["host"]), ("10.0", "x86_64", []), ("9.2", "i386", [])],
)
def test_kvm_for_guests_of_another_kind_than_x86_needs_a_host_of_that_kind(
    version: str, target: str, kinds: list[str]
) -> None:
    assert [problem.kind for problem in check("kvm", bundled(version, target))] == kinds


def test_an_accelerator_that_a_release_lacks_names_the_releases_that_have_it() -> None:
    problem = check("mshv", bundled("10.0"))[0]
    assert (problem.kind, problem.remedy) == ("build", "take QEMU 10.2 or newer")
    assert check("kvm", bundled("10.0", "arm"))[0].remedy == "leave it out: no QEMU has it for arm"
    assert check("xen", bundled("10.0"))[0].remedy == "take a build with xen"
    assert check("hvf", bundled("10.0"))[0].remedy == "take a build for macOS"
