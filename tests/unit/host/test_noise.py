"""The host's facts from a tree of files, and what of them makes figures noisy."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from accelkit.host.noise import HostFacts, host_facts, noise, quota_of, wsl_of

CPU = "sys/devices/system/cpu"
QUIET = HostFacts("Linux", cpus=8, governor="performance", turbo=False, smt=False)


def tree(root: Path, files: dict[str, str]) -> HostFacts:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return host_facts(str(root), sample=0)


def test_a_laptop_is_read(tmp_path: Path) -> None:
    host = tree(
        tmp_path,
        {
            "proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu vmx sse\n",
            "proc/meminfo": "MemTotal:       16316420 kB\n",
            "proc/sys/kernel/osrelease": "6.1.0-13-amd64\n",
            f"{CPU}/cpu0/cpufreq/scaling_governor": "powersave\n",
            f"{CPU}/intel_pstate/no_turbo": "0\n",
            f"{CPU}/smt/active": "1\n",
            "sys/fs/cgroup/cpu.max": "max 100000\n",
        },
    )
    assert (host.governor, host.turbo, host.smt, host.quota) == ("powersave", True, True, None)
    assert (host.memory, host.kernel, host.virtualisation) == (15934, "6.1.0-13-amd64", True)
    assert (host.virtual, host.container, host.wsl) == ("", "", "")


def test_a_container_in_a_virtual_machine_is_read(tmp_path: Path) -> None:
    host = tree(
        tmp_path,
        {
            "proc/cpuinfo": "flags : fpu hypervisor\n",
            "sys/class/dmi/id/sys_vendor": "QEMU\n",
            "sys/class/dmi/id/product_name": "Standard PC (Q35 + ICH9, 2009)\n",
            f"{CPU}/cpufreq/boost": "0\n",
            f"{CPU}/smt/active": "0\n",
            "sys/fs/cgroup/cpu.max": "50000 100000\n",
            ".dockerenv": "",
        },
    )
    assert (host.virtual, host.container) == ("QEMU, Standard PC (Q35 + ICH9, 2009)", "Docker")
    assert (host.turbo, host.smt, host.quota, host.virtualisation) == (False, False, 0.5, False)


@pytest.mark.parametrize(
    ("file", "text", "container"),
    [("run/.containerenv", "", "Podman"), ("run/systemd/container", "lxc\n", "lxc")],
)
def test_other_containers_are_known(file: str, text: str, container: str, tmp_path: Path) -> None:
    assert tree(tmp_path, {file: text}).container == container


def test_wsl_is_known_by_its_kernel(tmp_path: Path) -> None:
    host = tree(tmp_path, {"proc/sys/kernel/osrelease": "5.15.90.1-microsoft-standard-WSL2\n"})
    assert host.wsl == "WSL2"
    assert wsl_of("4.4.0-22621-Microsoft") == "WSL1"


def test_what_is_not_told_is_unknown(tmp_path: Path) -> None:
    host = tree(tmp_path, {})
    assert (host.governor, host.turbo, host.smt, host.memory, host.virtualisation) == (
        "",
        None,
        None,
        None,
        None,
    )
    assert quota_of("nonsense") is None


@pytest.mark.skipif(sys.platform != "linux", reason="has /proc")
def test_this_host_is_read() -> None:
    host = host_facts(sample=0)
    assert host.system == "Linux"
    assert host.memory is not None
    assert host.memory > 64


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"load": 3.0}, "the load average is 3.0, on 8 CPUs: other work is done here"),
        ({"steal": 0.05}, "5% of CPU time goes to other virtual machines"),
        ({"quota": 1.5}, "a control group stops this process beyond 1.5 of 8 CPUs"),
        ({"governor": "schedutil"}, "the governor is schedutil: the CPUs' frequency follows the load"),
        ({"turbo": True}, "turbo is on: the CPUs' frequency follows heat, and how many are busy"),
        ({"smt": True}, "hyperthreads are on: two of them share a core, so one slows the other"),
        (
            {"virtual": "Xen"},
            "this host is a virtual machine (Xen): neighbours below it are not seen from here",
        ),
        ({"wsl": "WSL2"}, "this is WSL2: Windows shares the CPUs"),
    ],
)
def test_each_cause_of_noise_is_told_with_a_remedy(change: dict[str, object], seen: str) -> None:
    (found,) = noise(replace(QUIET, **change))  # type: ignore[arg-type]
    assert (found.level, found.subject, found.seen) == ("noisy", "host", seen)
    assert found.remedy


def test_a_quiet_host_is_told_to_be_so() -> None:
    assert [each.level for each in noise(QUIET)] == ["quiet"]
    assert [each.level for each in noise(HostFacts("Darwin", cpus=8, load=1.0))] == ["quiet"]
    assert [each.level for each in noise(replace(QUIET, quota=8.0))] == ["quiet"]
