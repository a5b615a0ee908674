"""Which accelerators work on this host, by a boot under each of them; and what makes measurements noisy."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, cast

from accelkit.errors import QemuError
from accelkit.guests.boards import BOARDS
from accelkit.guests.catalogue import Guest, guest
from accelkit.guests.protocol import Report
from accelkit.host.finding import Finding
from accelkit.host.kvm import BUSY_REMEDY, KvmFacts, kvm_facts, why_no_kvm
from accelkit.host.noise import HostFacts, host_facts, noise
from accelkit.measure.outcome import Outcome
from accelkit.measure.plain_boot import boot
from accelkit.qemu.binary import find
from accelkit.qemu.capture import capture
from accelkit.qemu.installed import Installed, installed
from accelkit.qemu.output import output_of
from accelkit.qemu.process import start

TIMEOUT: Final = 15.0
"""Seconds for each boot; one takes about 0.1."""

SILENCE: Final = 5.0, 50.0
"""Where the guest works under tcg, another accelerator has this many seconds, or this many times as long as tcg took,
whichever is longer: what says nothing until then will say nothing."""

CODESIGN_TIMEOUT: Final = 10.0
"""Seconds for macOS' codesign, which reads one file."""

NO_ACCELERATOR: Final = ("qtest",)
"""QEMU lists these as accelerators, but they run no guest code."""

Boot = Callable[[Sequence[str], Sequence[str], Guest, float], Outcome]
"""Boots a guest: :func:`accelkit.measure.plain_boot.boot`, or a replacement in tests."""

ENTITLEMENT: Final = "com.apple.security.hypervisor"
"""Without it macOS denies a program its Hypervisor.framework."""


def doctor(
    qemu: str | Sequence[str] | None = None,
    *,
    skip: Collection[str] = (),
    boot: Boot = boot,
    timeout: float = TIMEOUT,
) -> tuple[Finding, ...]:
    """What works here, what does not and what to do, and what makes measurements noisy. Changes nothing.

    ``qemu`` is a program or a command, as :func:`accelkit.qemu.binary.find` takes it. Without it, the
    QEMU on PATH for each target that has bundled guests is examined. Accelerators in ``skip`` are not
    booted; ``timeout``, in seconds, is for each boot.

    >>> [finding.subject for finding in doctor() if finding.level == "works"]  # doctest: +SKIP
    ['kvm', 'tcg']
    """
    host = host_facts()
    kvm = kvm_facts() if host.system == "Linux" else KvmFacts(error=2)
    return (
        *_qemus(qemu, host, kvm, skip, boot, timeout), *qemus_found(installed()), *noise(host), processes()
    )  # fmt: skip


def qemus_found(programs: Sequence[Installed]) -> tuple[Finding, ...]:
    """A finding for each folder and version, with the targets.

    >>> [finding.fact for finding in qemus_found([Installed("/usr/bin/qemu-system-arm", "arm", (7, 2, 22))])]
    ['7.2.22 in /usr/bin, for arm']
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for program in programs:
        folder, name = os.path.split(program.path)
        told = "of unknown version" if program.version is None else ".".join(map(str, program.version))
        groups.setdefault((told, folder), []).append(program.target or name)
    return tuple(
        Finding("found", "QEMU", f"{told} in {folder}, for {', '.join(targets)}")
        for (told, folder), targets in groups.items()
    )


def processes() -> Finding:
    """Whether all that accelkit starts ends with it, by a trial: a shell leaves a process behind, as -daemonize does."""
    if sys.platform != "linux":
        return Finding(
            "unsafe",
            "processes",
            "a QEMU ends with its trial, but not when accelkit is killed (kill -9)",
            "end accelkit with Ctrl-C or kill; after kill -9 look for QEMUs that still run",
        )
    null = os.open(os.devnull, os.O_RDWR)
    try:
        with start(["/bin/sh", "-c", "(sleep 60 &)"], stdout=null, stderr=null) as child:
            left = child.reap().left
    finally:
        os.close(null)
    if left:
        return Finding("safe", "processes", "a QEMU and all its children end with accelkit, however it ends")
    return Finding(
        "unsafe",
        "processes",
        "a QEMU ends with accelkit, but one behind a wrapper script or setsid may outlive it",
        "mount /proc, and let a wrapper script end in: exec qemu-system-…",
    )


def _qemus(
    qemu: str | Sequence[str] | None,
    host: HostFacts,
    kvm: KvmFacts,
    skip: Collection[str],
    boot: Boot,
    timeout: float,
) -> Iterator[Finding]:
    commands: list[tuple[str, ...]] = []
    why_missing = ""
    for target in BOARDS if qemu is None else ("x86_64",):
        try:
            commands.append(find(qemu, target))
        except QemuError as error:
            why_missing = why_missing or str(error)
    if not commands:
        yield Finding("broken", "QEMU", *_problem_and_remedy(why_missing))
    for command in commands:
        try:
            yield from _accelerators(command, host, kvm, skip, boot, timeout)
        except QemuError as error:
            yield Finding("broken", "QEMU", str(error), "name another with --qemu", " ".join(command))


def _accelerators(
    command: Sequence[str],
    host: HostFacts,
    kvm: KvmFacts,
    skip: Collection[str],
    boot: Boot,
    timeout: float,
) -> Iterator[Finding]:
    features: dict[str, Any] = capture(command)
    target, name = str(features["target"]), f"QEMU {features['version']} for {features['target']}"
    names = [
        accel for accel in cast("dict[str, Any]", features["accelerators"]) if accel not in NO_ACCELERATOR
    ]
    findings: dict[str, Finding] = {}
    tcg: Outcome | None = None
    for accelerator in sorted(names, key=lambda accel: accel != "tcg"):  # others are compared with tcg
        if accelerator in skip:
            findings[accelerator] = Finding("skipped", accelerator, "skipped on request", qemu=name)
        elif target not in BOARDS:
            why_not = f"no guest is bundled for {target}"
            findings[accelerator] = Finding("skipped", accelerator, why_not, qemu=name)
        elif accelerator == "kvm" and (why := why_no_kvm(kvm, host)) is not None:
            findings[accelerator] = Finding("broken", "kvm", *why, name)
        else:
            tiny = guest("cpu", target).with_work(n=1000, slices=1)
            least, times = SILENCE
            limit = timeout if tcg is None else min(timeout, max(least, times * tcg.wall))
            outcome = boot(command, ("-accel", accelerator), tiny, limit)
            if accelerator == "tcg" and outcome.ok:
                tcg = outcome
            entitlements = _entitlements(command) if accelerator == "hvf" else ""
            findings[accelerator] = finding_of(accelerator, outcome, name, entitlements, tcg)
    for accelerator in names:
        yield findings[accelerator]


def finding_of(
    accelerator: str, outcome: Outcome, qemu: str, entitlements: str = "", tcg: Outcome | None = None
) -> Finding:
    """The finding from one boot under ``accelerator``.

    ``entitlements`` is codesign's answer for that QEMU on macOS; ``tcg`` the boot of the same guest under tcg if it worked.
    """
    if outcome.ok:
        return Finding(
            "works", accelerator, f"a guest did its work correctly in {outcome.wall:.2f} s", qemu=qemu
        )
    if tcg is not None and outcome.cause == "timeout" and outcome.report == Report():
        return Finding("broken", accelerator, *_runs_no_guest(accelerator, outcome, tcg), qemu)
    problem = f"{outcome.cause}: {outcome.why}"
    return Finding("broken", accelerator, problem, _remedy(accelerator, outcome, entitlements), qemu)


def _runs_no_guest(accelerator: str, outcome: Outcome, tcg: Outcome) -> tuple[str, str]:
    """Fact and remedy where QEMU starts, but the guest says nothing at all, which works under tcg."""
    told = [line.strip() for line in outcome.stderr.splitlines() if line.strip() and "warning:" not in line]
    opens = "/dev/kvm opens and QEMU starts" if accelerator == "kvm" else "QEMU starts with it"
    fact = (
        f"{accelerator.upper()} runs no guest here: {opens}, but in {outcome.wall:.0f} s the guest said nothing at"
        f" all, which under tcg did its work in {tcg.wall:.2f} s"
        + (f"; QEMU said: {told[-1]}" if told else "")
    )
    return fact, (
        "take tcg: -accel tcg; neither another QEMU nor a quiet host helps. In a virtual machine or a sandbox ask those"
        " who run it for nested virtualisation that works"
    )


def _remedy(accelerator: str, outcome: Outcome, entitlements: str) -> str:
    message = f"{outcome.why}\n{outcome.stderr}"
    match accelerator:
        case _ if "Device or resource busy" in message:
            return BUSY_REMEDY
        case "kvm" if "Permission denied" in message:
            return "this user may open /dev/kvm, but that QEMU may not: check its sandbox or the command in front of it"
        case "kvm" if "kvm_create_vm" in message.lower():
            return "sudo dmesg | grep -i kvm says why; stop the virtual machines of other hypervisors"
        case "hvf" if "HV_DENIED" in message or (entitlements and ENTITLEMENT not in entitlements):
            return (
                f"QEMU lacks the entitlement {ENTITLEMENT}: set it to true in entitlements.plist, then run"
                f" codesign --sign - --entitlements entitlements.plist --force {outcome.command[0]}"
            )
        case "xen":
            return "it runs only in domain 0 of a Xen host; use kvm or tcg elsewhere"
        case "mshv":
            return "it needs /dev/mshv of a Linux under Microsoft's hypervisor; use kvm or tcg elsewhere"
        case "whpx":
            return "turn on the Windows feature 'Windows Hypervisor Platform', then restart Windows"
        case "nvmm":
            return "it needs NetBSD's nvmm: run modload nvmm, and add this user to the group nvmm"
        case _ if outcome.cause == "timeout":
            return (
                "the guest did not end in time; on a busy host try again, otherwise report it with its QEMU"
            )
        case _:
            return "QEMU's message says what is missing; use tcg where nothing else runs"


def _entitlements(command: Sequence[str]) -> str:
    """What macOS allows that QEMU to do, as codesign prints it; empty elsewhere."""
    if sys.platform != "darwin":
        return ""
    try:
        return output_of(["codesign", "-d", "--entitlements", "-", command[0]], CODESIGN_TIMEOUT)
    except OSError:
        return ""


def _problem_and_remedy(message: str) -> tuple[str, str]:
    problem, _, remedy = message.partition("; ")
    return problem, remedy
