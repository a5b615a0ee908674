"""Findings from boots that work and from boots that fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from accelkit.guests import Guest, Report
from accelkit.guests.protocol import Begin
from accelkit.host.finding import Finding
from accelkit.host.kvm import API, KvmFacts
from accelkit.host.noise import HostFacts
from accelkit.measure import doctor as doctor_module
from accelkit.measure.doctor import doctor, finding_of, qemus_found
from accelkit.measure.outcome import Cause, Outcome
from accelkit.qemu.installed import Installed


def outcome(cause: Cause, why: str = "", stderr: str = "") -> Outcome:
    return Outcome(cause, why, 0.1, 0.1, 0.0, None, 0, 0, 1, Report(), stderr, ("/usr/bin/qemu", "-accel"))


@pytest.mark.parametrize(
    ("accelerator", "result", "entitlements", "remedy"),
    [
        ("kvm", outcome("refused", "ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy"), "",
         "another hypervisor is using"),
        ("kvm", outcome("refused", "failed to initialize kvm", "ioctl(KVM_CREATE_VM) failed: 22"), "", "sudo dmesg"),
        ("kvm", outcome("refused", "Could not access KVM kernel module: Permission denied"), "", "check its sandbox"),
        ("hvf", outcome("crashed", "ended by SIGABRT", "Error: ret = HV_DENIED (0xfae94007, at …)"), "",
         "codesign --sign - --entitlements entitlements.plist --force /usr/bin/qemu"),
        ("hvf", outcome("crashed", "ended by SIGABRT"), "<dict/>", "QEMU lacks the entitlement"),
        ("hvf", outcome("crashed", "x"), "<key>com.apple.security.hypervisor</key><true/>", "QEMU's message"),
        ("xen", outcome("refused", "failed to initialize xen: Operation not permitted"), "", "only in domain 0 of a Xen host"),
        ("mshv", outcome("refused", "failed to initialize mshv"), "", "/dev/mshv"),
        ("whpx", outcome("refused", "WHPX: No accelerator found"), "", "Windows Hypervisor Platform"),
        ("nvmm", outcome("refused", "x"), "", "modload nvmm"),
        ("tcg", outcome("timeout", "not ended in time"), "", "on a busy host try again"),
        ("nitro", outcome("refused", "failed to initialize nitro"), "", "QEMU's message"),
    ],
)  # fmt: skip
def test_each_failed_boot_has_its_remedy(
    accelerator: str, result: Outcome, entitlements: str, remedy: str
) -> None:
    finding = finding_of(accelerator, result, "QEMU 7.2.22 for x86_64", entitlements)
    assert (finding.level, finding.subject, finding.fact) == (
        "broken",
        accelerator,
        f"{result.cause}: {result.why}",
    )
    assert remedy in finding.remedy


def test_an_accelerator_works_if_the_guest_did_its_work() -> None:
    assert finding_of("tcg", outcome("ok"), "Q") == Finding(
        "works", "tcg", "a guest did its work correctly in 0.10 s", qemu="Q"
    )


def test_a_missing_qemu_is_a_finding_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    first = doctor()[0]
    assert (first.level, first.subject, first.fact) == (
        "broken",
        "QEMU",
        "qemu-system-x86_64: no such program",
    )
    assert "apt-get install qemu-system-x86" in first.remedy


SILENT = outcome(
    "timeout", "not ended in time; the guest reported nothing", "Q: warning: host doesn't support x"
)
BEGUN = replace(SILENT, report=Report(Begin(1, 1000, 0, 1, 1, 0, hz=0)))


def test_an_accelerator_under_which_the_guest_says_nothing_runs_no_guest() -> None:
    found = finding_of("kvm", replace(SILENT, wall=5.0), "Q", tcg=outcome("ok"))
    assert (found.level, found.subject) == ("broken", "kvm")
    assert found.fact == (
        "KVM runs no guest here: /dev/kvm opens and QEMU starts, but in 5 s the guest said nothing at all, "
        "which under tcg did its work in 0.10 s"
    )
    assert found.remedy.startswith("take tcg: -accel tcg")
    assert "try again" not in found.remedy
    other = finding_of(
        "hvf", replace(SILENT, stderr="KVM internal error. Suberror: 1\n"), "Q", tcg=outcome("ok")
    )
    assert other.fact.startswith("HVF runs no guest here: QEMU starts with it, but")
    assert other.fact.endswith("; QEMU said: KVM internal error. Suberror: 1")


@pytest.mark.parametrize(("result", "tcg"), [(SILENT, None), (BEGUN, outcome("ok"))])
def test_where_tcg_does_not_work_either_or_the_guest_began_it_was_too_slow(
    result: Outcome, tcg: Outcome | None
) -> None:
    found = finding_of("kvm", result, "Q", tcg=tcg)
    assert found.fact.startswith("timeout: not ended in time")
    assert "on a busy host try again" in found.remedy


class Host:
    """Replaces boot() on a host where only the accelerators in ``working`` run a guest."""

    def __init__(self, *working: str) -> None:
        self.working = working
        self.limits: dict[str, float] = {}

    def __call__(self, command: Sequence[str], argv: Sequence[str], work: Guest, timeout: float) -> Outcome:
        self.limits[argv[1]] = timeout
        return outcome("ok") if argv[1] in self.working else replace(SILENT, wall=timeout)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with one QEMU that has kvm and tcg, in this order, and a /dev/kvm that opens."""
    features = {"version": "7.2.22", "target": "x86_64", "accelerators": {"kvm": {}, "qtest": {}, "tcg": {}}}
    monkeypatch.setattr(doctor_module, "capture", lambda _: features)
    monkeypatch.setattr(doctor_module, "find", lambda *_: ("/usr/bin/qemu-system-x86_64",))
    monkeypatch.setattr(doctor_module, "host_facts", lambda: HostFacts("Linux"))
    monkeypatch.setattr(doctor_module, "kvm_facts", lambda: KvmFacts(api=API))
    monkeypatch.setattr(doctor_module, "processes", lambda: Finding("safe", "processes", ""))
    found = (Installed("/usr/bin/qemu-system-x86_64", "x86_64", (7, 2, 22)),)
    monkeypatch.setattr(doctor_module, "installed", lambda: found)


@pytest.mark.usefixtures("host")
def test_on_a_host_whose_kvm_runs_no_guest_it_says_just_that_and_waits_no_longer_than_it_must() -> None:
    boots = Host("tcg")
    kvm, tcg, *rest = doctor("qemu", boot=boots)
    assert (kvm.subject, kvm.level, tcg.subject, tcg.level) == ("kvm", "broken", "tcg", "works")
    assert kvm.fact.startswith("KVM runs no guest here: /dev/kvm opens")
    assert "take tcg" in kvm.remedy
    assert boots.limits == {"tcg": 15.0, "kvm": 5.0}
    assert Finding("found", "QEMU", "7.2.22 in /usr/bin, for x86_64") in rest


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(("working", "limit"), [((), 15.0), (("kvm",), 15.0), (("kvm", "tcg"), 5.0)])
def test_without_tcg_an_accelerator_has_the_whole_time(working: tuple[str, ...], limit: float) -> None:
    boots = Host(*working)
    findings = doctor("qemu", boot=boots)[:2]
    assert [finding.subject for finding in findings if finding.level == "works"] == list(working)
    assert not any("runs no guest" in finding.fact for finding in findings)
    assert boots.limits["kvm"] == limit


def test_the_qemus_that_were_found_stand_together_by_version_and_folder() -> None:
    programs = [
        Installed("/usr/bin/qemu-system-arm", "arm", (7, 2, 22)),
        Installed("/usr/bin/qemu-system-x86_64", "x86_64", (7, 2, 22)),
        Installed("/usr/libexec/qemu-kvm", "", (9, 1, 0)),
        Installed("/opt/qemu-system-arm", "arm", None),
    ]
    assert [finding.fact for finding in qemus_found(programs)] == [
        "7.2.22 in /usr/bin, for arm, x86_64",
        "9.1.0 in /usr/libexec, for qemu-kvm",
        "of unknown version in /opt, for arm",
    ]
    assert qemus_found(()) == ()
