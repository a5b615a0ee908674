"""Facts about the host that make measured values noisy or accelerators unusable. Changes nothing.

:func:`host_facts` reads them; :func:`noise` judges them and is pure. Sources, in Linux's Documentation:
admin-guide/pm/cpufreq.rst (governor, boost), ABI/testing/sysfs-devices-system-cpu and
admin-guide/hw-vuln (smt), admin-guide/cgroup-v2.rst (quota).
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from accelkit.host.files import read_fact
from accelkit.host.finding import Finding
from accelkit.host.load import cpu_times, load, steal_share

SAMPLE: Final = 0.2
"""Seconds over which steal time is measured."""

MOST_STEAL: Final = 0.01
"""The largest share of CPU time that other virtual machines may take on a quiet host."""

STEADY_GOVERNORS: Final = frozenset({"performance", "userspace"})
"""Governors that keep the CPUs' frequency where it is (Documentation/admin-guide/pm/cpufreq.rst)."""

_CPU: Final = "sys/devices/system/cpu"


@dataclass(frozen=True, slots=True)
class HostFacts:
    """Facts about a host. Empty text and None mean unknown; outside Linux most facts are.

    ``memory`` is in MiB. ``quota`` is the number of CPUs that the control group allows. ``virtual``
    names the hypervisor that this host runs on. ``wsl`` is "WSL1" or "WSL2". ``virtualisation`` tells
    whether the CPU has hardware virtualisation. ``load`` is the load average over a minute, ``steal``
    the share of CPU time that other virtual machines took, 0.0 to 1.0.
    """

    system: str
    kernel: str = ""
    machine: str = ""
    cpus: int = 1
    memory: int | None = None
    governor: str = ""
    turbo: bool | None = None
    smt: bool | None = None
    quota: float | None = None
    virtual: str = ""
    container: str = ""
    wsl: str = ""
    virtualisation: bool | None = None
    load: float = 0.0
    steal: float = 0.0


def host_facts(root: str = "/", sample: float = SAMPLE) -> HostFacts:
    """The facts of this host, read from /proc and /sys below ``root``; takes ``sample`` seconds.

    >>> host_facts(sample=0).cpus >= 1
    True
    """
    before = cpu_times()
    time.sleep(sample)

    def text(path: str) -> str:
        return read_fact(os.path.join(root, path))

    cpuinfo = text("proc/cpuinfo")
    flags = next((line.split() for line in cpuinfo.splitlines() if line.startswith("flags")), list[str]())
    no_turbo = text(f"{_CPU}/intel_pstate/no_turbo")
    boost = text(f"{_CPU}/cpufreq/boost")
    return HostFacts(
        system=platform.system(),
        kernel=(release := text("proc/sys/kernel/osrelease").strip() or platform.release()),
        machine=platform.machine(),
        cpus=os.cpu_count() or 1,
        memory=_memory(text("proc/meminfo")),
        governor=text(f"{_CPU}/cpu0/cpufreq/scaling_governor").strip(),
        turbo=no_turbo.strip() == "0" if no_turbo else boost.strip() == "1" if boost else None,
        smt={"1": True, "0": False}.get(text(f"{_CPU}/smt/active").strip()),
        quota=quota_of(text("sys/fs/cgroup/cpu.max")),
        virtual=_hypervisor(text) if "hypervisor" in flags else "",
        container=_container(root),
        wsl=wsl_of(release),
        virtualisation=bool({"vmx", "svm"} & set(flags)) if flags else None,
        load=load(),
        steal=steal_share(before, cpu_times()),
    )


def is_busy(load: float, cpus: int) -> bool:
    """Whether other work at this load average disturbs measurements: above a quarter of the CPUs, and above 0.5.

    >>> is_busy(0.5, cpus=2), is_busy(0.6, cpus=2), is_busy(6.0, cpus=64)
    (False, True, False)
    """
    return load > max(0.5, cpus / 4)


def is_stolen_from(steal: float) -> bool:
    """Whether other virtual machines take more of the CPU time than :data:`MOST_STEAL`; ``steal`` is a share, 0 to 1.

    >>> is_stolen_from(0.01), is_stolen_from(0.02)
    (False, True)
    """
    return steal > MOST_STEAL


def changes_frequency(governor: str) -> bool:
    """Whether ``governor`` lets the CPUs' frequency follow the load; False for an empty name, which means unknown.

    >>> changes_frequency("schedutil"), changes_frequency("performance"), changes_frequency("")
    (True, False, False)
    """
    return bool(governor) and governor not in STEADY_GOVERNORS


def noise(host: HostFacts) -> tuple[Finding, ...]:
    """What makes values measured on ``host`` vary, each cause with its remedy; the worst first.

    >>> for finding in noise(HostFacts("Linux", cpus=8, governor="powersave", load=6.0)):
    ...     print(finding.fact)
    the load average is 6.0, on 8 CPUs: other work is done here
    the governor is powersave: the CPUs' frequency follows the load
    """
    causes = tuple(Finding("noisy", "host", fact, remedy) for fact, remedy in _noise(host))
    return causes or (Finding("quiet", "host", "no known source of noise"),)


def _noise(host: HostFacts) -> Iterator[tuple[str, str]]:
    if is_busy(host.load, host.cpus):
        yield (
            f"the load average is {host.load:.1f}, on {host.cpus} CPUs: other work is done here",
            "stop it, or measure at another hour; else measure more: accelkit study --blocks 50",
        )
    if is_stolen_from(host.steal):
        yield (
            f"{host.steal:.0%} of CPU time goes to other virtual machines",
            "take a host, or CPUs, of your own; more blocks help too",
        )
    if host.quota is not None and host.quota < host.cpus:
        yield (
            f"a control group stops this process beyond {host.quota:g} of {host.cpus} CPUs",
            "start the container without a CPU limit, or give it whole CPUs (docker run --cpuset-cpus)",
        )
    if changes_frequency(host.governor):
        yield (
            f"the governor is {host.governor}: the CPUs' frequency follows the load",
            "for the time of a study: sudo cpupower frequency-set -g performance",
        )
    if host.turbo:
        yield (
            "turbo is on: the CPUs' frequency follows heat, and how many are busy",
            "ratios within a block mostly hold; for single figures switch it off while you measure",
        )
    if host.smt:
        yield (
            "hyperthreads are on: two of them share a core, so one slows the other",
            "keep other work off, and pin QEMU to one thread of each core (taskset -c)",
        )
    if host.virtual:
        yield (
            f"this host is a virtual machine ({host.virtual}): neighbours below it are not seen from here",
            "believe ratios only, as accelkit study does, and give it more blocks; bare metal is quieter",
        )
    if host.wsl:
        yield (f"this is {host.wsl}: Windows shares the CPUs", "close other programs while you measure")


def quota_of(text: str) -> float | None:
    """The number of CPUs that the ``text`` of cpu.max allows (cgroup-v2.rst); None without a limit.

    >>> quota_of("150000 100000"), quota_of("max 100000"), quota_of("")
    (1.5, None, None)
    """
    words = text.split()
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        return None
    return int(words[0]) / max(1, int(words[1]))


def wsl_of(release: str) -> str:
    """The Windows Subsystem for Linux that a kernel's release names; empty for other kernels.

    >>> wsl_of("5.15.90.1-microsoft-standard-WSL2"), wsl_of("4.4.0-19041-Microsoft"), wsl_of("6.1.0-13-amd64")
    ('WSL2', 'WSL1', '')
    """
    if "microsoft" not in release.lower():
        return ""
    return "WSL1" if release.startswith(("3.", "4.4")) else "WSL2"


def _memory(meminfo: str) -> int | None:
    lines = [line.split() for line in meminfo.splitlines() if line.startswith("MemTotal:")]
    return int(lines[0][1]) // 1024 if lines else None


def _hypervisor(text: Callable[[str], str]) -> str:
    paths = ("sys/hypervisor/type", "sys/class/dmi/id/sys_vendor", "sys/class/dmi/id/product_name")
    names = [name for path in paths if (name := text(path).strip())]
    return ", ".join(names) or "of unknown kind"


def _container(root: str) -> str:
    for name, path in (("Docker", ".dockerenv"), ("Podman", "run/.containerenv")):
        if os.path.exists(os.path.join(root, path)):
            return name
    return read_fact(os.path.join(root, "run/systemd/container")).strip()
