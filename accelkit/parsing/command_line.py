"""The values of a command line: the parts of a QEMU command line that are about accelerators.

The rules about them are in ``checking/command_line.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from accelkit.errors import ArgvError, brief, shown
from accelkit.syntax.edit import Fix
from accelkit.syntax.qemu_options import REMOVED
from accelkit.syntax.qemuopts import IDENTIFIER_RULE, Write, is_identifier, split

#: Accelerators that a message names; a message about each of thousands would name thousands.
_MOST_NAMES: Final = 8


class AccelOption(NamedTuple):
    """One ``-accel``: the accelerator's name, and all its options, left to right."""

    name: str
    writes: tuple[Write, ...] = ()  # without accel= and id=
    identifier: str | None = None


class Stray(NamedTuple):
    """A word where an option should be, which QEMU takes for a disk image."""

    word: str
    before: str  # the word before it
    option: str = ""  # the option whose value ``before`` is, without dashes; empty if it is none


class CommandLine(NamedTuple):
    """What a command line says about accelerators, and the faults that every QEMU refuses."""

    accels: tuple[AccelOption, ...]
    machine: str | None = None
    sugar: tuple[Write, ...] = ()  # accelerator properties in -machine, keys as written there
    machine_flags: tuple[str, ...] = ()  # bare words in -machine
    machine_options: tuple[Write, ...] = ()  # what else -machine sets
    misplaced: tuple[Write, ...] = ()  # in -machine, where no machine has them; flag: the property meant
    icount: tuple[Write, ...] = ()
    cpu: str | None = None
    devices: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()  # driver.property=value, of other drivers than accelerators
    ignored_globals: tuple[str, ...] = ()  # -global for an accelerator: QEMU warns and ignores it
    unknown: tuple[str, ...] = ()  # words with a dash that are no option of any QEMU
    program: str = ""
    faults: tuple[str, ...] = ()
    fixes: tuple[tuple[str, Fix], ...] = ()  # of faults that have one
    options: tuple[tuple[str, str | None], ...] = ()  # name and value of every option, in order
    strays: tuple[Stray, ...] = ()
    variables: tuple[str, ...] = ()  # pieces of the words that only a shell, make or systemd can replace

    @property
    def is_whole(self) -> bool:
        """Whether this is a whole line, not only what it says to ``-accel``: QEMU's default machine counts then."""
        return bool(self.program or self.unknown) or any(
            name not in ("accel", "set") for name, _ in self.options
        )

    @property
    def first_accels(self) -> tuple[AccelOption, ...]:
        """The accelerators that advice looks at: the first 16. QEMU has fewer, and n problems must not look at n of them."""
        return self.accels[:16]

    @property
    def defaults(self) -> tuple[str, str]:
        """What QEMU tries if no accelerator is named. A program whose name ends in kvm prefers kvm."""
        return ("kvm", "tcg") if self.program.endswith("kvm") else ("tcg", "kvm")


def read_accel(text: str) -> AccelOption:
    """The value of one ``-accel`` argument. Raises ArgvError if QEMU would print its list of accelerators instead.

    >>> read_accel("thread=single,accel=tcg").name
    'tcg'
    """
    return accel_of(text, split(text, "accel"))


def accel_of(text: str, writes: Sequence[Write]) -> AccelOption:
    """The ``-accel`` whose writes are ``writes``; raises ArgvError as ``read_accel`` does. Messages quote ``text``."""
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
        raise ArgvError(f"-accel {brief(text)}: names no accelerator; begin with one, as in -accel tcg,…")
    if name in ("help", "?"):
        raise ArgvError(f"-accel {brief(text)}: QEMU prints its accelerators and ends; name one of them")
    return AccelOption(name, tuple(properties), identifier)


def names_with_verb(names: Sequence[str]) -> str:
    """``kvm and tcg have``, ``tcg has``; only the first of many are named.

    >>> names_with_verb(["kvm", "tcg"])
    'kvm and tcg have'
    """
    some = [brief(name) for name in names[:_MOST_NAMES]]
    more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return f"{' and '.join(some + more)} {'have' if len(names) > 1 else 'has'}"


def gone_fault(name: str) -> str:
    """The fault of an option that no QEMU from 5.2 on has."""
    return f"-{name}: no QEMU from 5.2 on has it; {REMOVED[name].remedy}"


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
                f"-accel {brief(accel.name)}: id={shown(identifier)} is not an identifier; takes {IDENTIFIER_RULE}"
            )
        elif identifier in before:
            faults.append(
                f"-accel {brief(accel.name)}: id={brief(identifier)} is there twice; choose another"
            )
        before.add(identifier)
    return faults
