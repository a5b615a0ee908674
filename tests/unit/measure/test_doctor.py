"""Findings from boots that work and from boots that fail."""

from __future__ import annotations

import pytest

from accelkit.guests import Report
from accelkit.host.finding import Finding
from accelkit.measure.doctor import doctor, finding_of
from accelkit.measure.outcome import Cause, Outcome


def outcome(cause: Cause, why: str = "", stderr: str = "") -> Outcome:
    return Outcome(cause, why, 0.1, 0.1, 0.0, None, 0, 0, 1, Report(), stderr, ("/usr/bin/qemu", "-accel"))


@pytest.mark.parametrize(
    ("accelerator", "result", "entitlements", "remedy"),
    [
        ("kvm", outcome("refused", "ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy"), "",
         "another hypervisor is using"),
        ("kvm", outcome("refused", "failed to initialize kvm", "ioctl(KVM_CREATE_VM) failed: 22"), "", "sudo dmesg"),
        ("kvm", outcome("refused", "Could not access KVM kernel module: Permission denied"), "", "check its sandbox"),
        ("hvf", outcome("crashed", "ended by SIGABRT", "Error: ret = HV_DENIED (0xfae94007, at …)"), "",
         "codesign --sign - --entitlements entitlements.plist --force /usr/bin/qemu"),
        ("hvf", outcome("crashed", "ended by SIGABRT"), "<dict/>", "QEMU lacks the entitlement"),
        ("hvf", outcome("crashed", "x"), "<key>com.apple.security.hypervisor</key><true/>", "QEMU's message"),
        ("xen", outcome("refused", "failed to initialize xen: Operation not permitted"), "", "only in domain 0 of a Xen host"),
        ("mshv", outcome("refused", "failed to initialize mshv"), "", "/dev/mshv"),
        ("whpx", outcome("refused", "WHPX: No accelerator found"), "", "Windows Hypervisor Platform"),
        ("nvmm", outcome("refused", "x"), "", "modload nvmm"),
        ("tcg", outcome("timeout", "not ended in time"), "", "on a busy host try again"),
        ("nitro", outcome("refused", "failed to initialize nitro"), "", "QEMU's message"),
    ],
)  # fmt: skip
def test_each_failed_boot_has_its_remedy(
    accelerator: str, result: Outcome, entitlements: str, remedy: str
) -> None:
    finding = finding_of(accelerator, result, "QEMU 7.2.22 for x86_64", entitlements)
    assert (finding.level, finding.subject, finding.fact) == (
        "broken",
        accelerator,
        f"{result.cause}: {result.why}",
    )
    assert remedy in finding.remedy


def test_an_accelerator_works_if_the_guest_did_its_work() -> None:
    assert finding_of("tcg", outcome("ok"), "Q") == Finding(
        "works", "tcg", "a guest did its work correctly in 0.10 s", qemu="Q"
    )


def test_a_missing_qemu_is_a_finding_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    first = doctor()[0]
    assert (first.level, first.subject, first.fact) == (
        "broken",
        "QEMU",
        "qemu-system-x86_64: no such program",
    )
    assert "apt-get install qemu-system-x86" in first.remedy
