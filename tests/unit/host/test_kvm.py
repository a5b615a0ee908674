"""Each reason why KVM does not work, from facts; the facts, from a device."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from accelkit.host.kvm import API, KvmFacts, kvm_facts, why_no_kvm
from accelkit.host.noise import HostFacts

BARE = HostFacts("Linux", virtualisation=True)
GONE = KvmFacts(error=errno.ENOENT)
LOADED = KvmFacts(error=errno.ENOENT, modules=("kvm", "kvm_intel"))


def denied(**facts: object) -> KvmFacts:
    return KvmFacts(**{"error": errno.EACCES, "user": "ann", "group": "kvm", "mode": 0o660, **facts})  # type: ignore[arg-type]


# ---- KVM, from facts ----


@pytest.mark.parametrize(
    ("kvm", "host", "fact", "remedy"),
    [
        (GONE, HostFacts("Darwin"), "Darwin has no KVM", "use hvf on macOS"),
        (GONE, HostFacts("Linux", wsl="WSL1"), "/dev/kvm is missing: WSL1 has no Linux kernel", "wsl --set-version"),
        (GONE, HostFacts("Linux", wsl="WSL2"), "/dev/kvm is missing: WSL2 without nested virtualisation",
         "nestedVirtualization=true"),
        (GONE, HostFacts("Linux", container="Docker", virtualisation=True),
         "/dev/kvm is missing: the container (Docker) was started without it", "--device /dev/kvm"),
        (LOADED, HostFacts("Linux", container="Podman"),
         "/dev/kvm is missing: the container (Podman) was started without it", "--device /dev/kvm"),
        (GONE, HostFacts("Linux", virtual="VMware", virtualisation=False),
         "/dev/kvm is missing: this is a virtual machine (VMware) without nested virtualisation", "nested=1"),
        (GONE, HostFacts("Linux", virtualisation=False), "/dev/kvm is missing: the CPU has no hardware virtualisation, or the firmware disables it",
         "enable VT-x"),
        (GONE, BARE, "/dev/kvm is missing: KVM's kernel module is not loaded", "sudo modprobe kvm_intel"),
        (KvmFacts(error=errno.ENODEV), BARE,
         "/dev/kvm exists without a driver: KVM's kernel module is not loaded", "sudo modprobe"),
        (LOADED, BARE, "/dev/kvm is missing", "sudo udevadm trigger"),
        (denied(), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "sudo usermod -aG kvm ann, then log in again"),
        (denied(member=True), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "ann is in group kvm, but this session started before that: log in again"),
        (denied(member=True, active=True), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "its mode allows access"),
        (denied(mode=0o666), HostFacts("Linux", container="Docker"),
         "/dev/kvm: permission denied for ann (group kvm, mode 0666)", "its mode allows access, so a container (Docker)"),
        (denied(error=errno.EPERM), BARE, "/dev/kvm: permission denied for ann (group kvm, mode 0660)",
         "its mode allows access, so a container or a security module denies it"),
        (denied(mode=0o600, group="root"), BARE, "/dev/kvm: permission denied for ann (group root, mode 0600)",
         "no group may use it: sudo chgrp kvm /dev/kvm"),
        (denied(mode=None, user=""), BARE, "/dev/kvm: permission denied for this user", "no group may use it"),
        (KvmFacts(error=errno.EBUSY), BARE, "/dev/kvm: busy", "another hypervisor is using"),
        (KvmFacts(error=errno.EIO), BARE, "/dev/kvm: Input/output error", "sudo dmesg"),
        (KvmFacts(api=11), BARE, "/dev/kvm has API version 11, not 12", "update the kernel"),
    ],
)  # fmt: skip
def test_each_reason_why_kvm_does_not_work_has_its_remedy(
    kvm: KvmFacts, host: HostFacts, fact: str, remedy: str
) -> None:
    answer = why_no_kvm(kvm, host)
    assert answer is not None
    assert answer[0] == fact
    assert remedy in answer[1]


def test_a_device_that_opens_with_the_right_version_works() -> None:
    assert why_no_kvm(KvmFacts(api=API), BARE) is None


# ---- KVM, from a device ----


def test_a_device_that_is_missing(tmp_path: Path) -> None:
    assert kvm_facts(str(tmp_path / "kvm"), str(tmp_path / "no")).error == errno.ENOENT


def test_a_device_that_is_not_kvm(tmp_path: Path) -> None:
    for name in ("kvm", "kvm_amd", "kvmgt", "other"):
        (tmp_path / "module" / name).mkdir(parents=True)
    (tmp_path / "kvm").write_bytes(b"")
    (tmp_path / "kvm").chmod(0o640)
    facts = kvm_facts(str(tmp_path / "kvm"), str(tmp_path / "module"))
    assert (facts.error, facts.api, facts.mode) == (errno.ENOTTY, None, 0o640)
    assert facts.modules == ("kvm", "kvm_amd")
    assert (facts.member, facts.active) == (True, True)
    assert facts.user
