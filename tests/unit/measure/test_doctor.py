"""Which accelerators work: each way a boot can end, and the real QEMU under TCG.

No guest is booted under KVM here unless ACCELKIT_KVM=1 says so.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

import pytest
from support.processes import qemu

from accelkit.guests import Guest, Report
from accelkit.host.finding import Finding
from accelkit.host.kvm import API, KvmFacts
from accelkit.measure import doctor as doctoring
from accelkit.measure.doctor import doctor, judged
from accelkit.measure.outcome import Cause, Outcome
from accelkit.measure.plain_boot import boot


def outcome(cause: Cause, why: str = "", stderr: str = "") -> Outcome:
    return Outcome(cause, why, 0.1, 0.1, 0.0, None, 0, 0, 1, Report(), stderr, ("/usr/bin/qemu", "-accel"))


# ---- what a boot says ----


@pytest.mark.parametrize(
    ("accelerator", "seen", "entitlements", "remedy"),
    [
        ("kvm", outcome("refused", "ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy"), "",
         "another hypervisor is using"),
        ("kvm", outcome("refused", "failed to initialize kvm", "ioctl(KVM_CREATE_VM) failed: 22"), "", "sudo dmesg"),
        ("kvm", outcome("refused", "Could not access KVM kernel module: Permission denied"), "", "look at its sandbox"),
        ("hvf", outcome("crashed", "ended by SIGABRT", "Error: ret = HV_DENIED (0xfae94007, at …)"), "",
         "codesign --sign - --entitlements entitlements.plist --force /usr/bin/qemu"),
        ("hvf", outcome("crashed", "ended by SIGABRT"), "<dict/>", "QEMU lacks the entitlement"),
        ("hvf", outcome("crashed", "x"), "<key>com.apple.security.hypervisor</key><true/>", "QEMU's words"),
        ("xen", outcome("refused", "failed to initialize xen: Operation not permitted"), "", "on a Xen host only"),
        ("mshv", outcome("refused", "failed to initialize mshv"), "", "/dev/mshv"),
        ("whpx", outcome("refused", "WHPX: No accelerator found"), "", "Windows Hypervisor Platform"),
        ("nvmm", outcome("refused", "x"), "", "modload nvmm"),
        ("tcg", outcome("timeout", "not ended in time"), "", "on a busy host try again"),
        ("nitro", outcome("refused", "failed to initialize nitro"), "", "QEMU's words"),
    ],
)  # fmt: skip
def test_each_failed_boot_has_its_remedy(
    accelerator: str, seen: Outcome, entitlements: str, remedy: str
) -> None:
    found = judged(accelerator, seen, "QEMU 7.2.22 for x86_64", entitlements)
    assert (found.level, found.subject, found.fact) == ("broken", accelerator, f"{seen.cause}: {seen.why}")
    assert remedy in found.remedy


def test_a_guest_that_did_its_work_is_proof() -> None:
    assert judged("tcg", outcome("ok"), "Q") == Finding(
        "works", "tcg", "a guest did its work right in 0.10 s", qemu="Q"
    )


# ---- all of it ----


class Booted:
    """Stands in for booting: notes what it is asked, and lets everything work."""

    def __init__(self) -> None:
        self.accelerators: list[str] = []

    def __call__(self, command: Sequence[str], argv: Sequence[str], work: Guest, timeout: float) -> Outcome:
        assert (work.name, work.slices) == ("cpu", 1)
        assert 0 < timeout < 60
        self.accelerators.append(argv[1])
        return outcome("ok")


@pytest.mark.qemu
def test_each_accelerator_is_booted_that_may_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctoring, "kvm_facts", lambda: KvmFacts(api=API))
    fake = Booted()
    found = doctor(qemu(), boot=fake)
    assert sorted(each.subject for each in found if each.level == "works") == sorted(fake.accelerators)
    assert {"kvm", "tcg"} <= set(fake.accelerators)
    assert "qtest" not in fake.accelerators
    assert found[-1].subject == "host"


@pytest.mark.qemu
def test_kvm_that_cannot_be_opened_is_not_booted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctoring, "kvm_facts", lambda: KvmFacts(error=errno.EBUSY))
    fake = Booted()
    found = {each.subject: each for each in doctor(qemu(), boot=fake)}
    assert found["kvm"].level == "broken"
    assert found["kvm"].qemu.startswith("QEMU ")
    assert "kvm" not in fake.accelerators


@pytest.mark.qemu
def test_tcg_really_works_here() -> None:
    qemu()
    skip = () if os.environ.get("ACCELKIT_KVM") == "1" else ("kvm",)
    found = doctor(skip=skip, boot=boot)
    works = [each for each in found if each.level == "works" and each.subject == "tcg"]
    assert works
    assert all(each.qemu.startswith("QEMU ") for each in works)
    assert [each.subject for each in found if each.level == "skipped"] == ["kvm"] * bool(skip)


@pytest.mark.skipif(os.environ.get("ACCELKIT_KVM") != "1", reason="boots under KVM: ACCELKIT_KVM=1 allows it")
@pytest.mark.qemu
def test_kvm_works_or_says_why() -> None:
    found = next(each for each in doctor(qemu()) if each.subject == "kvm")
    assert found.level == "works" or found.remedy


def test_a_missing_qemu_is_a_finding_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    first = doctor()[0]
    assert (first.level, first.subject, first.fact) == (
        "broken",
        "QEMU",
        "qemu-system-x86_64: no such program",
    )
    assert "apt-get install qemu-system-x86" in first.remedy


def test_what_is_no_qemu_is_a_finding() -> None:
    first = doctor(["sh", "-c", "echo no; exit 1"])[0]
    assert (first.level, first.subject) == ("broken", "QEMU")
    assert first.fact.endswith("does not start: no")
