"""Rules of the machine ``virt`` on Arm, its interrupt controller and CPUs, with the accelerator that runs the guest.

Source: ``hw/arm/virt.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1 under tcg and qtest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.problem import Problem
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.schemas.releases import lifetime
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit

ARM: Final = frozenset({"aarch64", "arm"})
#: The CPUs that ``virt`` has under tcg alone. From 11.1 on it asks which accelerator runs; 10.1 to 11.0 were not asked.
_OF_TCG: Final = frozenset(
    "cortex-a7 cortex-a15 cortex-a35 cortex-a55 cortex-a72 cortex-a76 cortex-a710 a64fx neoverse-n1 neoverse-n2 "
    "neoverse-v1".split()
)
_ASKS_THE_ACCELERATOR: Final = (11, 1, 0)


def arm_problems(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """Problems of ``virt`` when it starts with the accelerator ``winner``; none for another machine or target."""
    if schema.target not in ARM or not (line.machine or "").startswith("virt"):
        return
    yield from _gic(line, schema, winner)
    yield from _cpu(line, schema, winner)


def _gic(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """``gic-version=host requires KVM``."""
    if winner.name not in ("tcg", "qtest"):
        return
    versions = [write for write in line.machine_options if write.key.replace("_", "-") == "gic-version"]
    if versions and versions[-1].value == "host":
        key = versions[-1].key
        yield Problem("machine", winner.name, None, f"-machine {key}=host",
                      "the host's interrupt controller is that of kvm only",
                      "write gic-version=max" + (", or take kvm" if lifetime("kvm", None, schema.target) else ""),
                      (Edit("machine", f"{key}=host", ("gic-version=max",)),))  # fmt: skip


def _cpu(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """``Invalid CPU model: cortex-a15``, with the list of those that this accelerator has."""
    model, *features = (line.cpu or "").split(",")
    if winner.name == "tcg" or model not in _OF_TCG or schema.version < _ASKS_THE_ACCELERATOR:
        return
    yield Problem("machine", winner.name, None, None, f"-cpu {model} of {line.machine} is for tcg only",
                  "write -cpu max, or take tcg",
                  (Edit("cpu", "", ("-cpu", ",".join(["max", *features]))),))  # fmt: skip
