"""The rules of a command line around ``-accel``: options that were removed, are misplaced or have no effect.

The values that they judge are in ``parsing/command_line.py``.
"""

from __future__ import annotations

from typing import Final

from accelkit.checking.icount import icount_problems
from accelkit.checking.problem import Problem
from accelkit.parsing.command_line import CommandLine
from accelkit.recipes.table import PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.syntax.qemu_options import REMOVED

#: From this version on ``keyval_parse`` reads -machine, before QemuOpts did.
_KEYVAL: Final = (6, 1, 0)
#: From this version on -device may be JSON.
_JSON_DEVICE: Final = (6, 2, 0)
#: The newest QEMU whose option table was read.
_NEWEST_KNOWN: Final = (11, 1)


def line_problems(line: CommandLine, schema: Schema) -> list[Problem]:
    """Problems with the options themselves, whichever accelerator is chosen."""
    problems: list[Problem] = []
    for name in line.removed:
        if schema.version >= REMOVED[name].since:
            problems.append(_of_line("refused", f"-{name}", f"{schema.name} has no such option",
                                     REMOVED[name].remedy))  # fmt: skip
        elif name == "tb-size":
            problems.append(_of_line("deprecated", "-tb-size", "is deprecated", REMOVED[name].remedy))
    for word in line.unknown:
        option, equals, rest = word.partition("=")
        kind = "refused" if equals or schema.version[:2] <= _NEWEST_KNOWN else "ignored"
        remedy = f"write {option} {rest}" if equals else "see qemu -help; leave it out"
        problems.append(_of_line(kind, word, f"{schema.name} has no such option", remedy))
    for write in line.misplaced:
        meant = str(write.flag)
        row = PROPERTIES[meant]
        chosen = [accel.name for accel in line.accels if accel.name in row.accels]
        owner = (chosen or [row.accelerators[0].name])[0]
        problems.append(Problem("refused", None, f"-machine {write.key}", write.value,
                                "no machine has this property",
                                f"give it to -accel, as in -accel {owner},{meant}={write.value}"))  # fmt: skip
    if schema.version >= _KEYVAL:
        problems += [
            _of_line("refused", f"-machine …,{flag}", "a bare word is not taken by -machine",
                     f"write {flag.removeprefix('no')}={'off' if flag.startswith('no') else 'on'}")
            for flag in line.machine_flags
        ]  # fmt: skip
        problems += _two_spellings(line)
    problems += [
        _of_line("ignored", f"-global {value}", "QEMU warns and sets nothing", "give it to -accel")
        for value in line.ignored_globals
    ]
    problems += icount_problems(line.icount, schema.version)
    if schema.version < _JSON_DEVICE:
        problems += [
            _of_line("refused", f"-device {text}", f"{schema.name} reads no JSON here", "write DRIVER,key=value")
            for text in line.devices if text.startswith("{")
        ]  # fmt: skip
    return problems + _without_effect(line, schema)


def _of_line(kind: str, words: str, why: str, remedy: str) -> Problem:
    return Problem(kind, None, None, words, why, remedy)  # pyright: ignore[reportArgumentType]  # kinds are spelt above


def _two_spellings(line: CommandLine) -> list[Problem]:
    """Problems with a property in -machine that is written both with ``_`` and with ``-``, which QEMU refuses."""
    spellings: dict[str, set[str]] = {}
    for write in line.sugar:
        spellings.setdefault(write.key.replace("_", "-"), set()).add(write.key)
    return [
        _of_line("refused", f"-machine …,{key}=", f"conflicts with {' and '.join(sorted(keys - {key}))}",
                 "keep one spelling")
        for key, keys in spellings.items() if len(keys) > 1
    ]  # fmt: skip


def _without_effect(line: CommandLine, schema: Schema) -> list[Problem]:
    """Problems with properties in -machine that no accelerator of this line has: QEMU ignores them, whatever the value."""
    names = [accel.name for accel in line.accels] or [line.defaults[0]]
    return [
        Problem("ignored", None, "-tb-size" if write.key == "tb-size" else f"-machine {write.key}", write.value,
                f"no effect: {' and '.join(names)} {'have' if len(names) > 1 else 'has'} no such property", "leave it out")
        for write in line.sugar
        if not any(write.key.replace("_", "-") in schema.accelerators.get(name, {}) for name in names)
    ]  # fmt: skip
