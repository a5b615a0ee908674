"""Rules of ``-cpu host``: the CPU of accelerators that run the guest on the host's own CPUs.

Source: ``accel_uses_host_cpuid`` in ``target/i386/cpu.c`` (kvm and hvf up to 10.2; NetBSD's package adds nvmm), and on Arm
``arm_host_initfn``; measured on QEMU 5.2, 7.2, 10.0 and 11.1. Users of Windows' builds report that whpx has it from 11.0 on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.checking.problem import Problem
from accelkit.checking.x86 import X86
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.schemas.releases import lifetime
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix

#: Accelerators that refuse it in every release.
_WITHOUT: Final = frozenset({"tcg", "qtest", "xen"})
#: Those that refused it on x86 before 11.0; 11.0 and 11.1 could not be asked. nvmm is not known: its package decides.
_WITHOUT_ON_X86: Final = frozenset({"whpx", "hax", "mshv"})
_HYPERVISORS: Final = (11, 0, 0)
#: Targets whose CPU ``max`` is in every release.
_WITH_MAX: Final = frozenset({"x86_64", "i386", "aarch64", "arm", "s390x"})


def host_cpu_problems(line: CommandLine, schema: Schema, winner: AccelOption) -> Iterator[Problem]:
    """Problems of ``-cpu host`` with ``winner``, and with the accelerator that QEMU falls back to where that fails."""
    if line.cpu is None or line.cpu.split(",")[0] != "host":
        return
    having = accelerators_with_host_cpu(schema)
    why = (
        f"-cpu host is the CPU of {' and '.join(having)} only" if having else "no QEMU for arm has -cpu host"
    )
    remedy, fix = _remedy(line.cpu, schema)
    place = line.accels.index(winner) if winner in line.accels else 0
    if _refuses(winner.name, schema):
        if before := _names(line.accels[:place]):
            why += f"; without {' and '.join(before)} it is {winner.name} that runs the guest"
        instead = f"{remedy}, or take {' or '.join(having)}" if having else remedy
        yield Problem("machine", winner.name, None, None, why, instead, fix)
        return
    after = (name for name in _names(line.accels[place + 1 :]) if name in schema.accelerators)
    fallback = next((name for name in after if _refuses(name, schema)), None)
    if fallback is not None:
        yield Problem("host", fallback, None, None,
                      f"{why}: where {winner.name} does not start, QEMU falls back to {fallback} and ends",
                      remedy, fix)  # fmt: skip


def accelerators_with_host_cpu(schema: Schema) -> tuple[str, ...]:
    """The accelerators for this target and release that have ``-cpu host``, whether or not this binary has them.

    >>> from accelkit import bundled
    >>> accelerators_with_host_cpu(bundled("10.0")), accelerators_with_host_cpu(bundled("11.1", "s390x"))
    (('kvm', 'hvf'), ('kvm',))
    """
    lives = {name: lifetime(name, None, schema.target) for name in ("kvm", "hvf", "whpx")}
    return tuple([
        name
        for name, life in lives.items()
        if life is not None and life.has(schema.version) and (name != "whpx" or schema.version >= _HYPERVISORS)
    ])  # fmt: skip


def _refuses(accel: str, schema: Schema) -> bool:
    on_x86 = schema.target in X86 and schema.version < _HYPERVISORS
    return accel in _WITHOUT or (on_x86 and accel in _WITHOUT_ON_X86)


def _remedy(cpu: str, schema: Schema) -> tuple[str, Fix]:
    if schema.target not in _WITH_MAX:
        return "leave -cpu out", (Edit("cpu", ""),)
    return "write -cpu max", (Edit("cpu", "", ("-cpu", ",".join(["max", *cpu.split(",")[1:]]))),)


def _names(accels: Sequence[AccelOption]) -> list[str]:
    return list(dict.fromkeys(accel.name for accel in accels))
