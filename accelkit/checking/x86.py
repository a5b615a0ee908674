"""Facts about x86 machines: which are known, their interrupt controller, whether their CPU has a local APIC.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from typing import Final

from accelkit.checking.smp import has_many_cpus
from accelkit.parsing.command_line import AccelOption, CommandLine

X86: Final = frozenset({"x86_64", "i386"})
#: Machines without a CPU.
WITHOUT_CPU: Final = frozenset({"none", "x-remote"})


def is_known(machine: str) -> bool:
    """Whether the rules know the machine. Another is of another target, or newer than they are."""
    return machine in ("isapc", "microvm", "none", "x-remote") or is_pc(machine)


def is_q35(machine: str) -> bool:
    """Whether the machine is a q35, the only one that takes an IOMMU as ``-device`` (``hw/i386/pc_q35.c``)."""
    return machine == "q35" or machine.startswith("pc-q35")


def is_pc(machine: str) -> bool:
    """Whether it is a PC with PCI: i440FX or Q35 in any version."""
    return machine in ("pc", "q35") or machine.startswith(("pc-", "xenfv"))


def has_xen(machine: str) -> bool:
    """Whether kvm can emulate Xen on the machine. On other machines ``xen-version`` fails at start-up."""
    return is_pc(machine) or machine == "isapc" or not is_known(machine)


def chosen_irqchip(line: CommandLine, accel: AccelOption) -> str | None:
    """The value of kernel-irqchip that counts: the accelerator's own, else the one that -machine passes on."""
    values = [write.value for write in line.sugar if write.key.replace("_", "-") == "kernel-irqchip"]
    values += [write.value for write in accel.writes if write.key == "kernel-irqchip"]
    return values[-1] if values else None


def irqchip(line: CommandLine, accel: AccelOption) -> str:
    """Where the interrupt controllers are under kvm: as chosen, else where the machine puts them.

    Source: ``default_kernel_irqchip_split`` in ``hw/i386``.
    """
    prefers_split = line.machine in ("microvm", "pc-q35-4.0")
    return chosen_irqchip(line, accel) or ("split" if prefers_split else "on")


def has_apic(line: CommandLine) -> bool:
    """Whether the CPU has a local APIC. All but the 486 have one, unless it is switched off; one of many always has."""
    if line.machine in WITHOUT_CPU:
        return False
    if has_many_cpus(line):
        return True
    model, *features = (line.cpu or ("486" if line.machine == "isapc" else "qemu64")).split(",")
    if "-apic" in features or f"{model}-x86_64-cpu.apic=off" in line.globals:
        return False
    switched = [feature for feature in features if feature in ("apic=on", "apic=off", "+apic")]
    if switched:
        return switched[-1] != "apic=off"
    return model.removesuffix("-x86_64-cpu") not in ("486", "base")
