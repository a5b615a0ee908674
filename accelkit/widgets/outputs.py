"""Outputs: a value in each form that can be copied, and what there is to say about it. Pure."""

from __future__ import annotations

from itertools import islice
from typing import Final, NamedTuple

from accelkit.document import html_text
from accelkit.errors import AccelkitError
from accelkit.recipes.forms import Form, written
from accelkit.recipes.space import Space
from accelkit.widgets.form import Value

#: The forms by their labels, in the order of the tabs.
TABS: Final[tuple[tuple[str, Form], ...]] = (
    ("Python", "python"), ("shell", "shell"), ("argv", "argv"), ("libvirt", "libvirt"), ("systemd", "systemd"),
    ("JSON", "json"),
)  # fmt: skip
#: The most points of a space that are written out.
_SHOWN: Final = 8


class Output(NamedTuple):
    """A value in one form: the text to copy, and what it lacks or why there is none."""

    text: str
    note: str = ""


def output(value: Value, form: Form, target: str = "x86_64") -> Output:
    """``value`` in ``form``; of a space, its first points, except in Python.

    ``target`` is the guest's architecture, which libvirt's XML is for.

    >>> from accelkit import tcg
    >>> output(tcg(), "shell")
    Output(text='-accel tcg', note='')
    """
    try:
        if not isinstance(value, Space) or form == "python":
            return Output(written(value, form, target=target))
        points = [written(point, form, target=target) for point in islice(value, _SHOWN)]
    except AccelkitError as error:
        return Output(repr(value) if form == "python" else "", str(error))
    text = ("\n\n" if form == "argv" else "\n").join(points)  # an argv has a word a line
    return Output(text, f"{_SHOWN} of its {value.size} points" if value.size > _SHOWN else "")


def output_html(value: Value, form: Form, target: str = "x86_64") -> str:
    """The output as HTML, with a button that copies it; the import of Python code in an element of its own."""
    text, note = output(value, form, target)
    label = next(label for label, name in TABS if name == form)
    head, blank, rest = text.partition("\n\n") if form == "python" else ("", "", text)
    if not blank:
        head, rest = "", text
    imports = f'<span class="ak-imports">{html_text(head + blank)}</span>' if head else ""
    code = (
        f"<pre><code>{imports}{html_text(rest)}</code></pre>"
        f'<button type="button" class="ak-copy jupyter-button" title="copy {label}">copy</button>'
    )
    return (
        f'<div class="ak-output ak-{form}">{code if text else ""}</div>'
        f'{f"""<div class="ak-output-note">{html_text(note)}</div>""" if note else ""}'
    )
