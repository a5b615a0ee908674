"""Notes: the text beside a control, as words and as HTML that follows the theme of the page. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accelkit.checking.problem import Problem
from accelkit.checking.properties import owners, versions_with
from accelkit.checking.shown import KIND_WORDS
from accelkit.document import html_text
from accelkit.errors import visible_line
from accelkit.recipes.property import Property
from accelkit.recipes.table import ACCELERATORS
from accelkit.schemas.releases import availability, lifetime
from accelkit.schemas.schema import Schema
from accelkit.widgets.field_text import unit_of


def lacking(row: Property[Any, Any], accel: str, schema: Schema | None) -> str:
    """Why the QEMU of ``schema`` lacks a property of ``accel``, and which QEMUs have it; empty if it has it.

    Also empty where that QEMU lacks the whole accelerator: another build may have it, with all its properties.

    >>> from accelkit import bundled, one_insn_per_tb
    >>> lacking(one_insn_per_tb, "tcg", bundled("7.2"))
    'not in QEMU 7.2.22 (x86_64); QEMU 8.1 or newer has it'
    """
    if schema is None or row.key in schema.accelerators.get(accel, {row.key: None}):
        return ""
    if row.targets and schema.target not in row.targets:
        return f"not for {schema.target} guests; for {', '.join(row.targets)}"
    others = owners(accel, row.key, schema.target)
    return f"not in {schema.name}; {others or row.not_captured}"


def facts(row: Property[Any, Any], accel: str) -> tuple[tuple[str, str], ...]:
    """The facts beside a control, pairs of label and text: unit, default, range, QEMUs that have the property."""
    pairs = (
        ("Unit", unit_of(row.domain)),
        ("Default", row.default),
        ("Takes", row.domain.allowed),
        ("QEMU", "; ".join(filter(None, (availability([accel], row.key), row.not_captured)))),
    )
    return tuple((label, text) for label, text in pairs if text)


def property_html(
    row: Property[Any, Any], accel: str, missing: str, error: str, problems: Iterable[Problem]
) -> str:
    """The note of one control: meaning, facts, and problems, which screen readers announce."""
    line = " · ".join(f"<b>{html_text(label)}</b> {html_text(text)}" for label, text in facts(row, accel))
    lines = [f"<div>{html_text(row.doc)}</div>", f'<div class="ak-facts">{line}</div>']
    problems = tuple(problems)
    if missing and not problems:
        lines.append(f'<div class="ak-problem">⊘ {html_text(missing)}</div>')
    return "".join(lines) + problems_html(problems, error)


def problems_html(problems: Iterable[Problem], error: str = "") -> str:
    """An error in what was typed, then a line for each problem; in a region that screen readers announce."""
    messages = [f"✗ {html_text(error)}"] if error else []
    messages += [f"<b>{KIND_WORDS[problem.kind]}</b>: {html_text(str(problem))}" for problem in problems]
    lines = "".join(f'<div class="ak-problem">{line}</div>' for line in messages)
    return f'<div role="status">{lines}</div>'


def accel_label(accel: str, schema: Schema | None) -> str:
    """The label in the list of accelerators: the name, and why it cannot be used."""
    row = ACCELERATORS.get(accel)
    if row is None:
        return f"{visible_line(accel) or repr(accel)} (unknown accelerator)"
    if schema is None or accel in schema.accelerators:
        return accel
    life = lifetime(accel, None, schema.target)
    of_the_build = life is not None and life.has(schema.version)
    versions = "" if of_the_build else versions_with(accel, None, schema.target)
    return f"{accel} (not in this QEMU: {versions or f'hosts {row.hosts}'})"
