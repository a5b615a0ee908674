"""changes: what a form sets against QEMU's defaults, in words and with units. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from accelkit.document import html_text
from accelkit.errors import visible_line
from accelkit.recipes.domains import Domain, Int, Size
from accelkit.recipes.table import PROPERTIES
from accelkit.widgets.alternative import Alternative, Choice, texts
from accelkit.widgets.field_text import field_text, unit_of
from accelkit.widgets.form import Form

_UNKNOWN: Final = "QEMU's own"


class Change(NamedTuple):
    """One option: its name, QEMU's default and what is set."""

    name: str
    default: str
    yours: str


def with_unit(domain: Domain, text: str) -> str:
    """The value of an option, with its unit where that is a word.

    >>> from accelkit import dirty_ring_size, tb_size
    >>> with_unit(tb_size.domain, "512"), with_unit(dirty_ring_size.domain, "4096")
    ('512MiB', '4096 entries a vCPU')
    """
    shown = visible_line(field_text(domain, text))
    unit = unit_of(domain)
    plain = isinstance(domain, (Int, Size)) and shown == text and domain.read(text) is not None
    return f"{shown} {unit}" if plain and unit and not unit.startswith("(") else shown


def choice_text(key: str, choice: Choice) -> str:
    """The value or the values of an option, as the user reads them.

    >>> choice_text("tb-size", ("32", "256"))
    '32MiB, 256MiB'
    """
    row = PROPERTIES.get(key)
    values = texts(choice)
    if row is None:
        return ", ".join(map(visible_line, values))
    units = [with_unit(row.domain, text) for text in values]
    ending = f" {unit_of(row.domain)}"
    if len(units) > 1 and all(unit.endswith(ending) for unit in units):
        units = [unit.removesuffix(ending) for unit in units[:-1]] + units[-1:]
    return ", ".join(units)


def changes(alternative: Alternative) -> tuple[Change, ...]:
    """What ``alternative`` sets, in the order in which it was set; options that vary together come last.

    >>> changes(Alternative("tcg", {"thread": "multi"}))
    (Change(name='thread', default='multi if guest and host allow it and -icount is off', yours='multi'),)
    """
    rows = [
        Change(
            PROPERTIES[key].name if alternative.has_row(key) else visible_line(key),
            PROPERTIES[key].default if alternative.has_row(key) else _UNKNOWN,
            choice_text(key, choice),
        )
        for key, choice in alternative.choices.items()
    ]
    if alternative.axes is not None:
        rows.append(Change("vary together", _UNKNOWN, repr(alternative.axes)))
    return tuple(rows)


def changes_html(form: Form | None) -> str:
    """The changes of each alternative as a list; empty where there is no form."""
    if form is None:
        return ""
    lists: list[str] = []
    for number, alternative in enumerate(form.alternatives, 1):
        rows = "".join(
            f"<dt>{html_text(name)}</dt>"
            f'<dd><span class="ak-default">{html_text(default)}</span> →&nbsp;<b>{html_text(yours)}</b></dd>'
            for name, default, yours in changes(alternative)
        )
        title = "Changed against QEMU’s defaults"
        if len(form.alternatives) > 1:
            title = f"{number}. {html_text(visible_line(alternative.accel or 'no accelerator'))}: changed"
        if rows:
            lists.append(f'<div class="ak-title">{title}</div><dl class="ak-changes">{rows}</dl>')
    return "".join(lists) or '<div class="ak-title">Nothing is changed against QEMU’s defaults</div>'
