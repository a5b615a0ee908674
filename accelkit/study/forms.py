"""written: a recipe as text to paste, for a shell, a program, Python, a libvirt domain or a systemd unit. Pure."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from accelkit.errors import ComposeError, DomainError, nearest, shown
from accelkit.libvirt.write import to_libvirt
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import FORMS, Form, render, shell
from accelkit.recipes.space import Space
from accelkit.syntax.systemd_words import systemd_line


def written(
    recipe: Recipe[Any] | Fallback | Space[Any], form: Form = "shell", /, *, target: str = "x86_64"
) -> str:
    """``recipe`` as text to paste, in one of six forms; a space as Python only.

    - ``shell``: the words as a shell takes them, as :func:`accelkit.shell` gives them.
    - ``argv``: a word a line.
    - ``python``: the recipe as code, with its import.
    - ``json``: a list of the words.
    - ``libvirt``: the XML of :func:`accelkit.libvirt.to_libvirt`, for guests of the architecture ``target``.
    - ``systemd``: the words for ``ExecStart=`` of a unit, quoted and escaped as systemd reads them.

    Raises DomainError for another form; LibvirtError where libvirt cannot set all of the recipe, which names each
    property with the reason, and the recipe that it can set; ComposeError if no accelerator is chosen, and for a space in
    another form than Python: write its points.

    >>> from accelkit import multi, tcg, thread
    >>> print(written(tcg() | thread(multi), "python"))
    from accelkit import multi, tcg, thread
    <BLANKLINE>
    recipe = tcg() | thread(multi)
    >>> written(tcg() | thread(multi), "json")
    '["-accel", "tcg,thread=multi"]'
    """
    if form not in FORMS:
        raise DomainError(f"form: got {shown(form)}; {nearest(str(form), FORMS)}")
    if form == "python":
        return _python(recipe)
    if isinstance(recipe, Space):
        raise ComposeError(
            f"{form}: got a space; write its points: [written(point, {form!r}) for point in space]"
        )
    if form != "libvirt":
        return _WRITERS[form](recipe)
    return to_libvirt(recipe, target=target)


def _argv(recipe: Recipe[Any] | Fallback) -> str:
    return "\n".join(render(recipe))  # no option has a line break


def _python(recipe: Recipe[Any] | Fallback | Space[Any]) -> str:
    swept = isinstance(recipe, Space)
    render(recipe[0] if swept else recipe)  # raises if it cannot be run
    code = repr(recipe)
    return f"{imports_for(code)}\n\n{'space' if swept else 'recipe'} = {code}"


def imports_for(code: str) -> str:
    """The import that the expression ``code`` needs of accelkit.

    >>> imports_for("tcg() | tb_size(each(8, 64))")
    'from accelkit import each, tb_size, tcg'
    """
    names = sorted({node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)})
    return f"from accelkit import {', '.join(names)}"


def _json(recipe: Recipe[Any] | Fallback) -> str:
    return json.dumps(render(recipe))


def _systemd(recipe: Recipe[Any] | Fallback) -> str:
    return systemd_line(render(recipe))


_WRITERS: Final[Mapping[str, Callable[[Recipe[Any] | Fallback], str]]] = MappingProxyType(
    {"shell": shell, "argv": _argv, "json": _json, "systemd": _systemd}
)
