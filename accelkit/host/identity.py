"""Where a study runs: what must stay the same for its figures to be compared."""

from __future__ import annotations

import hashlib
import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

GOVERNOR: Final = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"

MACHINE_IDS: Final = ("/etc/machine-id", "/var/lib/dbus/machine-id")


@dataclass(frozen=True, slots=True)
class Host:
    """A machine with its kernel. ``machine`` tells it from others, whatever its name of the day is.

    ``governor`` is the CPU's frequency governor, empty where there is none, as in most guests.
    """

    name: str
    machine: str
    kernel: str
    cpu: str
    cpus: int
    governor: str = ""


def this_host() -> Host:
    """The host this runs on.

    >>> this_host().cpus >= 1
    True
    """
    name = platform.node()
    machine = next((found for found in map(_first_line, MACHINE_IDS) if found), name)
    return Host(
        name=name,
        machine=_digest(machine),
        kernel=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpu=_cpu(),
        cpus=os.cpu_count() or 1,
        governor=_first_line(GOVERNOR),
    )


def moved(stored: Host, here: Host) -> tuple[str, ...]:
    """What keeps figures measured ``here`` from being compared with the stored ones, a line each.

    The name and the governor may change: a container has another name each time, and pairs within
    a block meet the same governor.

    >>> from dataclasses import replace
    >>> (
    ...     moved(this_host(), replace(this_host(), name="other")),
    ...     len(moved(this_host(), Host("", "", "", "", 0))),
    ... )
    ((), 4)
    """
    facts = (
        ("host", f"{stored.name} ({stored.machine})", f"{here.name} ({here.machine})"),
        ("kernel", stored.kernel, here.kernel),
        ("CPU", stored.cpu, here.cpu),
        ("number of CPUs", str(stored.cpus), str(here.cpus)),
    )
    return tuple(
        f"{what}: {old} is stored, this is {new}"
        for what, old, new in facts
        if old != new and not (what == "host" and stored.machine == here.machine)
    )


def _digest(secret: str) -> str:
    # machine-id(5): it is confidential and must not be shown, only a hash of it.
    return hashlib.blake2b(secret.encode(), digest_size=4, key=b"accelkit").hexdigest()


def _cpu() -> str:
    # platform.processor() is empty or "x86_64" on Linux.
    with suppress(OSError), open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            key, _, value = line.partition(":")
            if key.strip() in {"model name", "Model", "cpu model", "uarch"}:
                return value.strip()
    return platform.processor() or platform.machine()


def _first_line(path: str) -> str:
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().strip()
    return ""
