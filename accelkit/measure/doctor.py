"""Which accelerators work here, really: a small guest is booted under each; and what is noisy here."""

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
"""Seconds for each boot; it takes 0.1."""

NO_ACCELERATOR: Final = ("qtest",)
"""Runs no guest code."""

Boot = Callable[[Sequence[str], Sequence[str], Guest, float], Outcome]
"""How a guest is booted: :func:`accelkit.measure.plain_boot.boot`, or what stands in for it."""

ENTITLEMENT: Final = "com.apple.security.hypervisor"


def doctor(
    qemu: str | Sequence[str] | None = None,
    *,
    skip: Collection[str] = (),
    boot: Boot = boot,
    timeout: float = TIMEOUT,
) -> tuple[Finding, ...]:
    """What works here, what does not and what to do, and what makes figures noisy. Changes nothing.

    ``qemu`` is a program or a command, as :func:`accelkit.qemu.binary.find` takes it; without it,
    those of each target with bundled guests on PATH. Accelerators in ``skip`` are not booted;
    ``timeout``, in seconds, is for each boot.

    >>> [found.subject for found in doctor() if found.level == "works"]  # doctest: +SKIP
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
    missing = ""
    for target in BOARDS if qemu is None else ("x86_64",):
        try:
            commands.append(find(qemu, target))
        except QemuError as error:
            missing = missing or str(error)
    if not commands:
        yield Finding("broken", "QEMU", *_halves(missing))
    for command in commands:
        try:
            yield from _one(command, host, kvm, skip, boot, timeout)
        except QemuError as error:
            yield Finding("broken", "QEMU", str(error), "name another with --qemu", " ".join(command))


def _one(
    command: Sequence[str],
    host: HostFacts,
    kvm: KvmFacts,
    skip: Collection[str],
    boot: Boot,
    timeout: float,
) -> Iterator[Finding]:
    has: dict[str, Any] = capture(command)
    target, name = str(has["target"]), f"QEMU {has['version']} for {has['target']}"
    accelerators = [
        each for each in cast("dict[str, Any]", has["accelerators"]) if each not in NO_ACCELERATOR
    ]
    for accelerator in accelerators:
        if accelerator in skip:
            yield Finding("skipped", accelerator, "not tried, as asked", qemu=name)
        elif target not in BOARDS:
            yield Finding("skipped", accelerator, f"no guest is bundled for {target}", qemu=name)
        elif accelerator == "kvm" and (wrong := why_no_kvm(kvm, host)) is not None:
            yield Finding("broken", "kvm", *wrong, name)
        else:
            tiny = guest("cpu", target).with_work(n=1000, slices=1)
            outcome = boot(command, ("-accel", accelerator), tiny, timeout)
            yield judged(accelerator, outcome, name, _entitlements(command) if accelerator == "hvf" else "")


def judged(accelerator: str, outcome: Outcome, qemu: str, entitlements: str = "") -> Finding:
    """What a boot under ``accelerator`` says of it; ``entitlements`` is what macOS tells of that QEMU."""
    if outcome.ok:
        return Finding("works", accelerator, f"a guest did its work right in {outcome.wall:.2f} s", qemu=qemu)
    seen = f"{outcome.cause}: {outcome.why}"
    return Finding("broken", accelerator, seen, _remedy(accelerator, outcome, entitlements), qemu)


def _remedy(accelerator: str, outcome: Outcome, entitlements: str) -> str:
    said = f"{outcome.why}\n{outcome.stderr}"
    match accelerator:
        case _ if "Device or resource busy" in said:
            return BUSY_REMEDY
        case "kvm" if "Permission denied" in said:
            return "this user may open /dev/kvm, and that QEMU may not: look at its sandbox or prefix"
        case "kvm" if "kvm_create_vm" in said.lower():
            return "sudo dmesg | grep -i kvm says why; end other hypervisors' machines"
        case "hvf" if "HV_DENIED" in said or (entitlements and ENTITLEMENT not in entitlements):
            return (
                f"QEMU lacks the entitlement {ENTITLEMENT}: put it, set to true, into entitlements.plist;"
                f" codesign --sign - --entitlements entitlements.plist --force {outcome.command[0]}"
            )
        case "xen":
            return "it runs on a Xen host only, in its domain 0; take kvm or tcg elsewhere"
        case "mshv":
            return "it needs /dev/mshv, of a Linux under Microsoft's hypervisor; take kvm or tcg elsewhere"
        case "whpx":
            return "switch on the Windows feature 'Windows Hypervisor Platform', then start anew"
        case "nvmm":
            return "it needs NetBSD's nvmm: modload nvmm, and this user in group nvmm"
        case _ if outcome.cause == "timeout":
            return "the guest did not end in time; on a busy host try again, else report it with its QEMU"
        case _:
            return "QEMU's words say what it lacks; take tcg where nothing else runs"


def _entitlements(command: Sequence[str]) -> str:
    """What macOS says QEMU may do; empty elsewhere."""
    if sys.platform != "darwin":
        return ""
    try:
        done = subprocess.run(
            ["codesign", "-d", "--entitlements", "-", command[0]],
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode(errors="replace")


def _halves(message: str) -> tuple[str, str]:
    seen, _, remedy = message.partition("; ")
    return seen, remedy
