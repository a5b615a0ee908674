"""changes: what a form sets against QEMU's defaults, in words and with units. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from accelkit.document import html_text
from accelkit.errors import visible_line
from accelkit.recipes.amounts import amount
from accelkit.recipes.domains import Int
from accelkit.recipes.table import PROPERTIES
from accelkit.widgets.alternative import Alternative, Choice, texts
from accelkit.widgets.form import Form

_UNKNOWN: Final = "QEMU's own"


class ChangedOption(NamedTuple):
    """One option: its name, QEMU's default and what is set."""

    name: str
    default: str
    yours: str


def choice_text(key: str, choice: Choice) -> str:
    """The value or the values of an option, as the user reads them: with their unit, once where all have the same word.

    >>> choice_text("tb-size", ("32", "256")), choice_text("dirty-ring-size", ("1024", "4096"))
    ('32 MiB, 256 MiB', '1024, 4096 entries a vCPU')
    """
    words = [visible_line(amount(key, text)) for text in texts(choice)]
    row = PROPERTIES.get(key)
    ending = f" {row.domain.unit}" if row is not None and isinstance(row.domain, Int) else ""
    if ending and all(word.endswith(ending) for word in words):
        words = [word.removesuffix(ending) for word in words[:-1]] + words[-1:]
    return ", ".join(words)


def changes(alternative: Alternative) -> tuple[ChangedOption, ...]:
    """What ``alternative`` sets, in the order in which it was set; options that vary together come last.

    >>> changes(Alternative("tcg", {"thread": "multi"}))
    (ChangedOption(name='thread', default='multi if guest and host allow it and -icount is off', yours='multi'),)
    """
    rows = [
        ChangedOption(
            PROPERTIES[key].name if alternative.has_row(key) else visible_line(key),
            PROPERTIES[key].default if alternative.has_row(key) else _UNKNOWN,
            choice_text(key, choice),
        )
        for key, choice in alternative.choices.items()
    ]
    if alternative.axes is not None:
        rows.append(ChangedOption("vary together", _UNKNOWN, repr(alternative.axes)))
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
