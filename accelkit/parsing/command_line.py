"""The values of a command line: the parts of a QEMU command line that are about accelerators.

The rules about them are in ``checking/command_line.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from accelkit.errors import ArgvError
from accelkit.syntax.qemuopts import IDENTIFIER_RULE, Write, is_identifier, split


class AccelOption(NamedTuple):
    """One ``-accel``: the accelerator's name, and all its options, left to right."""

    name: str
    writes: tuple[Write, ...] = ()  # without accel= and id=
    identifier: str | None = None


class CommandLine(NamedTuple):
    """What a command line says about accelerators, and the faults that every QEMU refuses."""

    accels: tuple[AccelOption, ...]
    machine: str | None = None
    sugar: tuple[Write, ...] = ()  # accelerator properties in -machine, keys as written there
    machine_flags: tuple[str, ...] = ()  # bare words in -machine
    misplaced: tuple[Write, ...] = ()  # in -machine, where no machine has them; flag: the property meant
    icount: tuple[Write, ...] = ()
    cpu: str | None = None
    devices: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()  # driver.property=value, of other drivers than accelerators
    ignored_globals: tuple[str, ...] = ()  # -global for an accelerator: QEMU warns and ignores it
    removed: tuple[str, ...] = ()  # options that some QEMU no longer has
    unknown: tuple[str, ...] = ()
    program: str = ""
    faults: tuple[str, ...] = ()

    @property
    def defaults(self) -> tuple[str, str]:
        """What QEMU tries if no accelerator is named. A program whose name ends in kvm prefers kvm."""
        return ("kvm", "tcg") if self.program.endswith("kvm") else ("tcg", "kvm")


def read_accel(text: str) -> AccelOption:
    """The value of one ``-accel`` argument. Raises ArgvError if QEMU would print its list of accelerators instead.

    >>> read_accel("thread=single,accel=tcg").name
    'tcg'
    """
    writes = split(text, "accel")
    name = identifier = None
    properties: list[Write] = []
    for write in writes:
        if write.key == "accel":
            name = write.value
        elif write.key == "id":
            identifier = write.value if identifier is None else identifier
        else:
            properties.append(write)
    if name is None:
        raise ArgvError(f"-accel {text}: names no accelerator; begin with one, as in -accel tcg,…")
    if name in ("help", "?"):
        raise ArgvError(f"-accel {text}: QEMU prints its accelerators and ends; name one of them")
    return AccelOption(name, tuple(properties), identifier)


def id_faults(accels: Sequence[AccelOption]) -> list[str]:
    """Faults of the ids: not an identifier, or used twice. QEMU prints its list of accelerators and ends."""
    faults: list[str] = []
    before: set[str] = set()
    for accel in accels:
        identifier = accel.identifier
        if identifier is None:
            continue
        if not is_identifier(identifier):
            faults.append(
                f"-accel {accel.name}: id={identifier!r} is not an identifier; takes {IDENTIFIER_RULE}"
            )
        elif identifier in before:
            faults.append(f"-accel {accel.name}: id={identifier} is there twice; choose another")
        before.add(identifier)
    return faults
