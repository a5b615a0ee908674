"""The rules of a command line around ``-accel``: options that were removed, are misplaced or have no effect.

The values that they judge are in ``parsing/command_line.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.advice import Advice, element_for, given_to_accel
from accelkit.checking.devices import global_of
from accelkit.checking.icount import icount_problems
from accelkit.checking.problem import Problem, ProblemKind
from accelkit.checking.words import stray_problems, unknown_word_problems
from accelkit.checking.x86 import WITHOUT_CPU
from accelkit.parsing.command_line import CommandLine, gone_fault, names_with_verb
from accelkit.schemas.releases import lifetime
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemu_options import REMOVED, remedy_of
from accelkit.syntax.qemuopts import Write, escape

#: From this version on ``keyval_parse`` reads -machine, before QemuOpts did.
_KEYVAL: Final = (6, 1, 0)
#: Machines without what a -machine property that replaces an option switches.
_LACKING: Final = {"hpet": WITHOUT_CPU | {"microvm"}, "acpi": WITHOUT_CPU}
#: From this version on -device may be JSON.
_JSON_DEVICE: Final = (6, 2, 0)


def fault_problems(line: CommandLine, schema: Schema) -> list[Problem]:
    """The faults that every QEMU refuses, as problems: the text before and after the last semicolon."""
    if not line.faults:
        return []
    fixes = dict(line.fixes)
    gone = {gone_fault(name): (name, value) for name, value in line.options if name in REMOVED}
    problems: list[Problem] = []
    for fault in line.faults:
        why, _, remedy = fault.rpartition("; ")
        fix = fixes.get(fault, ())
        if fault in gone:
            why = fault.partition("; ")[0]
            remedy, fix = _successor(*gone[fault], line, schema)
        problems.append(Problem("refused", None, None, None, why, remedy, fix))
    return problems


def line_problems(line: CommandLine, schema: Schema) -> list[Problem]:
    """Problems with the options themselves, whichever accelerator is chosen."""
    if not line.options and not line.strays and not line.unknown:
        return []  # only what goes to -accel
    problems: list[Problem] = []
    names = {name for name, _ in line.options}
    if (
        not (names <= schema.options.keys() if schema.options else names.isdisjoint(REMOVED))
        or "tb-size" in names
    ):
        problems += _lacking(line, schema)
    if line.unknown:
        problems += unknown_word_problems(line, schema)
    if line.strays:
        problems += stray_problems(line, schema)
    for write in line.misplaced:
        gone = Edit("machine", f"{write.key}={escape(write.value)}")
        remedy, fix = given_to_accel(str(write.flag), write.value, line, schema, gone)
        problems.append(Problem("refused", None, f"-machine {write.key}", write.value,
                                "no machine has this property", remedy, fix))  # fmt: skip
    if schema.version >= _KEYVAL and line.machine_flags:
        problems += [
            _of_line("refused", f"-machine …,{flag}", "a bare word is not taken by -machine", f"write {spelt}",
                     (Edit("machine", flag, (spelt,)),))
            for flag in line.machine_flags
            for spelt in [f"{flag.removeprefix('no')}={'off' if flag.startswith('no') else 'on'}"]
        ]  # fmt: skip
    if schema.version >= _KEYVAL and line.sugar:
        problems += _two_spellings(line)
    problems += [
        _of_line("ignored", f"-global {value}", "QEMU warns and sets nothing", *_given(value, line, schema))
        for value in line.ignored_globals
    ]
    if line.icount:
        problems += icount_problems(line, schema.version)
    if schema.version < _JSON_DEVICE:
        problems += [
            _of_line("refused", f"-device {text}", f"{schema.name} reads no JSON here", "write DRIVER,key=value")
            for text in line.devices if text.startswith("{")
        ]  # fmt: skip
    return problems + _without_effect(line, schema)


def _lacking(line: CommandLine, schema: Schema) -> Iterator[Problem]:
    """Problems with options that other QEMUs have and this one lacks."""
    for name, value in line.options:
        removed = REMOVED.get(name)
        if removed is not None and not any(removed.since):
            continue  # no QEMU has it: that is a fault
        lacks = removed is not None and removed.since <= schema.version
        if name not in schema.options if schema.options else lacks:
            yield _of_line("refused", f"-{name}", f"{schema.name} has no such option",
                           *_successor(name, value, line, schema))  # fmt: skip
        elif name == "tb-size":
            yield _of_line("deprecated", "-tb-size", "is deprecated", *_successor(name, value, line, schema))


def _successor(name: str, value: str | None, line: CommandLine, schema: Schema) -> tuple[str, Fix]:
    """What to write in this QEMU for an option that it lacks, and the edits that write it."""
    advice = remedy_of(name, value, schema.version)
    words = advice.words
    if words is None:
        return advice.text, ()
    gone = Edit(name, "")
    if words[:1] == ("-accel",):
        accel, *elements = words[1].split(",")
        named = [option.name for option in line.first_accels]
        if elements and named and accel not in named:
            return f"leave it out: it is for {accel}, and {named[0]} runs the guest", (gone,)
        if elements and accel in named:
            return f"add {','.join(elements)} to {accel}", (gone, Edit("accel", None, tuple(elements), accel))
        return advice.text, (gone, Edit("accel", None, tuple(elements), accel))
    if words[:1] == ("-machine",):
        if line.machine is not None and line.machine in _LACKING.get(words[1].partition("=")[0], ()):
            return f"leave it out: {line.machine} has none", (gone,)
        return advice.text, (gone, Edit("machine", None, tuple(words[1].split(","))))
    return advice.text, (Edit(name, "", words),)


def _of_line(kind: ProblemKind, words: str, why: str, remedy: str, fix: Fix = ()) -> Problem:
    return Problem(kind, None, None, words, why, remedy, fix)


def _given(text: str, line: CommandLine, schema: Schema) -> Advice:
    """What to do with a ``-global`` for an accelerator: give the property to ``-accel``, where that takes it."""
    driver, key, value = global_of(text)
    accel = driver.removesuffix("-accel")
    gone = Edit("global", text)
    is_chosen = accel in ([option.name for option in line.first_accels] or line.defaults[:1])
    element = element_for(accel, Write(key, value), line, schema) if is_chosen else None
    short = not text.startswith("driver=") and "=" in text
    if element is None:
        return "leave it out", (gone,) if short else ()
    return f"give it to -accel, as in -accel {accel},{element}", (
        (gone, Edit("accel", None, (element,), accel)) if short else ()
    )


def _two_spellings(line: CommandLine) -> list[Problem]:
    """Problems with a property in -machine that is written both with ``_`` and with ``-``, which QEMU refuses."""
    spellings: dict[str, set[str]] = {}
    for write in line.sugar:
        spellings.setdefault(write.key.replace("_", "-"), set()).add(write.key)
    return [
        _of_line("refused", f"-machine …,{key}=", f"conflicts with {' and '.join(sorted(keys - {key}))}",
                 "keep one spelling", tuple(Edit("machine", spelling) for spelling in sorted(keys - {key})))
        for key, keys in spellings.items() if len(keys) > 1
    ]  # fmt: skip


def _without_effect(line: CommandLine, schema: Schema) -> list[Problem]:
    """Problems with properties in -machine that no accelerator of this line has: QEMU ignores them, whatever the value."""
    if not line.sugar:
        return []
    names = [*dict.fromkeys(accel.name for accel in line.accels)] or [line.defaults[0]]
    having = names_with_verb(names)
    keys = {write.key.replace("_", "-") for write in line.sugar}  # few, however long the line
    known = {key for key in keys if any(_knows(name, key, schema) for name in names)}
    if schema.options and "tb-size" not in schema.options:
        known.add("tb-size")  # the option is refused
    return [
        Problem("ignored", None, "-tb-size" if write.key == "tb-size" else f"-machine {write.key}", write.value,
                f"no effect: {having} no such property", "leave it out",
                (Edit("tb-size", "") if write.key == "tb-size"
                 else Edit("machine", f"{write.key}={escape(write.value)}"),))
        for write in line.sugar
        if write.key.replace("_", "-") not in known
    ]  # fmt: skip


def _knows(accel: str, key: str, schema: Schema) -> bool:
    """Whether the accelerator has the property, in this QEMU or in a build of this release that has the accelerator."""
    if accel in schema.accelerators:
        return key in schema.accelerators[accel]
    life = lifetime(accel, key, schema.target)
    return life is not None and life.has(schema.version)
