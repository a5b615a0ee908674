"""The identity of this host: what must not change between the runs of one study."""

from __future__ import annotations

import hashlib
import os
import platform
from dataclasses import dataclass
from typing import Final

from accelkit.host.files import read_fact

GOVERNOR: Final = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"

BOOT_ID: Final = "/proc/sys/kernel/random/boot_id"

MACHINE_IDS: Final = ("/etc/machine-id", "/var/lib/dbus/machine-id")


@dataclass(frozen=True, slots=True)
class Host:
    """A machine and its kernel. ``machine`` identifies it even when its host name changes.

    ``governor`` is the CPU's frequency governor; empty where the kernel has none, as in most virtual
    machines.
    """

    name: str
    machine: str
    kernel: str
    cpu: str
    cpus: int
    governor: str = ""


def this_host() -> Host:
    """The host that runs this process.

    >>> this_host().cpus >= 1
    True
    """
    name = platform.node()
    machine = next((line for line in map(_first_line, MACHINE_IDS) if line), name)
    return Host(
        name=name,
        machine=_digest(machine),
        kernel=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpu=_cpu(),
        cpus=os.cpu_count() or 1,
        governor=_first_line(GOVERNOR),
    )


def boot_id() -> str:
    """Text that is the same for all processes of a running kernel, also in containers, and that no other kernel has.

    Copies of a virtual machine, which may share the id of their machine, differ in it. Where the kernel tells none it
    is that of the machine.

    >>> boot_id() == boot_id()
    True
    """
    return _digest(line) if (line := _first_line(BOOT_ID)) else this_host().machine


def host_changes(stored: Host, current: Host) -> tuple[str, ...]:
    """Why values measured on ``current`` cannot be compared with those of ``stored``, one reason a line.

    The name and the governor may differ: every container gets a new name, and both runs of a pair
    within a block run under the same governor.

    >>> from dataclasses import replace
    >>> host_changes(this_host(), replace(this_host(), name="other"))
    ()
    >>> len(host_changes(this_host(), Host("", "", "", "", 0)))
    4
    """
    facts = (
        ("host", f"{stored.name} ({stored.machine})", f"{current.name} ({current.machine})"),
        ("kernel", stored.kernel, current.kernel),
        ("CPU", stored.cpu, current.cpu),
        ("number of CPUs", str(stored.cpus), str(current.cpus)),
    )
    return tuple(
        f"{what}: {old} in the store, {new} here"
        for what, old, new in facts
        if old != new and not (what == "host" and stored.machine == current.machine)
    )


def _digest(secret: str) -> str:
    # machine-id(5): the id is confidential; only a keyed hash of it may be shown.
    return hashlib.blake2b(secret.encode(), digest_size=4, key=b"accelkit").hexdigest()


def _cpu() -> str:
    # platform.processor() is empty or "x86_64" on Linux.
    for line in read_fact("/proc/cpuinfo").splitlines():
        key, _, value = line.partition(":")
        if key.strip() in {"model name", "Model", "cpu model", "uarch"}:
            return value.strip()
    return platform.processor() or platform.machine()


def _first_line(path: str) -> str:
    return read_fact(path).partition("\n")[0].strip()
