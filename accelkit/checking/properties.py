"""The rules of one property: what the property setter of a QEMU would say to a value."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from accelkit.checking.problem import Problem, is_fatal
from accelkit.errors import nearest, shown
from accelkit.recipes.domains import Words
from accelkit.recipes.meant import meant_for
from accelkit.recipes.rules import Rule, Stage
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.releases import releases_with, span
from accelkit.schemas.schema import Schema
from accelkit.syntax import literals
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemuopts import Write, escape

_NUMBER: Final = "a whole number in decimal, 0x hex or 0 octal, without suffix"


class StagedProblem(NamedTuple):
    """A problem, and the stage of QEMU's start at which QEMU reports it."""

    stage: Stage
    problem: Problem


#: Writes whose problems are remembered, and characters of the longest: more would fill the memory.
_REMEMBERED: Final = 16384
_LONGEST: Final = 200


def problems_of(schema: Schema, accel: str, write: Write) -> tuple[StagedProblem, ...]:
    """The problems of ``write`` with ``accel``, which ``schema`` has; each with its stage of QEMU's start."""
    short = len(write.key) + len(write.value) <= _LONGEST
    return _remembered(schema, accel, write) if short else _problems(schema, accel, write)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(schema: Schema, accel: str, write: Write) -> tuple[StagedProblem, ...]:
    return _problems(schema, accel, write)


def _problems(schema: Schema, accel: str, write: Write) -> tuple[StagedProblem, ...]:
    key, text, _ = write
    info = schema.accelerators[accel].get(key)
    if key == "type":
        why = f"type cannot be set; it is what {schema.name} calls the accelerator"
        return (_refused(accel, write, why, "leave it out", _without(accel, write)),)
    if info is None:
        return (_refused(accel, write, *_unknown(schema, accel, write)),)
    value, takes = _read(schema, accel, key, info.type, text)
    if value is None:
        why = f"{_shown(text)} is not a value of {key}"
        meant = _meant(schema, accel, write)
        if meant is None:
            return (_refused(accel, write, why, f"takes {takes}"),)
        return (_refused(accel, write, why, f"write {key}={meant}", _with(accel, write, meant)),)
    problems: list[StagedProblem] = []
    for rule in _broken(schema, accel, key, value):
        fix: Fix = ()
        remedy = rule.remedy
        if rule.kind != "host" and (meant := _meant(schema, accel, write)) is not None:
            fix = _with(accel, write, meant)
            row = PROPERTIES[key]
            if isinstance(row.domain, Words) and text not in row.domain.words:
                remedy = f"write {key}={meant}"
        elif rule.kind == "refused" and "leave it out" in rule.remedy:
            fix = _without(accel, write)
        problem = Problem(rule.kind, accel, key, text, f"{_shown(text)} {rule.why}", remedy, fix)
        problems.append(StagedProblem(rule.stage, problem))
    return tuple(problems)


def taken(schema: Schema, accel: str, write: Write) -> Write | None:
    """``write`` with a value that this QEMU takes, as it is or as it was probably meant; None if none comes to mind.

    >>> from accelkit import bundled
    >>> (
    ...     taken(bundled("10.0"), "tcg", Write("split-wx", "1")),
    ...     taken(bundled("10.0"), "kvm", Write("thread", "multi")),
    ... )
    (Write(key='split-wx', value='on', flag=None), None)
    """
    if write.key not in schema.accelerators.get(accel, ()):
        return None
    text = write.value if not refuses(schema, accel, write) else _meant(schema, accel, write)
    return None if text is None else Write(write.key, text)


def refuses(schema: Schema, accel: str, write: Write) -> bool:
    """Whether QEMU would not start with the write, whatever the host."""
    return any(is_fatal(problem) for _, problem in problems_of(schema, accel, write))


def _broken(schema: Schema, accel: str, key: str, value: Any) -> list[Rule]:
    """The rules of the table that ``value`` breaks."""
    row = PROPERTIES.get(key)
    return [
        rule
        for rule in (row.rules if row is not None else ())
        if accel in (rule.accels or (accel,))
        and schema.target in (rule.targets or (schema.target,))
        and rule.breaks(value)
    ]


def _meant(schema: Schema, accel: str, write: Write) -> str | None:
    """The value that was probably meant and that this QEMU takes; None if none comes to mind."""
    key = write.key
    qom = schema.accelerators[accel][key].type
    candidates = [*meant_for(key, write.value), *(("on", "off") if write.value == "split" else ())]
    for text in candidates:
        value, _ = _read(schema, accel, key, qom, text)
        broken = [] if value is None else _broken(schema, accel, key, value)
        is_switch = qom in ("bool", "OnOffAuto") and all(rule.kind == "host" for rule in broken)
        if value is not None and (not broken or is_switch):
            return text
    return None


def _with(accel: str, write: Write, value: str) -> Fix:
    """The edit that gives the property another value."""
    return (Edit("accel", _written(write), (f"{write.key}={escape(value)}",), accel),)


def _without(accel: str, write: Write) -> Fix:
    return (Edit("accel", _written(write), (), accel),)


def _written(write: Write) -> str:
    return write.flag if write.flag is not None else f"{write.key}={escape(write.value)}"


def _shown(text: str) -> str:
    return text if text and text == text.strip() else repr(text)


def _refused(accel: str, write: Write, why: str, remedy: str, fix: Fix = ()) -> StagedProblem:
    return StagedProblem("property", Problem("refused", accel, write.key, write.value, why, remedy, fix))


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


def _unknown(schema: Schema, accel: str, write: Write) -> tuple[str, str, Fix]:
    """Why this QEMU refuses a property that ``accel`` lacks, what to do, and the edits that do it."""
    key, _, flag = write
    why = f"{accel} of {schema.name} has no property {shown(key)}"
    known = schema.accelerators[accel]
    gone = _without(accel, write)
    if flag is not None and flag != key and flag in PROPERTIES:
        return f"the bare word {shown(flag)} is read as {key}=off", f"write {flag}=… with its value", ()
    if key in ACCELERATORS and flag is not None:
        return why, f"for a fallback write another -accel {key}", (*gone, Edit("accel", None, (), key))
    row = PROPERTIES.get(key)
    if row is not None and accel in row.accels:
        if row.targets and schema.target not in row.targets:
            return f"{why}, which is for {' and '.join(row.targets)}", "leave it out", gone
        having = versions_with(accel, key, schema.target)
        return why, f"take {having}, or leave it out" if having else "leave it out", gone
    if row is not None:
        return f"{why}; it belongs to {' and '.join(sorted(row.accels))}", "leave it out", gone
    if not known:
        return f"{accel} has no properties", "leave it out", gone
    plain, colon, text = flag.partition(":") if flag is not None else (key, "", "")
    close = nearest(plain if colon else key, known)
    if (plain if colon else None) in known:
        meant = plain
    elif close.startswith("did"):
        meant = next(name for name in known if close == f"did you mean {name!r}?")
    else:
        return why, f"it has {close.removeprefix('one of ')}", ()
    better = taken(schema, accel, Write(meant, text if colon else write.value))
    if better is None:  # its value is a matter of its own
        return why, f"write {meant}=… with its value" if colon else close, ()
    element = f"{meant}={escape(better.value)}"
    remedy = close if better.value == write.value else f"write {element}"
    return why, remedy, (Edit("accel", _written(write), (element,), accel),)


def versions_with(accel: str, key: str | None, target: str) -> str:
    """The QEMU releases that have the accelerator for ``target``, or its property; empty if none has.

    >>> versions_with("tcg", "one-insn-per-tb", "x86_64")
    'QEMU 8.1 or newer'
    """
    releases = span(releases_with([accel], key, target))
    return f"QEMU {releases}" if releases else ""


def owners(accel: str, key: str | None, target: str) -> str:
    """The same, with the verb.

    >>> owners("tcg", "one-insn-per-tb", "x86_64"), owners("hax", None, "x86_64")
    ('QEMU 8.1 or newer has it', 'QEMU 8.1 or older has it')
    """
    versions = versions_with(accel, key, target)
    return f"{versions} has it" if versions else ""
