"""Whether this process can use KVM, and if not, why and what to do. Boots no guest.

The kernel decides: :func:`kvm_facts` opens the device. The groups and the mode of the device only
serve to say what to change.
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
"""The version that every KVM since Linux 2.6.22 returns (Documentation/virt/kvm/api.rst)."""

BUSY_REMEDY: Final = (
    "another hypervisor is using hardware virtualisation: stop the machines of VirtualBox or VMware"
)


@dataclass(frozen=True, slots=True)
class KvmFacts:
    """The result of opening the device: ``error`` is an errno, None if it opened; ``api`` its version.

    ``user`` is the user of this process; ``group`` and ``mode`` are those of the device. ``member``
    tells whether the group database lists the user in that group, ``active`` whether this process has
    the group. ``modules`` are the loaded kernel modules of KVM.
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
    """The result of opening ``device`` for reading and writing and asking for its version."""
    error, api = _open(device)
    mode, group, gid = None, "", None
    with suppress(OSError):
        status = os.stat(device)
        mode, gid = stat.S_IMODE(status.st_mode), status.st_gid
        group = _group(gid)
    user, groups = _user()
    try:
        kvm_modules = tuple(sorted(name for name in os.listdir(modules) if name.partition("_")[0] == "kvm"))
    except OSError:
        kvm_modules = ()
    return KvmFacts(
        error=error,
        api=api,
        user=user,
        group=group,
        mode=mode,
        member=gid in groups,
        active=gid is not None and gid in (*os.getgroups(), os.getegid()),
        modules=kvm_modules,
    )


def why_no_kvm(kvm: KvmFacts, host: HostFacts) -> tuple[str, str] | None:
    """Why KVM does not work here, and the remedy; None if it works.

    >>> why_no_kvm(KvmFacts(api=12), HostFacts("Linux")) is None
    True
    >>> print(*why_no_kvm(KvmFacts(error=errno.EBUSY), HostFacts("Linux")), sep="; ")
    /dev/kvm: busy; another hypervisor is using hardware virtualisation: stop the machines of VirtualBox or VMware
    """
    match kvm.error:
        case None if kvm.api in (API, None):
            return None
        case None:
            return f"{DEVICE} has API version {kvm.api}, not {API}", "update the kernel"
        case errno.ENOENT | errno.ENXIO | errno.ENODEV:
            return _absent(kvm, host)
        case errno.EACCES | errno.EPERM:
            return _denied(kvm, host)
        case errno.EBUSY:
            return f"{DEVICE}: busy", BUSY_REMEDY
        case code:
            return (
                f"{DEVICE}: {os.strerror(code)}",
                "read what the kernel reports: sudo dmesg | grep -i kvm",
            )


def _absent(kvm: KvmFacts, host: HostFacts) -> tuple[str, str]:
    state = f"{DEVICE} is missing" if kvm.error == errno.ENOENT else f"{DEVICE} exists without a driver"
    if host.system != "Linux":
        return f"{host.system} has no KVM", "use hvf on macOS, whpx on Windows, tcg anywhere"
    if host.wsl == "WSL1":
        return f"{state}: WSL1 has no Linux kernel", "in PowerShell: wsl --set-version NAME 2"
    if host.wsl:
        return (
            f"{state}: WSL2 without nested virtualisation",
            (
                "on Windows 11 write nestedVirtualization=true below [wsl2] in %UserProfile%\\.wslconfig,"
                " then run wsl --shutdown"
            ),
        )
    if host.container and (host.virtualisation or kvm.modules):
        return (
            f"{state}: the container ({host.container}) was started without it",
            "start it with --device /dev/kvm; in Kubernetes use a device plugin for KVM",
        )
    if host.virtualisation is False and host.virtual:
        return (
            f"{state}: this is a virtual machine ({host.virtual}) without nested virtualisation",
            (
                "enable it in the hypervisor that runs this machine: for KVM load kvm_intel or kvm_amd with nested=1"
                " and give the machine -cpu host; in a cloud choose a machine type that supports it"
            ),
        )
    if host.virtualisation is False:
        return (
            f"{state}: the CPU has no hardware virtualisation, or the firmware disables it",
            "enable VT-x (Intel) or SVM (AMD) in the firmware settings, then restart",
        )
    if not any(name.startswith("kvm_") for name in kvm.modules):
        return (
            f"{state}: KVM's kernel module is not loaded",
            (
                "sudo modprobe kvm_intel (Intel) or kvm_amd (AMD); if that fails, dmesg shows why: usually VT-x"
                " or SVM is disabled in the firmware settings"
            ),
        )
    return state, "sudo dmesg | grep -i kvm shows why; sudo udevadm trigger /dev/kvm creates it again"


def _denied(kvm: KvmFacts, host: HostFacts) -> tuple[str, str]:
    mode = "" if kvm.mode is None else f" (group {kvm.group}, mode {kvm.mode:04o})"
    denied = f"{DEVICE}: permission denied for {kvm.user or 'this user'}{mode}"
    group_may = kvm.mode is not None and kvm.mode & 0o060 == 0o060
    if (
        (kvm.active and group_may)
        or (kvm.mode is not None and kvm.mode & 0o006 == 0o006)
        or kvm.error == errno.EPERM
    ):
        container = f" ({host.container})" if host.container else ""
        return (
            denied,
            (
                f"its mode allows access, so a container{container} or a security module denies it: start the"
                " container with --device /dev/kvm"
            ),
        )
    if not group_may or kvm.group in ("root", ""):
        return (
            denied,
            (
                "no group may use it: sudo chgrp kvm /dev/kvm && sudo chmod 0660 /dev/kvm; to make that permanent,"
                ' add a udev rule: KERNEL=="kvm", GROUP="kvm", MODE="0660"'
            ),
        )
    if kvm.member:
        return (
            denied,
            f"{kvm.user} is in group {kvm.group}, but this session started before that: log in again",
        )
    return denied, f"sudo usermod -aG {kvm.group} {kvm.user or '$USER'}, then log in again"


def _open(device: str) -> tuple[int | None, int | None]:
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
    """The name of this user, and the groups that the user and group databases list for it."""
    import pwd

    with suppress(KeyError):
        entry = pwd.getpwuid(os.getuid())
        return entry.pw_name, tuple(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return "", ()
