"""Rules of the machine, its CPU and devices together with the accelerator that runs the guest.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1, for the x86 machines named here. Other machines are not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.icount import counts_instructions
from accelkit.checking.problem import Problem
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.schemas.schema import Schema
from accelkit.syntax.literals import read_uint
from accelkit.syntax.qemuopts import Write, split

_X86: Final = frozenset({"x86_64", "i386"})
#: ``KVM does not support userspace APIC`` (``target/i386/kvm/kvm.c``). From 6.0 on QEMU warns.
_NO_USERSPACE_APIC: Final = (8, 0, 0)
_USERSPACE_APIC_DEPRECATED: Final = (6, 0, 0)
#: From this version on ``eim=on`` works with tcg too (``hw/i386/intel_iommu.c``).
_EIM_WITHOUT_KVM: Final = (9, 0, 0)
_WITHOUT_CPU: Final = frozenset({"none", "x-remote"})


def machine_problems(line: CommandLine, schema: Schema, winner: AccelOption | None) -> list[Problem]:
    """Problems that QEMU reports when it starts the machine; none if no accelerator (``winner``) runs the guest."""
    if winner is None:
        return []
    problems = list(_icount(line, winner))
    if schema.target not in _X86:
        return problems
    if line.machine is not None and not _is_known(line.machine):
        return problems  # of another target, or newer than this table
    if winner.name == "kvm":
        problems += _userspace_apic(line, schema, winner)
        problems += _xen(line, schema, winner)
    problems += _cpu(line, winner)
    problems += _iommu(line, schema, winner)
    return problems


def _is_known(machine: str) -> bool:
    return machine in ("isapc", "microvm", "none", "x-remote") or _is_pc(machine)


def _is_pc(machine: str) -> bool:
    return machine in ("pc", "q35") or machine.startswith(("pc-", "xenfv"))


def has_xen(machine: str) -> bool:
    """Whether kvm can emulate Xen on the machine. On other machines ``xen-version`` fails at start-up."""
    return _is_pc(machine) or machine == "isapc" or not _is_known(machine)


def _icount(line: CommandLine, winner: AccelOption) -> Iterator[Problem]:
    if counts_instructions(line.icount) and winner.name != "tcg":
        yield Problem("refused", winner.name, None, None, "-icount is for tcg only",
                      "leave -icount out, or write -accel tcg")  # fmt: skip


def _irqchip(line: CommandLine, accel: AccelOption) -> str | None:
    """The value of kernel-irqchip that counts: the accelerator's own, else the one that -machine passes on."""
    values = [write.value for write in (*line.sugar, *accel.writes)
               if write.key.replace("_", "-") == "kernel-irqchip"]  # fmt: skip
    return values[-1] if values else None


def _userspace_apic(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    if _irqchip(line, winner) != "off" or not _has_apic(line):
        return
    if schema.version >= _NO_USERSPACE_APIC:
        where = line.machine or "pc, q35 and microvm"
        yield Problem("machine", "kvm", "kernel-irqchip", "off",
                      f"{schema.name} has no userspace APIC under kvm, and the CPU of {where} has an APIC",
                      "write split or on, or -cpu 486, which has none")  # fmt: skip
    elif schema.version >= _USERSPACE_APIC_DEPRECATED:
        yield Problem("deprecated", "kvm", "kernel-irqchip", "off",
                      "the userspace APIC is deprecated, and refused from QEMU 8.0 on",
                      "write split or on")  # fmt: skip


def _has_apic(line: CommandLine) -> bool:
    """Whether the CPU has a local APIC. All but the 486 have one, unless it is switched off."""
    if line.machine in _WITHOUT_CPU:
        return False
    model, *features = (line.cpu or ("486" if line.machine == "isapc" else "qemu64")).split(",")
    if "-apic" in features or f"{model}-x86_64-cpu.apic=off" in line.globals:
        return False
    switched = [feature for feature in features if feature in ("apic=on", "apic=off", "+apic")]
    if switched:
        return switched[-1] != "apic=off"
    return model.removesuffix("-x86_64-cpu") not in ("486", "base")


def _cpu(line: CommandLine, winner: AccelOption) -> Iterator[Problem]:
    if line.cpu is not None and line.machine == "none":
        yield Problem("machine", winner.name, None, None, "-machine none takes no -cpu", "leave -cpu out")
    host = line.cpu is not None and line.cpu.split(",")[0] == "host"
    if host and winner.name in ("tcg", "qtest") and line.machine not in _WITHOUT_CPU:
        yield Problem("machine", winner.name, None, None, "-cpu host is the CPU of kvm and hvf only",
                      "write -cpu max, or take kvm")  # fmt: skip


def _xen(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    if "xen-version" not in schema.accelerators["kvm"]:
        return
    versions = [write.value for write in winner.writes if write.key == "xen-version"]
    nonzero = [text for text in versions if read_uint(text, 32, schema.binary_literals)]
    if not nonzero:
        return
    machine = line.machine
    if not read_uint(versions[-1], 32, schema.binary_literals):
        if machine not in _WITHOUT_CPU:
            yield Problem("machine", "kvm", "xen-version", nonzero[0],
                          "was switched on once and stays on: a machine with a CPU dies",
                          "leave it out altogether")  # fmt: skip
        return
    value = versions[-1]
    if _irqchip(line, winner) != "split":
        yield Problem("machine", "kvm", "xen-version", value,
                      "needs kernel-irqchip=split", "add kernel-irqchip=split")  # fmt: skip
    if machine is not None and has_xen(machine) and line.accels[-1] is not winner:
        yield Problem("host", "kvm", "xen-version", value,
                      "where kvm cannot do it QEMU dies instead of falling back",
                      "leave the other alternatives out")  # fmt: skip


def _iommu(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """Problems of interrupt remapping by an IOMMU with the irqchip (``hw/i386/x86-iommu.c``)."""
    for text in line.devices:
        options = {write.key: write.value for write in _device_options(text)}
        preset = [entry.partition(".")[2].partition("=") for entry in line.globals
                  if entry.startswith(f"{options.get('driver')}.")]  # fmt: skip
        options = {key: value for key, _, value in preset} | options
        name = options.get("driver")
        if name not in ("intel-iommu", "amd-iommu"):
            continue
        for key in ("intremap", "eim"):
            if options.get(key, "auto") not in ("on", "off", "auto"):
                yield _device(text, f"{key}={options[key]} is neither on, off nor auto", f"write {key}=on")
        remapping, extended = options.get("intremap") == "on", options.get("eim") == "on"
        chip = _irqchip(line, winner) or "on"
        if extended and name == "intel-iommu" and not remapping:
            automatic = options.get("intremap") != "off" and (
                chip == "split" if winner.name == "kvm" else schema.version >= _EIM_WITHOUT_KVM
            )  # intremap=auto means on if the irqchip allows it
            if not automatic:
                yield _device(text, "eim=on needs intremap=on", "add intremap=on")
        elif remapping and winner.name == "kvm" and chip == "on":
            yield _device(text, "interrupt remapping cannot work with kernel-irqchip=on",
                          "write -accel kvm,kernel-irqchip=split")  # fmt: skip
        elif (
            extended
            and remapping
            and schema.version < _EIM_WITHOUT_KVM
            and (winner.name, chip) != ("kvm", "split")
        ):
            yield _device(text, "eim=on needs kvm with kernel-irqchip=split",
                          "write -accel kvm,kernel-irqchip=split")  # fmt: skip


def _device_options(text: str) -> tuple[Write, ...]:
    """The options of a ``-device``, which may be JSON (from QEMU 6.2 on); empty if the JSON is damaged."""
    if not text.startswith("{"):
        return split(text, "driver")
    import json  # imported here: only such a line needs it

    try:
        options: dict[str, object] = json.loads(text)
        words = {True: "on", False: "off"}
        return tuple(
            Write(key, words[value] if isinstance(value, bool) else str(value))
            for key, value in options.items()
        )
    except (ValueError, AttributeError):
        return ()


def _device(text: str, why: str, remedy: str) -> Problem:
    return Problem("machine", None, None, f"-device {text}", why, remedy)
