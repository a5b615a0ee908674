"""Notes: the text beside a control, as words and as HTML that follows the theme of the page. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from accelkit.checking.problem import Problem, ProblemKind
from accelkit.checking.properties import owners, versions_with
from accelkit.recipes.property import Property
from accelkit.recipes.table import ACCELERATORS
from accelkit.schemas import targets
from accelkit.schemas.schema import Schema
from accelkit.widgets.field_text import unit_of

#: The kinds of problems in words, with a mark for each: no kind is shown by colour alone.
KIND_WORDS: Final[dict[ProblemKind, str]] = {
    "refused": "✗ refused",
    "build": "✗ not in this build",
    "machine": "▲ with some machines",
    "host": "▲ depends on the host",
    "deprecated": "● deprecated",
    "ignored": "● ignored",
}


def lacking(row: Property[Any, Any], accel: str, schema: Schema | None) -> str:
    """Why the QEMU of ``schema`` lacks a property of ``accel``, and which QEMUs have it; empty if it has it.

    Also empty where that QEMU lacks the whole accelerator: another build may have it, with all its properties.

    >>> from accelkit import bundled, one_insn_per_tb
    >>> lacking(one_insn_per_tb, "tcg", bundled("7.2"))
    'not in QEMU 7.2.22 (x86_64); QEMU 10.0, 11.1 have it'
    """
    if schema is None or row.key in schema.accelerators.get(accel, {row.key: None}):
        return ""
    if row.targets and schema.target not in row.targets:
        return f"not for {schema.target} guests; for {', '.join(row.targets)}"
    others = owners(accel, row.key, schema.target)
    return f"not in {schema.name}; {others or row.not_captured}"


def facts(row: Property[Any, Any], accel: str) -> tuple[tuple[str, str], ...]:
    """The facts beside a control, pairs of label and text: unit, default, range, QEMUs that have the property."""
    versions = [
        f"{names.removeprefix('QEMU ')} ({target})"
        for target in targets()
        if (names := versions_with(accel, row.key, target))
    ]
    pairs = (
        ("Unit", unit_of(row.domain)),
        ("Default", row.default),
        ("Takes", row.domain.allowed),
        ("QEMU", "; ".join(versions) or row.not_captured or "none of the captured ones"),
    )
    return tuple((label, text) for label, text in pairs if text)


def property_html(
    row: Property[Any, Any], accel: str, missing: str, error: str, problems: Iterable[Problem]
) -> str:
    """The note of one control: meaning, facts, and problems, which screen readers announce."""
    line = " · ".join(f"<b>{escape(label)}</b> {escape(text)}" for label, text in facts(row, accel))
    lines = [f"<div>{escape(row.doc)}</div>", f'<div class="ak-facts">{line}</div>']
    problems = tuple(problems)
    if missing and not problems:
        lines.append(f'<div class="ak-problem">⊘ {escape(missing)}</div>')
    return "".join(lines) + problems_html(problems, error)


def problems_html(problems: Iterable[Problem], error: str = "") -> str:
    """An error in what was typed, then a line for each problem; in a region that screen readers announce."""
    messages = [f"✗ {escape(error)}"] if error else []
    messages += [f"<b>{KIND_WORDS[problem.kind]}</b>: {escape(str(problem))}" for problem in problems]
    lines = "".join(f'<div class="ak-problem">{line}</div>' for line in messages)
    return f'<div role="status">{lines}</div>'


def accel_label(accel: str, schema: Schema | None) -> str:
    """The label in the list of accelerators: the name, and why it cannot be used."""
    row = ACCELERATORS.get(accel)
    if row is None:
        return f"{accel or repr(accel)} (unknown accelerator)"
    if schema is None or accel in schema.accelerators:
        return accel
    versions = versions_with(accel, None, schema.target)
    return f"{accel} (not in this QEMU: {versions or f'hosts {row.hosts}'})"
