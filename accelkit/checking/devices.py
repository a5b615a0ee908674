"""Rules of devices together with the accelerator: an IOMMU with the irqchip, and KVM's own devices.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.problem import Problem
from accelkit.checking.x86 import WITHOUT_CPU, irqchip, is_q35
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.literals import read_bool, switch_for
from accelkit.syntax.qemuopts import Write, split

#: From this version on ``eim=on`` works with tcg too (``hw/i386/intel_iommu.c``).
_EIM_WITHOUT_KVM: Final = (9, 0, 0)
_IOMMUS: Final = ("intel-iommu", "amd-iommu")
_SPLIT: Final = "write -accel kvm,kernel-irqchip=split"
_SPLIT_FIX: Final[Fix] = (
    Edit("accel", "kernel-irqchip", (), "kvm"),
    Edit("accel", None, ("kernel-irqchip=split",), "kvm"),
)
#: Devices that only kvm has, all or only with its own irqchip (``hw/i386/kvm``).
_IN_KERNEL: Final = frozenset({"kvm-pit", "kvm-i8259", "kvm-ioapic"})
_OF_KVM: Final = _IN_KERNEL | {"kvm-apic", "kvmclock"}
_POLICIES: Final = ("delay", "discard", "slew")
_PIT_POLICY: Final = "lost_tick_policy"


def iommu_problems(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """Problems of interrupt remapping by an IOMMU with the irqchip (``hw/i386/x86-iommu.c``)."""
    chip = irqchip(line, winner)
    preset: dict[str, dict[str, str]] = {name: {} for name in _IOMMUS}
    for entry in line.globals:
        driver, key, value = global_of(entry)
        if driver in preset:
            preset[driver][key] = value
    for text in line.devices:
        options = {write.key: write.value for write in _device_options(text)}
        name = options.get("driver")
        if name not in _IOMMUS:
            continue
        if not is_q35(line.machine or "pc"):
            where = line.machine or "pc, QEMU's default machine,"
            yield _device(text, f"{where} takes no IOMMU", "take -machine q35, or leave it out")
            if line.machine is not None:
                continue
        options = preset[name] | options
        for key in ("intremap", "eim"):
            if options.get(key, "auto") not in ("on", "off", "auto"):
                # auto is on wherever it can be
                meant = "off" if switch_for(options[key]) == "off" else "auto"
                yield _device(text, f"{key}={options[key]} is neither on, off nor auto", f"write {key}={meant}",
                              (Edit("device", f"{key}={options[key]}", (f"{key}={meant}",)),))  # fmt: skip
        remapping, extended = options.get("intremap") == "on", options.get("eim") == "on"
        if extended and name == "intel-iommu" and not remapping:
            automatic = options.get("intremap") != "off" and (
                chip == "split" if winner.name == "kvm" else schema.version >= _EIM_WITHOUT_KVM
            )  # intremap=auto means on if the irqchip allows it
            if not automatic:
                yield _device(text, "eim=on needs intremap=on", "leave eim=on out, or set intremap=on too",
                              (Edit("device", "eim=on"),))  # fmt: skip
        elif remapping and winner.name == "kvm" and chip == "on":
            yield _device(text, "interrupt remapping cannot work with kernel-irqchip=on", _SPLIT, _SPLIT_FIX)
        elif (
            extended
            and remapping
            and schema.version < _EIM_WITHOUT_KVM
            and (winner.name, chip) != ("kvm", "split")
        ):
            with_kvm = winner.name == "kvm"
            yield _device(text, "eim=on needs kvm with kernel-irqchip=split",
                          _SPLIT if with_kvm else f"leave eim=on out, or {_SPLIT}",
                          _SPLIT_FIX if with_kvm else (Edit("device", "eim=on"),))  # fmt: skip


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
    except (ValueError, AttributeError, RecursionError):  # the last: brackets that are nested too deep
        return ()


def _device(text: str, why: str, remedy: str, fix: Fix = ()) -> Problem:
    if any(edit.option == "device" and (edit.old or "") not in text.split(",") for edit in fix):
        fix = ()  # written in JSON, or set by -global
    return Problem("machine", None, None, f"-device {text}", why, remedy, fix)


def global_of(text: str) -> tuple[str, str, str]:
    """The driver, property and value of a ``-global``, which has two forms.

    >>> global_of("kvm-pit.lost_tick_policy=slew"), global_of("driver=e1000,property=mac,value=x")
    (('kvm-pit', 'lost_tick_policy', 'slew'), ('e1000', 'mac', 'x'))
    """
    if text.startswith("driver="):
        options = {write.key: write.value for write in split(text, "driver")}
        return options["driver"], options.get("property", ""), options.get("value", "")
    driver, _, rest = text.partition(".")
    key, _, value = rest.partition("=")
    return driver, key, value


def global_problems(line: CommandLine, winner: AccelOption) -> Iterator[Problem]:
    """Problems of ``-global`` for devices that kvm has in the kernel. QEMU sets nothing of a device that is not there."""
    chip = irqchip(line, winner)
    policies: list[tuple[str, str]] = []
    for entry in line.globals:
        driver, key, value = global_of(entry)
        if driver not in _OF_KVM:
            continue
        if winner.name != "kvm":
            yield _ignored(entry, f"no effect: {winner.name} has no {driver}")
        elif driver in _IN_KERNEL and chip != "on":
            yield _ignored(entry, f"no effect: with kernel-irqchip={chip} there is no {driver}")
        elif driver == "kvm-pit" and _has_pit(line):
            if key == _PIT_POLICY:
                policies.append((entry, value))
            elif key.replace("-", "_") == _PIT_POLICY:
                better = value if value in _POLICIES and value != "slew" else "delay"
                yield _machine(entry, f"kvm-pit has no property {key}", f"write {_PIT_POLICY}={better}",
                               _replaced(entry, f"kvm-pit.{_PIT_POLICY}={better}"))  # fmt: skip
    for number, (entry, value) in enumerate(policies):
        if value not in _POLICIES:
            yield _machine(entry, f"{value or repr(value)} is not a policy of kvm-pit",
                           "write delay, its default, or discard", _policy(entry))  # fmt: skip
        elif value == "slew" and number == len(policies) - 1:
            yield _machine(entry, "KVM's timer cannot slew lost ticks",
                           "write delay, its default, or discard", _policy(entry))  # fmt: skip


def _has_pit(line: CommandLine) -> bool:
    if line.machine in WITHOUT_CPU:
        return False
    switches = [write.value for write in line.machine_options if write.key == "pit"]
    return not switches or read_bool(switches[-1]) is not False


def _policy(entry: str) -> Fix:
    return _replaced(entry, f"kvm-pit.{_PIT_POLICY}=delay")


def _replaced(entry: str, new: str) -> Fix:
    """Edits that put ``new`` in the place of ``entry``, of which only the short form is one element."""
    return (Edit("global", entry, (new,)),) if not entry.startswith("driver=") else ()


def _machine(entry: str, why: str, remedy: str, fix: Fix) -> Problem:
    return Problem("machine", "kvm", None, f"-global {entry}", why, remedy, fix)


def _ignored(entry: str, why: str) -> Problem:
    return Problem("ignored", None, None, f"-global {entry}", why, "leave it out")
