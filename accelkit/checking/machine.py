"""Rules of the machine, its CPU and devices together with the accelerator that runs the guest.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1, for the x86 machines that ``x86.py`` knows and for Arm's virt. Other machines
are not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.arm import ARM, arm_problems
from accelkit.checking.devices import global_problems, iommu_problems
from accelkit.checking.host_cpu import host_cpu_problems
from accelkit.checking.icount import counts_instructions
from accelkit.checking.problem import Problem
from accelkit.checking.smp import has_many_cpus, may_have_many_cpus
from accelkit.checking.x86 import WITHOUT_CPU, X86, chosen_irqchip, has_apic, has_xen, is_known
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.schemas.schema import Schema, Version
from accelkit.syntax.edit import Edit
from accelkit.syntax.literals import read_bool, read_uint

#: ``KVM does not support userspace APIC``: ``apic_get_class`` (``target/i386/cpu-sysemu.c``, now ``cpu-apic.c``). From 6.0
#: on QEMU warns (``hw/intc/apic.c``).
_NO_USERSPACE_APIC: Final = (8, 0, 0)
_USERSPACE_APIC_DEPRECATED: Final = (6, 0, 0)
#: From this version on the virtio-mmio devices of microvm are wired to a second I/O APIC (``hw/i386/microvm.c``).
_SECOND_IOAPIC: Final = (6, 0, 0)
#: QEMU 10.0 deprecates spike as the default (docs/about/deprecated.rst); 11.1 has none. 10.2 and 11.0 were not asked.
_RISCV_WITHOUT_DEFAULT: Final = (11, 1, 0)


def has_default_machine(target: str, version: Version) -> bool:
    """Whether QEMU takes a machine by itself where none is named: pc, pseries, …"""
    return target not in ARM and not (target == "riscv64" and version >= _RISCV_WITHOUT_DEFAULT)


def has_machine(line: CommandLine, schema: Schema) -> bool:
    """Whether the line starts a machine: one that it names, or QEMU's default.

    Options without a program are a part of a line: where the target has no default, the machine stands in the rest.
    """
    if line.machine is not None or line.program:
        return True
    return line.is_whole and has_default_machine(schema.target, schema.version)


def machine_problems(line: CommandLine, schema: Schema, winner: AccelOption | None) -> list[Problem]:
    """Problems that QEMU reports when it starts the machine with the accelerator that runs the guest, ``winner``."""
    problems = list(_icount(line, winner)) if line.icount and winner is not None else []
    if line.machine is None and not has_default_machine(schema.target, schema.version) and line.is_whole:
        problems.append(
            Problem("machine", None, None, None,
                    f"no machine is named, and QEMU has no default for {schema.target}", "add -machine virt",
                    (Edit("machine", None, ("type=virt",)),))
        )  # fmt: skip
    if winner is None:
        return problems
    if schema.target not in X86:
        problems += host_cpu_problems(line, schema, winner)
        problems += arm_problems(line, schema, winner)
        return problems
    if line.machine is not None and not is_known(line.machine):
        return problems  # of another target, or newer than this table
    if winner.name == "kvm" and (winner.writes or line.sugar):
        problems += _userspace_apic(line, schema, winner)
        problems += _xen(line, schema, winner)
        problems += _microvm(line, schema, winner)
    if line.machine == "none" and line.cpu is not None:
        problems.append(Problem("machine", winner.name, None, None, "-machine none takes no -cpu",
                                "leave -cpu out", (Edit("cpu", ""),)))  # fmt: skip
    if line.machine == "none" and may_have_many_cpus(line):
        problems.append(Problem("machine", winner.name, None, None, "-machine none has room for one CPU",
                                "leave -smp out", (Edit("smp", ""),)))  # fmt: skip
    if line.cpu is not None and line.machine not in WITHOUT_CPU:
        problems += host_cpu_problems(line, schema, winner)
    if line.devices:
        problems += iommu_problems(line, schema, winner)
    if line.globals:
        problems += global_problems(line, winner)
    return problems


def _icount(line: CommandLine, winner: AccelOption) -> Iterator[Problem]:
    if counts_instructions(line.icount) and winner.name != "tcg":
        yield Problem("refused", winner.name, None, None, "-icount is for tcg only",
                      "leave -icount out, or take tcg", (Edit("icount", ""),))  # fmt: skip


def _userspace_apic(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    if chosen_irqchip(line, winner) != "off" or not has_apic(line):
        return
    fix = (Edit("accel", "kernel-irqchip=off", ("kernel-irqchip=split",), "kvm"),)
    if schema.version >= _NO_USERSPACE_APIC:
        where = line.machine or "pc, q35 and microvm"
        yield Problem("machine", "kvm", "kernel-irqchip", "off",
                      f"{schema.name} has no userspace APIC under kvm, and the CPU of {where} has an APIC",
                      "write split or on" if has_many_cpus(line) else "write split or on, or -cpu 486, which has none",
                      fix)  # fmt: skip
    elif schema.version >= _USERSPACE_APIC_DEPRECATED:
        yield Problem("deprecated", "kvm", "kernel-irqchip", "off",
                      "the userspace APIC is deprecated, and refused from QEMU 8.0 on",
                      "write split or on", fix)  # fmt: skip


def _microvm(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """Read in ``hw/i386/microvm.c``: with ACPI the devices are wired to an I/O APIC that the kernel does not have."""
    if line.machine != "microvm" or chosen_irqchip(line, winner) != "on" or schema.version < _SECOND_IOAPIC:
        return
    switches = {write.key: read_bool(write.value) for write in line.machine_options}
    if switches.get("acpi", True) is not False and switches.get("ioapic2", True) is not False:
        yield Problem("ignored", "kvm", "kernel-irqchip", "on",
                      "accepted, but the interrupts of virtio-mmio devices do not arrive: with ACPI they go to a second "
                      "I/O APIC, which is not in the kernel",
                      "write split, microvm's default, or -machine acpi=off",
                      (Edit("accel", "kernel-irqchip=on", ("kernel-irqchip=split",), "kvm"),))  # fmt: skip


def _xen(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    if "xen-version" not in schema.accelerators["kvm"]:
        return
    versions = [write.value for write in winner.writes if write.key == "xen-version"]
    nonzero = [text for text in versions if read_uint(text, 32, schema.binary_literals)]
    if not nonzero:
        return
    machine = line.machine
    if not read_uint(versions[-1], 32, schema.binary_literals):
        if machine not in WITHOUT_CPU:
            yield Problem("machine", "kvm", "xen-version", nonzero[0],
                          "was switched on once and stays on: a machine with a CPU dies",
                          "leave it out altogether", (Edit("accel", "xen-version", (), "kvm"),))  # fmt: skip
        return
    value = versions[-1]
    if not has_xen(machine or "pc"):
        return  # that is the problem
    if chosen_irqchip(line, winner) != "split":
        fix = (
            Edit("accel", "kernel-irqchip", (), "kvm"),
            Edit("accel", None, ("kernel-irqchip=split",), "kvm"),
        )
        yield Problem("machine", "kvm", "xen-version", value,
                      "needs kernel-irqchip=split", "add kernel-irqchip=split", fix)  # fmt: skip
    if machine is not None and line.accels[-1] is not winner:
        yield Problem("host", "kvm", "xen-version", value,
                      "where kvm cannot do it QEMU dies instead of falling back",
                      "leave the other alternatives out")  # fmt: skip
