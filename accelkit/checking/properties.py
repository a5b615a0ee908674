"""The rules of one property: what the property setter of a QEMU would say to a value."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from accelkit.checking.problem import Problem
from accelkit.errors import nearest
from accelkit.recipes.domains import Words
from accelkit.recipes.rules import Stage
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas import captured_with
from accelkit.schemas.schema import Schema
from accelkit.syntax import literals
from accelkit.syntax.qemuopts import Write

_NUMBER: Final = "a whole number in decimal, 0x hex or 0 octal, without suffix"


class StagedProblem(NamedTuple):
    """A problem, and the stage of QEMU's start at which QEMU reports it."""

    stage: Stage
    problem: Problem


@lru_cache(maxsize=65536)
def problems_of(schema: Schema, accel: str, write: Write) -> tuple[StagedProblem, ...]:
    """The problems of ``write`` with ``accel``, which ``schema`` has; each with its stage of QEMU's start."""
    key, text, _ = write
    info = schema.accelerators[accel].get(key)
    if key == "type":
        why = f"type cannot be set; it is what {schema.name} calls the accelerator"
        return (_refused(accel, write, why, "leave it out"),)
    if info is None:
        return (_refused(accel, write, *_unknown(schema, accel, write)),)
    value, takes = _read(schema, accel, key, info.type, text)
    if value is None:
        return (_refused(accel, write, f"{_shown(text)} is not a value of {key}", f"takes {takes}"),)
    row = PROPERTIES.get(key)
    problems: list[StagedProblem] = []
    for rule in row.rules if row is not None else ():
        applies = accel in (rule.accels or (accel,)) and schema.target in (rule.targets or (schema.target,))
        if applies and rule.breaks(value):
            problem = Problem(rule.kind, accel, key, text, f"{_shown(text)} {rule.why}", rule.remedy)
            problems.append(StagedProblem(rule.stage, problem))
    return tuple(problems)


def _shown(text: str) -> str:
    return text if text and text == text.strip() else repr(text)


def _refused(accel: str, write: Write, why: str, remedy: str) -> StagedProblem:
    return StagedProblem("property", Problem("refused", accel, write.key, write.value, why, remedy))


def _read(schema: Schema, accel: str, key: str, qom: str, text: str) -> tuple[Any, str]:
    """What this QEMU reads from ``text``, None if it refuses it; and what it takes, in words."""
    if accel == "tcg" and key == "tb-size":
        qom = "uint32"  # its QOM type is int, but it is parsed as uint32 (tcg_set_tb_size)
    reader = _READERS.get(qom)
    if reader is not None:
        read, takes = reader
        return read(text, schema), takes
    words = _WORDS.get(qom)
    if words is not None:
        return (text if text in words else None), ", ".join(words)
    return text, "text"  # string, or a type that this table lacks: QEMU's own setter decides


def _bool(text: str, _: Schema) -> bool | None:
    return literals.read_bool(text)


def _int(text: str, schema: Schema) -> int | None:
    return literals.read_int64(text, schema.binary_literals)


def _size(text: str, schema: Schema) -> int | None:
    return literals.read_size(text, schema.version)


def _uint(bits: int, text: str, schema: Schema) -> int | None:
    return literals.read_uint(text, bits, schema.binary_literals)


#: By QOM type: the function that reads it, and what it takes, in words.
_READERS: Final[dict[str, tuple[Callable[[str, Schema], Any], str]]] = {
    "bool": (_bool, "on or off (also yes, true, y; no, false, n)"),
    "int": (_int, _NUMBER),
    "size": (_size, "bytes, with one of the suffixes K M G T P E or none"),
    **{
        f"uint{bits}": (partial(_uint, bits), f"{_NUMBER}, 0 to {(1 << bits) - 1}")
        for bits in (8, 16, 32, 64)
    },
}
_WORDS: Final = {
    name: row.domain.words
    for row in PROPERTIES.values()
    if isinstance(row.domain, Words)
    for name in row.domain.qom
    if name != "string"
}


def _unknown(schema: Schema, accel: str, write: Write) -> tuple[str, str]:
    """Why this QEMU refuses a property that ``accel`` lacks, and what to do."""
    key, _, flag = write
    why = f"{accel} of {schema.name} has no property {key!r}"
    known = schema.accelerators[accel]
    if flag is not None and flag != key and flag in PROPERTIES:
        return f"the bare word {flag!r} is read as {key}=off", f"write {flag}=… with its value"
    if key in ACCELERATORS and flag is not None:
        return why, f"for a fallback write another -accel {key}"
    row = PROPERTIES.get(key)
    if row is not None and accel in row.accels:
        if row.targets and schema.target not in row.targets:
            return f"{why}, which is for {' and '.join(row.targets)}", "leave it out"
        having = versions_with(accel, key, schema.target)
        return why, f"take {having}, or leave it out" if having else "leave it out"
    if row is not None:
        return f"{why}; it belongs to {' and '.join(sorted(row.accels))}", "leave it out"
    close = nearest(key, known) if known else ""
    if not known:
        return f"{accel} has no properties", "leave it out"
    return why, close if close.startswith("did") else f"it has {close.removeprefix('one of ')}"


def versions_with(accel: str, key: str | None, target: str) -> str:
    """The captured QEMUs for ``target`` that have the accelerator, or its property; empty if none has.

    >>> versions_with("tcg", "one-insn-per-tb", "x86_64")
    'QEMU 10.0, 11.1'
    """
    versions = captured_with([accel], key, target)
    return f"QEMU {', '.join(versions)}" if versions else ""


def owners(accel: str, key: str | None, target: str) -> str:
    """The same, with the verb.

    >>> owners("tcg", "one-insn-per-tb", "x86_64"), owners("kvm", "honor-guest-pat", "x86_64")
    ('QEMU 10.0, 11.1 have it', 'QEMU 11.1 has it')
    """
    versions = captured_with([accel], key, target)
    return (
        f"{versions_with(accel, key, target)} {'has' if len(versions) == 1 else 'have'} it"
        if versions
        else ""
    )
