"""Notes: the text beside a control, as words and as HTML that follows the theme of the page. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accelkit.checking.problem import FATAL, Problem, is_fatal
from accelkit.checking.properties import owners, versions_with
from accelkit.checking.shown import KIND_WORDS
from accelkit.document import html_text
from accelkit.errors import visible_line
from accelkit.recipes.property import Property
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas import bundled, targets
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


def folded_html(row: Property[Any, Any], value: str = "") -> str:
    """The line beside a folded control: the value if one is set, and the meaning."""
    set_to = f"<b>{html_text(value)}</b> · " if value else ""
    return f'<div class="ak-meaning">{set_to}{html_text(row.doc)}</div>'


def property_html(
    row: Property[Any, Any], accel: str, missing: str, error: str, problems: Iterable[Problem]
) -> str:
    """The note of one control: problems, which screen readers announce, in the place of the meaning and the facts."""
    lines = error_html(error)
    lines += "".join(problem_html(problem, absent=bool(missing), beside=True) for problem in problems)
    if lines:
        return f'<div role="status">{lines}</div>'
    pairs = {label: f"<b>{label}</b> {html_text(text)}" for label, text in facts(row, accel)}
    default = pairs.pop("Default")
    lack = f'<div class="ak-problem ak-absent">⊘ {html_text(missing)}</div>' if missing else ""
    return (
        f'<div role="status">{lack}</div><div class="ak-meaning">{html_text(row.doc)}</div>'
        f'<details class="ak-facts"><summary>{default}</summary>{html_text(row.detail)}<br>{" · ".join(pairs.values())}'
        "</details>"
    )


def is_absent(problem: Problem, schema: Schema | None) -> bool:
    """Whether the problem is about a property that the QEMU of ``schema`` lacks, and another one has."""
    row = PROPERTIES.get(problem.property or "")
    accel = problem.accel or ""
    return row is not None and accel in row.accels and bool(lacking(row, accel, schema))


def problem_html(problem: Problem, *, absent: bool = False, beside: bool = False) -> str:
    """One problem as a line, its kind told by a mark, a word and a colour.

    ``absent`` if QEMU refuses it because it lacks the property; ``beside`` if it stands at what it is about.
    """
    absent = absent and is_fatal(problem)
    text = f"{problem.why}; {problem.remedy}" if beside else str(problem)
    kind = "⊘ not in this QEMU" if absent else KIND_WORDS[problem.kind]
    name = "absent" if absent else problem.kind
    return f'<div class="ak-problem ak-{name}"><b>{kind}</b>: {html_text(text)}</div>'


def error_html(error: str) -> str:
    """An error in what was typed, as a line; empty where there is none."""
    return f'<div class="ak-problem ak-refused">✗ {html_text(error)}</div>' if error else ""


def problems_html(problems: Iterable[Problem], error: str = "") -> str:
    """An error in what was typed, then a line for each problem; in a region that screen readers announce."""
    lines = error_html(error) + "".join(map(problem_html, problems))
    return f'<div role="status">{lines}</div>'


def verdict_html(value: object, schema: Schema | None, problems: Iterable[Problem], error: str = "") -> str:
    """The verdict of the chosen QEMU on ``value`` in one line, told by a mark, a word and a colour.

    ``error`` says why there is nothing to judge.
    """
    kinds = {problem.kind for problem in problems}
    some = " at some of its points" if isinstance(value, Space) else ""
    if error:
        state, text = "unknown", "? not known: the controls make no recipe"
    elif schema is None:
        state, text = "unknown", "? not known: no QEMU is chosen"
    elif kinds & FATAL:
        state, text = "refused", f"✗ refused by {schema.name}{some}"
    elif "unknown" in kinds:
        state, text = "unknown", f"? not known of {schema.name}"
    elif "host" in kinds or "machine" in kinds:
        what = " and the ".join(kind for kind in ("host", "machine") if kind in kinds)
        state, text = "host", f"▲ depends on the {what}{some}: {schema.name}"
    else:
        state, text = "accepted", f"✓ accepted by {schema.name}"
        text += ", with warnings" if kinds else ""
    return f'<div class="ak-verdict ak-{state}" role="status">{html_text(text)}</div>'


def lacking_html(rows: Iterable[Property[Any, Any]], accel: str, schema: Schema | None) -> str:
    """The properties that the QEMU of ``schema`` lacks in one line that opens; empty where there are none."""
    rows = tuple(rows)
    if not rows or schema is None:
        return ""
    newest = bundled(target=schema.target) if schema.target in targets() else schema
    later = [row for row in rows if row.key in newest.accelerators.get(accel, ())]
    elsewhere = [row for row in rows if row not in later]
    parts: list[str] = []
    if later:
        names = ", ".join(row.name for row in later)
        parts.append(f"{len(later)} more in {newest.version[0]}.{newest.version[1]}: {names}")
    if elsewhere:
        names = ", ".join(row.name for row in elsewhere)
        parts.append(f"{len(elsewhere)} more in other QEMUs: {names}")
    lines = "".join(
        f"<li><b>{html_text(row.name)}</b> {html_text(row.doc)} {html_text(lacking(row, accel, schema))}</li>"
        for row in rows
    )
    return (
        f'<details class="ak-lacking-list"><summary>⊘ {html_text("; ".join(parts))}</summary><ul>{lines}</ul>'
        "</details>"
    )


def purpose_html(title: str, meaning: str) -> str:
    """The heading of the properties of one purpose."""
    return (
        f'<div class="ak-purpose" role="heading" aria-level="3"><b>{html_text(title[:1].upper() + title[1:])}</b> '
        f"{html_text(meaning)}</div>"
    )


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
