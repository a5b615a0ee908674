"""Which accelerators work: each way KVM can be missing, each way a boot can end, and the real QEMU under TCG.

No guest is booted under KVM here unless ACCELKIT_KVM=1 says so.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.processes import qemu

from accelkit.guests import Guest, Report
from accelkit.host.finding import Finding
from accelkit.host.kvm import API, KvmFacts, kvm_facts, why_no_kvm
from accelkit.host.noise import HostFacts
from accelkit.measure import doctor as doctoring
from accelkit.measure.doctor import doctor, judged
from accelkit.measure.outcome import Cause, Outcome
from accelkit.measure.plain_boot import boot

BARE = HostFacts("Linux", virtualisation=True)
GONE = KvmFacts(error=errno.ENOENT)
LOADED = KvmFacts(error=errno.ENOENT, modules=("kvm", "kvm_intel"))


def denied(**facts: object) -> KvmFacts:
    return KvmFacts(**{"error": errno.EACCES, "user": "ann", "group": "kvm", "mode": 0o660, **facts})  # type: ignore[arg-type]


def outcome(cause: Cause, why: str = "", stderr: str = "") -> Outcome:
    return Outcome(cause, why, 0.1, 0.1, 0.0, None, 0, 0, 1, Report(), stderr, ("/usr/bin/qemu", "-accel"))


# ---- KVM, from facts ----


@pytest.mark.parametrize(
    ("kvm", "host", "seen", "remedy"),
    [
        (GONE, HostFacts("Darwin"), "Darwin has no KVM", "take hvf on macOS"),
        (GONE, HostFacts("Linux", wsl="WSL1"), "/dev/kvm is missing: WSL1 has no Linux kernel", "wsl --set-version"),
        (GONE, HostFacts("Linux", wsl="WSL2"), "/dev/kvm is missing: WSL2 without nested virtualisation",
         "nestedVirtualization=true"),
        (GONE, HostFacts("Linux", container="Docker", virtualisation=True),
         "/dev/kvm is missing: the container (Docker) was started without it", "--device /dev/kvm"),
        (LOADED, HostFacts("Linux", container="Podman"),
         "/dev/kvm is missing: the container (Podman) was started without it", "--device /dev/kvm"),
        (GONE, HostFacts("Linux", virtual="VMware", virtualisation=False),
         "/dev/kvm is missing: this is a virtual machine (VMware) without nested virtualisation", "nested=1"),
        (GONE, HostFacts("Linux", virtualisation=False), "/dev/kvm is missing: the CPU does not offer virtualisation",
         "switch on VT-x"),
        (GONE, BARE, "/dev/kvm is missing: KVM's kernel module is not loaded", "sudo modprobe kvm_intel"),
        (KvmFacts(error=errno.ENODEV), BARE,
         "/dev/kvm is there, and nothing behind it: KVM's kernel module is not loaded", "sudo modprobe"),
        (LOADED, BARE, "/dev/kvm is missing", "sudo udevadm trigger"),
        (denied(), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "sudo usermod -aG kvm ann, then log in again"),
        (denied(member=True), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "ann is in group kvm, but this session is older: log in again"),
        (denied(member=True, active=True), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "its mode allows it"),
        (denied(mode=0o666), HostFacts("Linux", container="Docker"),
         "/dev/kvm: permission denied for ann (group kvm, mode 0666)", "its mode allows it, so a container of Docker"),
        (denied(error=errno.EPERM), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "its mode allows it, so a container or security module forbids it"),
        (denied(mode=0o600, group="root"), BARE, "/dev/kvm: permission denied for ann (group root, mode 0600)",
         "no group may use it: sudo chgrp kvm /dev/kvm"),
        (denied(mode=None, user=""), BARE, "/dev/kvm: permission denied for this user", "no group may use it"),
        (KvmFacts(error=errno.EBUSY), BARE, "/dev/kvm: busy", "another hypervisor holds"),
        (KvmFacts(error=errno.EIO), BARE, "/dev/kvm: Input/output error", "sudo dmesg"),
        (KvmFacts(api=11), BARE, "/dev/kvm answers version 11, not 12", "update the kernel"),
    ],
)  # fmt: skip
def test_each_way_kvm_is_missing_has_its_remedy(
    kvm: KvmFacts, host: HostFacts, seen: str, remedy: str
) -> None:
    found = why_no_kvm(kvm, host)
    assert found is not None
    assert found[0] == seen
    assert remedy in found[1]


def test_kvm_that_answers_is_not_in_doubt() -> None:
    assert why_no_kvm(KvmFacts(api=API), BARE) is None


# ---- KVM, from a device ----


def test_a_device_that_is_missing(tmp_path: Path) -> None:
    assert kvm_facts(str(tmp_path / "kvm"), str(tmp_path / "no")).error == errno.ENOENT


def test_a_device_that_is_no_kvm(tmp_path: Path) -> None:
    for name in ("kvm", "kvm_amd", "kvmgt", "other"):
        (tmp_path / "module" / name).mkdir(parents=True)
    (tmp_path / "kvm").write_bytes(b"")
    (tmp_path / "kvm").chmod(0o640)
    found = kvm_facts(str(tmp_path / "kvm"), str(tmp_path / "module"))
    assert (found.error, found.api, found.mode) == (errno.ENOTTY, None, 0o640)
    assert found.modules == ("kvm", "kvm_amd")
    assert (found.member, found.active) == (True, True)
    assert found.user


# ---- what a boot says ----


@pytest.mark.parametrize(
    ("accelerator", "seen", "entitlements", "remedy"),
    [
        ("kvm", outcome("refused", "ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy"), "",
         "another hypervisor holds"),
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
    assert (found.level, found.subject, found.seen) == ("broken", accelerator, f"{seen.cause}: {seen.why}")
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
    assert (first.level, first.subject, first.seen) == (
        "broken",
        "QEMU",
        "qemu-system-x86_64: no such program",
    )
    assert "apt-get install qemu-system-x86" in first.remedy


def test_what_is_no_qemu_is_a_finding() -> None:
    first = doctor(["sh", "-c", "echo no; exit 1"])[0]
    assert (first.level, first.subject) == ("broken", "QEMU")
    assert first.seen.endswith("does not start: no")
