"""How much this host has of what bounds an accelerator's settings: memory, and paging for guests. Reads /proc and /sys."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Final, NamedTuple

from accelkit.host.files import read_fact

CGROUPS: Final = "/sys/fs/cgroup"
#: Parameters of KVM's modules that say whether the CPU walks the guest's page tables itself: Intel's, AMD's.
NESTED_PAGING: Final = ("/sys/module/kvm_intel/parameters/ept", "/sys/module/kvm_amd/parameters/npt")


class Capacity(NamedTuple):
    """What of a host bounds the settings that are worth trying.

    >>> Capacity(memory=8 << 30, limit=2 << 30).usable >> 30
    2
    """

    memory: int
    """The host's memory in bytes, by which QEMU chooses its defaults."""
    limit: int | None = None
    """Bytes of it that this process may use, where a cgroup limits it."""
    nested_paging: bool | None = None
    """Whether KVM leaves the guest's page tables to the CPU (EPT, NPT); None where no module says so."""

    @property
    def usable(self) -> int:
        """The bytes of memory that may be used."""
        return self.memory if self.limit is None else min(self.memory, self.limit)


def this_capacity() -> Capacity:
    """The capacity of the host that runs this process.

    >>> this_capacity().usable > 0
    True
    """
    return Capacity(_memory(), _cgroup_limit(), _nested_paging())


def _memory() -> int:
    """Bytes of memory, as qemu_get_host_physmem asks for them; 1 GiB where the system does not say."""
    with suppress(ValueError, OSError, AttributeError):  # AttributeError: Windows has no sysconf
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 1 << 30


def _cgroup_limit() -> int | None:
    """The smallest ``memory.max`` of this process' cgroup and those above it (cgroup v2); None without a limit."""
    lines = read_fact("/proc/self/cgroup").splitlines()
    own = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    parts = [part for part in own.split("/") if part]
    folders = ("/".join([CGROUPS, *parts[:depth]]) for depth in range(len(parts) + 1))
    limits = (read_fact(f"{folder}/memory.max").strip() for folder in folders)
    return min((int(limit) for limit in limits if limit.isdecimal()), default=None)


def _nested_paging() -> bool | None:
    """Whether the loaded module of KVM uses nested paging; None where neither is loaded."""
    words = {read_fact(path).strip() for path in NESTED_PAGING}
    return True if words & {"Y", "1"} else False if words & {"N", "0"} else None
