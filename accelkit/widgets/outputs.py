"""Outputs: the code, argv, shell line and XML of a value, shown below the controls to be copied. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from accelkit.document import html_text
from accelkit.errors import AccelkitError
from accelkit.libvirt import to_libvirt
from accelkit.recipes.render import render, shell
from accelkit.recipes.space import Space
from accelkit.widgets.form import Value

#: The most points of a space that are written out.
_SHOWN: Final = 8


class Output(NamedTuple):
    """One form of a value: its name, and the text to copy."""

    name: str
    text: str


def outputs(value: Value, target: str = "x86_64") -> tuple[Output, ...]:
    """The Python code, argv, shell line and libvirt XML of ``value``; of a space, those of its first points.

    A comment says why where a form cannot express the value. ``target`` is the guest's architecture.

    >>> from accelkit import tcg
    >>> for output in outputs(tcg()):
    ...     print(*output)
    Python tcg()
    argv ['-accel', 'tcg']
    shell -accel tcg
    libvirt XML <domain type='qemu'/>
    """
    return (
        Output("Python", repr(value)),
        Output("argv", _text_of(value, lambda point: repr(render(point)))),
        Output("shell", _text_of(value, shell)),
        Output("libvirt XML", _text_of(value, partial(to_libvirt, target=target), _xml_comment)),
    )


def _comment(text: str) -> str:
    return f"# {text}"


def _xml_comment(text: str) -> str:
    """An XML comment; two hyphens would end it, so a space goes between them."""
    while "--" in text:
        text = text.replace("--", "- -")
    return f"<!-- {text} -->"


def _text_of(value: Value, write: Callable[[Any], str], comment: Callable[[str], str] = _comment) -> str:
    try:
        if not isinstance(value, Space):
            return write(value)
        lines = [write(point) for point in islice(value, _SHOWN)]
    except AccelkitError as error:
        return comment(str(error))
    more = value.size - len(lines)
    return "\n".join([*lines, comment(f"and {more} more")] if more else lines)


def outputs_html(value: Value, target: str = "x86_64") -> str:
    """The outputs as HTML, each with a button that copies it."""
    return "".join(
        f'<div class="ak-output ak-{name.split()[0].lower()}"><span class="ak-name">{name}</span>'
        f"<pre><code>{html_text(text)}</code></pre>"
        f'<button type="button" class="ak-copy jupyter-button" title="copy {name}">copy</button></div>'
        for name, text in outputs(value, target)
    )
