"""Advice that minds the rest of the line: whether an accelerator of this line takes a property, and what else chooses one.

Source: ``configure_accelerators`` in ``system/vl.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accelkit.checking.machine import has_machine, machine_problems
from accelkit.checking.properties import refuses, taken
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.recipes.table import PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemuopts import Write, escape

#: What to do, in words, and the edits that do it.
Advice = tuple[str, Fix]

_DROP_MACHINE_ACCEL: Final[Fix] = (Edit("machine", "accel"), Edit("enable-kvm", ""))
_CHOSEN: Final = "leave it out: -accel chooses the accelerator"


def owner_of(key: str, line: CommandLine, schema: Schema) -> str | None:
    """The accelerator that a property given to this line belongs to; None if those of the line lack it.

    >>> from accelkit import bundled
    >>> from accelkit.parsing.lines import read
    >>> (
    ...     owner_of("thread", read("-m 1G"), bundled("10.0")),
    ...     owner_of("thread", read("-enable-kvm"), bundled("10.0")),
    ... )
    ('tcg', None)
    """
    row = PROPERTIES.get(key)
    owners = [accel.name for accel in row.accelerators] if row is not None else []
    names = [accel.name for accel in line.first_accels] or owners
    return next((name for name in names if name in owners and name in schema.accelerators), None)


def element_for(accel: str, write: Write, line: CommandLine, schema: Schema) -> str | None:
    """What to write to ``accel`` of this line for the property in ``write``; None if it would not start with it."""
    better = taken(schema, accel, write)
    if better is None or not starts(accel, better, line, schema):
        return None
    return f"{better.key}={escape(better.value)}"


def starts(accel: str, write: Write, line: CommandLine, schema: Schema) -> bool:
    """Whether the machine of the line takes the accelerator with one write more as well as without."""
    given = next((option for option in line.first_accels if option.name == accel), AccelOption(accel))
    more = given._replace(writes=(*given.writes, write))
    return _ending(more, line, schema) <= _ending(given, line, schema)


def _ending(accel: AccelOption, line: CommandLine, schema: Schema) -> set[str]:
    """Why the machine of the line, if it has one, does not start with the accelerator."""
    ends = {"refused", "machine"} if has_machine(line, schema) else {"refused"}
    problems = machine_problems(line._replace(accels=(accel,)), schema, accel)
    return {problem.why for problem in problems if problem.kind in ends}


def runs(accel: AccelOption, line: CommandLine, schema: Schema) -> bool:
    """Whether the guest would run with the accelerator ``accel`` alone, as far as binary and line decide."""
    if accel.name not in schema.accelerators or any(
        refuses(schema, accel.name, write) for write in accel.writes
    ):
        return False
    return not _ending(accel, line, schema)


def may_run(name: str, line: CommandLine, schema: Schema) -> bool:
    """Whether the machine of the line starts with the accelerator of that name and none of its properties."""
    return not _ending(AccelOption(name), line, schema)


def given_to_accel(key: str, value: str, line: CommandLine, schema: Schema, gone: Edit) -> Advice:
    """What to do with a property that stands where QEMU does not look for it; ``gone`` takes it away there."""
    owner = owner_of(key, line, schema)
    if owner is None:
        names = " and ".join(dict.fromkeys(accel.name for accel in line.first_accels)) or schema.name
        return f"leave it out: {names} {'have' if ' and ' in names else 'has'} no such property", (gone,)
    element = element_for(owner, Write(key, value), line, schema)
    if element is None:
        return f"leave it out: {owner} of {schema.name} does not take it here", (gone,)
    return f"give it to -accel, as in -accel {owner},{element}", (
        gone,
        Edit("accel", None, (element,), owner),
    )


def instead(word: str, words: Sequence[str], says: str, line: CommandLine, value: str = "") -> Advice:
    """What to do about ``word``, for which ``words`` were meant, beside what the line has already.

    ``says`` is the remedy of a line that chooses no accelerator; ``value`` is the word behind ``word``, if there is one.
    """
    option = words[0].lstrip("-")
    value = words[1] if len(words) > 1 else value
    by_accel = any(name == "accel" for name, _ in line.options)
    fix = (Edit("", word, tuple(words)),)
    if option == "enable-kvm" and by_accel:
        return _CHOSEN, (Edit("", word),)
    if option == "accel" and line.accels and not by_accel:
        other = "-enable-kvm" if any(name == "enable-kvm" for name, _ in line.options) else "-machine accel="
        return f"{says}, and leave {other} out", (*fix, *_DROP_MACHINE_ACCEL)
    if option in ("machine", "M") and by_accel:
        kept = ",".join(element for element in value.split(",") if not element.startswith("accel="))
        if kept != value:
            return (f"write -machine {kept}, and leave the choice to -accel" if kept else _CHOSEN,
                    (*fix, Edit("machine", "accel")))  # fmt: skip
    if option == "icount" and (runner := line.accels[0].name if line.accels else line.defaults[0]) != "tcg":
        alone = (Edit("", word),) if not value or len(words) > 1 else ()
        return f"leave it out: -icount is for tcg only, and {runner} runs the guest", alone
    return says, fix
