"""The facts of a host, from a tree of files; which of them make measured values noisy."""

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


def test_the_facts_of_a_laptop(tmp_path: Path) -> None:
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


def test_the_facts_of_a_container_in_a_virtual_machine(tmp_path: Path) -> None:
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
def test_other_containers_are_recognised(file: str, text: str, container: str, tmp_path: Path) -> None:
    assert tree(tmp_path, {file: text}).container == container


def test_wsl_is_recognised_by_its_kernel(tmp_path: Path) -> None:
    host = tree(tmp_path, {"proc/sys/kernel/osrelease": "5.15.90.1-microsoft-standard-WSL2\n"})
    assert host.wsl == "WSL2"
    assert wsl_of("4.4.0-22621-Microsoft") == "WSL1"


def test_facts_without_a_source_are_unknown(tmp_path: Path) -> None:
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
def test_the_facts_of_this_host() -> None:
    host = host_facts(sample=0)
    assert host.system == "Linux"
    assert host.memory is not None
    assert host.memory > 64


@pytest.mark.parametrize(
    ("change", "fact"),
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
def test_each_cause_of_noise_has_its_remedy(change: dict[str, object], fact: str) -> None:
    (finding,) = noise(replace(QUIET, **change))  # type: ignore[arg-type]
    assert (finding.level, finding.subject, finding.fact) == ("noisy", "host", fact)
    assert finding.remedy


def test_a_host_without_a_cause_of_noise_is_quiet() -> None:
    assert [finding.level for finding in noise(QUIET)] == ["quiet"]
    assert [finding.level for finding in noise(HostFacts("Darwin", cpus=8, load=1.0))] == ["quiet"]
    assert [finding.level for finding in noise(replace(QUIET, quota=8.0))] == ["quiet"]


def test_a_hypervisor_that_names_itself_nowhere_is_of_unknown_kind(tmp_path: Path) -> None:
    assert tree(tmp_path, {"proc/cpuinfo": "flags : fpu hypervisor\n"}).virtual == "of unknown kind"
