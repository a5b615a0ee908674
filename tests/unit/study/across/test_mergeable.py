"""What keeps studies from being merged: every reason, with what to do; and the plan of those that can be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.stores import plan_of

from accelkit.study.across.mergeable import Planned, obstacles, target_of, united
from accelkit.study.model import Build
from accelkit.study.plan import Plan, StoredGuest

A = plan_of()


def reasons(*plans: Plan) -> tuple[str, ...]:
    return obstacles([Planned(f"{name}.sqlite", plan) for name, plan in zip("abc", plans, strict=False)])


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (
            plan_of(baseline="tcg,thread=single"),
            "baseline: 'tcg' in a.sqlite, 'tcg,thread=single' in b.sqlite; measure",
        ),
        (
            plan_of(fingerprint="cpu 2000"),
            "guest 'cpu': cpu cpu 1000 in a.sqlite, cpu cpu 2000 in b.sqlite; it does other",
        ),
        (
            plan_of(version="11.1.3"),
            "QEMU: 7.2.22 in a.sqlite, 11.1.3 in b.sqlite; what ran on different QEMUs",
        ),
        (plan_of(guests=["smp"]), "guests: cpu in a.sqlite, smp in b.sqlite; without a guest in common"),
        (
            plan_of(command=["qemu-system-aarch64"]),
            "QEMU 7.2.22: target: x86_64 in a.sqlite, aarch64 in b.sqlite; measure both in one study, with qemu=[…]",
        ),
        (
            replace(
                A, configurations=[replace(A.configurations[0], argv=("-accel", "kvm")), A.configurations[1]]
            ),
            "configuration 'tcg': -accel tcg in a.sqlite, -accel kvm in b.sqlite; measure one of them again",
        ),
        (
            replace(A, builds=[replace(A.builds[0], version="7.2.22 (x)")]),
            "QEMU 7.2.22: version: '7.2.22' in a.sqlite",
        ),
    ],
)
def test_each_reason_says_what_to_do(other: Plan, reason: str) -> None:
    (found,) = reasons(A, other)
    assert found.startswith(reason)


def test_all_reasons_come_at_once() -> None:
    other = plan_of(baseline="tcg,thread=single", fingerprint="cpu 2", version="11.1.3")
    found = reasons(A, A, other)
    assert [reason.partition(":")[0] for reason in found] == ["baseline", "guest 'cpu'", "QEMU"]


def test_a_qemu_of_the_same_name_with_other_content_is_refused() -> None:
    (found,) = reasons(plan_of(digest="1" * 32), plan_of(digest="2" * 32))
    assert "content: 11111111 in a.sqlite, 22222222 in b.sqlite; they are two binaries" in found
    assert reasons(plan_of(digest="1" * 32), plan_of()) == ()


def test_more_or_less_of_the_same_work_can_be_merged() -> None:
    words = "x86_64 q35 64 MiB 1 vCPUs 1,{},0,0,0,0,{} 5f"
    assert (
        reasons(plan_of(fingerprint=words.format(1000, 300)), plan_of(fingerprint=words.format(3000, 90)))
        == ()
    )
    other = plan_of(fingerprint=words.format(1000, 300).replace("64 MiB", "65 MiB"))
    assert len(reasons(plan_of(fingerprint=words.format(1000, 300)), other)) == 1


def test_the_target_is_that_of_the_program() -> None:
    assert target_of(Build("x", ("chroot", "/r", "qemu-system-ppc64"), "1")) == "ppc64"
    assert target_of(Build("x", ("podman", "run", "IMAGE"), "1")) == ""


def test_the_union_has_what_each_has_and_what_only_one_knows() -> None:
    one = plan_of(["tcg", "tcg,tb-size=8"])
    other = plan_of(["tcg", "tcg,tb-size=64"], guests=["cpu", "smp"], digest="d")
    other = replace(other, guests=[StoredGuest("cpu", "cpu cpu 1000", "guest('cpu')"), other.guests[1]])
    both = united([one, other])
    assert [point.name for point in both.configurations] == ["tcg", "tcg,tb-size=8", "tcg,tb-size=64"]
    assert [(guest.name, guest.code) for guest in both.guests] == [("cpu", "guest('cpu')"), ("smp", "")]
    assert [build.digest for build in both.builds] == ["d"]
