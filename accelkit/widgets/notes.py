"""Notes: what stands beside a control, in words and as HTML that follows the page's theme. Pure."""

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

#: The kinds of problems in words; a mark goes with each, so that no kind is told by colour alone.
KIND_WORDS: Final[dict[ProblemKind, str]] = {
    "refused": "✗ refused",
    "build": "✗ not in this build",
    "machine": "▲ with some machines",
    "host": "▲ depends on the host",
    "deprecated": "● deprecated",
    "ignored": "● ignored",
}


def lacking(row: Property[Any, Any], accel: str, schema: Schema | None) -> str:
    """Why the QEMU of ``schema`` has no such property for ``accel``, and which has; empty if it has it.

    Empty too where it lacks the accelerator as a whole: the row decides then, a QEMU elsewhere.

    >>> from accelkit import bundled, one_insn_per_tb
    >>> lacking(one_insn_per_tb, "tcg", bundled("7.2"))
    'not in QEMU 7.2.22 (x86_64); QEMU 10.0, 11.1 have it'
    """
    if schema is None or row.key in schema.accelerators.get(accel, {row.key: None}):
        return ""
    if row.targets and schema.target not in row.targets:
        return f"not for {schema.target} guests; for {', '.join(row.targets)}"
    having = owners(accel, row.key, schema.target)
    return f"not in {schema.name}; {having or row.not_captured}"


def facts(row: Property[Any, Any], accel: str) -> tuple[tuple[str, str], ...]:
    """What is said of a property beside its control: (label, text), one for unit, default, range, QEMUs."""
    having = [
        f"{versions.removeprefix('QEMU ')} ({target})"
        for target in targets()
        if (versions := versions_with(accel, row.key, target))
    ]
    said = (
        ("Unit", unit_of(row.domain)),
        ("Default", row.default),
        ("Takes", row.domain.allowed),
        ("QEMU", "; ".join(having) or row.not_captured or "none of those captured"),
    )
    return tuple((label, text) for label, text in said if text)


def property_html(
    row: Property[Any, Any], accel: str, missing: str, error: str, problems: Iterable[Problem]
) -> str:
    """The note of one control: meaning, facts, and whatever is wrong, announced to screen readers."""
    said = " · ".join(f"<b>{escape(label)}</b> {escape(text)}" for label, text in facts(row, accel))
    lines = [f"<div>{escape(row.doc)}</div>", f'<div class="ak-facts">{said}</div>']
    problems = tuple(problems)
    if missing and not problems:
        lines.append(f'<div class="ak-problem">⊘ {escape(missing)}</div>')
    return "".join(lines) + problems_html(problems, error)


def problems_html(problems: Iterable[Problem], error: str = "") -> str:
    """Problems, a line each, after an error of what was typed; in a region that is read out."""
    said = [f"✗ {escape(error)}"] if error else []
    said += [f"<b>{KIND_WORDS[problem.kind]}</b>: {escape(str(problem))}" for problem in problems]
    lines = "".join(f'<div class="ak-problem">{line}</div>' for line in said)
    return f'<div role="status">{lines}</div>'


def accel_label(accel: str, schema: Schema | None) -> str:
    """What the list of accelerators says: the name, and what stands in its way."""
    row = ACCELERATORS.get(accel)
    if row is None:
        return f"{accel or repr(accel)} (no accelerator that is known)"
    if schema is None or accel in schema.accelerators:
        return accel
    having = versions_with(accel, None, schema.target)
    return f"{accel} (not in this QEMU: {having or f'hosts {row.hosts}'})"
