"""Command lines as values: what of a whole QEMU command line is about accelerators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from accelkit.errors import ArgvError
from accelkit.syntax.qemuopts import IDENTIFIER_RULE, Write, is_identifier, split


class AccelOption(NamedTuple):
    """One accelerator to be tried: what was written for it, left to right, nothing dropped."""

    name: str
    writes: tuple[Write, ...] = ()  # without accel= and id=
    identifier: str | None = None


class CommandLine(NamedTuple):
    """What a command line says about accelerators, and what refuses it whatever the QEMU."""

    accels: tuple[AccelOption, ...]
    machine: str | None = None
    sugar: tuple[Write, ...] = ()  # accelerator properties given to -machine, keys as written there
    machine_flags: tuple[str, ...] = ()  # bare words in -machine
    misplaced: tuple[Write, ...] = ()  # other spellings and properties in -machine; flag: what is meant
    icount: tuple[Write, ...] = ()
    cpu: str | None = None
    devices: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()  # driver.property=value, of drivers that are no accelerator
    unheeded: tuple[str, ...] = ()  # -global for an accelerator: QEMU warns and ignores it
    gone: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    program: str = ""
    faults: tuple[str, ...] = ()

    @property
    def defaults(self) -> tuple[str, str]:
        """What QEMU tries where no accelerator is named; a program called …kvm prefers kvm."""
        return ("kvm", "tcg") if self.program.endswith("kvm") else ("tcg", "kvm")


def read_accel(text: str) -> AccelOption:
    """One ``-accel`` argument. Raises ArgvError for what makes QEMU print its list instead.

    >>> read_accel("thread=single,accel=tcg").name
    'tcg'
    """
    writes = split(text, "accel")
    name = identifier = None
    kept: list[Write] = []
    for write in writes:
        if write.key == "accel":
            name = write.value
        elif write.key == "id":
            identifier = write.value if identifier is None else identifier
        else:
            kept.append(write)
    if name is None:
        raise ArgvError(f"-accel {text}: names no accelerator; begin with one, as in -accel tcg,…")
    if name in ("help", "?"):
        raise ArgvError(f"-accel {text}: QEMU prints its accelerators and ends; name one of them")
    return AccelOption(name, tuple(kept), identifier)


def id_faults(accels: Sequence[AccelOption]) -> list[str]:
    """What is wrong with the ids: no identifiers, or there twice. QEMU prints its list and ends."""
    faults: list[str] = []
    seen: set[str] = set()
    for accel in accels:
        identifier = accel.identifier
        if identifier is None:
            continue
        if not is_identifier(identifier):
            faults.append(f"-accel {accel.name}: id={identifier!r} is no identifier; takes {IDENTIFIER_RULE}")
        elif identifier in seen:
            faults.append(f"-accel {accel.name}: id={identifier} is there twice; choose another")
        seen.add(identifier)
    return faults
