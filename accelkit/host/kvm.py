"""Whether KVM can be used here, by trying it, and if not, why and what to do. No guest is booted.

Groups and modes are not asked whether they would allow it: the device is opened, and the kernel
answers. They only serve to say what to change.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from accelkit.host.noise import HostFacts

DEVICE: Final = "/dev/kvm"

GET_API_VERSION: Final = 0xAE00
"""KVM_GET_API_VERSION, _IO(0xAE, 0x00) (Linux' include/uapi/linux/kvm.h)."""

API: Final = 12
"""What it answers, since Linux 2.6.22 (Documentation/virt/kvm/api.rst)."""


@dataclass(frozen=True, slots=True)
class KvmFacts:
    """What opening the device came to. ``error`` is its errno, None if it opened; ``api`` its version.

    ``user`` is who tried; ``group`` and ``mode`` are the device's; ``member``: the user is in that
    group by the list of groups, ``active``: this process is. ``modules`` are those of KVM loaded.
    """

    error: int | None = None
    api: int | None = None
    user: str = ""
    group: str = ""
    mode: int | None = None
    member: bool = False
    active: bool = False
    modules: tuple[str, ...] = ()


def kvm_facts(device: str = DEVICE, modules: str = "/sys/module") -> KvmFacts:
    """What opening ``device`` for reading and writing, and asking for its version, comes to."""
    error, api = _try(device)
    mode, group, gid = None, "", None
    with suppress(OSError):
        seen = os.stat(device)
        mode, gid = stat.S_IMODE(seen.st_mode), seen.st_gid
        group = _group(gid)
    user, groups = _user()
    try:
        loaded = tuple(sorted(name for name in os.listdir(modules) if name.partition("_")[0] == "kvm"))
    except OSError:
        loaded = ()
    return KvmFacts(
        error=error,
        api=api,
        user=user,
        group=group,
        mode=mode,
        member=gid in groups,
        active=gid is not None and gid in (*os.getgroups(), os.getegid()),
        modules=loaded,
    )


def why_no_kvm(kvm: KvmFacts, host: HostFacts) -> tuple[str, str] | None:
    """What is wrong with KVM here, and what to do; None if nothing is.

    >>> why_no_kvm(KvmFacts(api=12), HostFacts("Linux")) is None
    True
    >>> print(*why_no_kvm(KvmFacts(error=errno.EBUSY), HostFacts("Linux")), sep="; ")
    /dev/kvm: busy; another hypervisor holds the CPU's virtualisation: end the machines of VirtualBox or VMware
    """
    match kvm.error:
        case None if kvm.api in (API, None):
            return None
        case None:
            return f"{DEVICE} answers version {kvm.api}, not {API}", "it is no KVM; update the kernel"
        case errno.ENOENT | errno.ENXIO | errno.ENODEV:
            return _absent(kvm, host)
        case errno.EACCES | errno.EPERM:
            return _denied(kvm, host)
        case errno.EBUSY:
            return f"{DEVICE}: busy", HELD
        case code:
            return (
                f"{DEVICE}: {os.strerror(code)}",
                "see what the kernel says of it: sudo dmesg | grep -i kvm",
            )


HELD: Final = "another hypervisor holds the CPU's virtualisation: end the machines of VirtualBox or VMware"


def _absent(kvm: KvmFacts, host: HostFacts) -> tuple[str, str]:
    there = (
        f"{DEVICE} is missing" if kvm.error == errno.ENOENT else f"{DEVICE} is there, and nothing behind it"
    )
    if host.system != "Linux":
        return f"{host.system} has no KVM", "take hvf on macOS, whpx on Windows, tcg anywhere"
    if host.wsl == "WSL1":
        return f"{there}: WSL1 has no Linux kernel", "in PowerShell: wsl --set-version NAME 2"
    if host.wsl:
        return (
            f"{there}: WSL2 without nested virtualisation",
            (
                "on Windows 11 write nestedVirtualization=true below [wsl2] in %UserProfile%\\.wslconfig,"
                " then wsl --shutdown"
            ),
        )
    if host.container and (host.virtualisation or kvm.modules):
        return (
            f"{there}: the container ({host.container}) was started without it",
            "start it with --device /dev/kvm; in Kubernetes with a device plugin for KVM",
        )
    if host.virtualisation is False and host.virtual:
        return (
            f"{there}: this is a virtual machine ({host.virtual}) without nested virtualisation",
            (
                "switch that on in the hypervisor below: for KVM load kvm_intel or kvm_amd with nested=1 and"
                " give the machine -cpu host; in a cloud take a kind of machine that has it"
            ),
        )
    if host.virtualisation is False:
        return (
            f"{there}: the CPU does not offer virtualisation",
            "switch on VT-x (Intel) or SVM (AMD) in the firmware's settings, then start anew",
        )
    if not any(name.startswith("kvm_") for name in kvm.modules):
        return (
            f"{there}: KVM's kernel module is not loaded",
            (
                "sudo modprobe kvm_intel (Intel) or kvm_amd (AMD); if it refuses, dmesg says why:"
                " mostly VT-x or SVM is off in the firmware's settings"
            ),
        )
    return there, "sudo dmesg | grep -i kvm says why; sudo udevadm trigger /dev/kvm makes it anew"


def _denied(kvm: KvmFacts, host: HostFacts) -> tuple[str, str]:
    mode = "" if kvm.mode is None else f" (group {kvm.group}, mode {kvm.mode:04o})"
    denied = f"{DEVICE}: permission denied for {kvm.user or 'this user'}{mode}"
    group_may = kvm.mode is not None and kvm.mode & 0o060 == 0o060
    if (
        (kvm.active and group_may)
        or (kvm.mode is not None and kvm.mode & 0o006 == 0o006)
        or kvm.error == errno.EPERM
    ):
        within = f" of {host.container}" if host.container else ""
        return (
            denied,
            f"its mode allows it, so a container{within} or security module forbids it: --device /dev/kvm",
        )
    if not group_may or kvm.group in ("root", ""):
        return (
            denied,
            (
                "no group may use it: sudo chgrp kvm /dev/kvm && sudo chmod 0660 /dev/kvm; to stay so, a rule for"
                ' udev: KERNEL=="kvm", GROUP="kvm", MODE="0660"'
            ),
        )
    if kvm.member:
        return denied, f"{kvm.user} is in group {kvm.group}, but this session is older: log in again"
    return denied, f"sudo usermod -aG {kvm.group} {kvm.user or '$USER'}, then log in again"


def _try(device: str) -> tuple[int | None, int | None]:
    import fcntl  # not on Windows, which has no KVM either

    try:
        descriptor = os.open(device, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return error.errno, None
    try:
        return None, fcntl.ioctl(descriptor, GET_API_VERSION)
    except OSError as error:
        return error.errno, None
    finally:
        os.close(descriptor)


def _group(gid: int) -> str:
    import grp

    with suppress(KeyError):
        return grp.getgrgid(gid).gr_name
    return str(gid)


def _user() -> tuple[str, tuple[int, ...]]:
    """The name of this user, and the groups that the lists of users and groups put it in."""
    import pwd

    with suppress(KeyError):
        entry = pwd.getpwuid(os.getuid())
        return entry.pw_name, tuple(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return "", ()
