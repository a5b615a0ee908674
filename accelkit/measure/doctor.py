"""Which accelerators work on this host, by a boot under each of them; and what makes measurements noisy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, cast

from accelkit.errors import QemuError
from accelkit.guests.boards import BOARDS
from accelkit.guests.catalogue import Guest, guest
from accelkit.host.finding import Finding
from accelkit.host.kvm import BUSY_REMEDY, KvmFacts, kvm_facts, why_no_kvm
from accelkit.host.noise import HostFacts, host_facts, noise
from accelkit.measure.outcome import Outcome
from accelkit.measure.plain_boot import boot
from accelkit.qemu.binary import find
from accelkit.qemu.capture import capture

TIMEOUT: Final = 15.0
"""Seconds for each boot; one takes about 0.1."""

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
    return (*_qemus(qemu, host, kvm, skip, boot, timeout), *noise(host))


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
    for accelerator in cast("dict[str, Any]", features["accelerators"]):
        if accelerator in NO_ACCELERATOR:
            continue
        if accelerator in skip:
            yield Finding("skipped", accelerator, "skipped on request", qemu=name)
        elif target not in BOARDS:
            yield Finding("skipped", accelerator, f"no guest is bundled for {target}", qemu=name)
        elif accelerator == "kvm" and (why := why_no_kvm(kvm, host)) is not None:
            yield Finding("broken", "kvm", *why, name)
        else:
            tiny = guest("cpu", target).with_work(n=1000, slices=1)
            outcome = boot(command, ("-accel", accelerator), tiny, timeout)
            yield finding_of(
                accelerator, outcome, name, _entitlements(command) if accelerator == "hvf" else ""
            )


def finding_of(accelerator: str, outcome: Outcome, qemu: str, entitlements: str = "") -> Finding:
    """The finding from one boot under ``accelerator``; ``entitlements`` is codesign's answer for that QEMU on macOS."""
    if outcome.ok:
        return Finding(
            "works", accelerator, f"a guest did its work correctly in {outcome.wall:.2f} s", qemu=qemu
        )
    problem = f"{outcome.cause}: {outcome.why}"
    return Finding("broken", accelerator, problem, _remedy(accelerator, outcome, entitlements), qemu)


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
        codesign = subprocess.run(
            ["codesign", "-d", "--entitlements", "-", command[0]],
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (codesign.stdout + codesign.stderr).decode(errors="replace")


def _problem_and_remedy(message: str) -> tuple[str, str]:
    problem, _, remedy = message.partition("; ")
    return problem, remedy
