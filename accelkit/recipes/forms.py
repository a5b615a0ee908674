"""written, and format specs: a recipe as text to paste, for a shell, a program, Python, libvirt or systemd. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, get_args

from accelkit.errors import ComposeError, DomainError, nearest, shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import render, shell
from accelkit.recipes.space import Space
from accelkit.syntax.option_map import OptionMap

Form = Literal["shell", "argv", "python", "json", "libvirt", "systemd"]
"""The forms in which :func:`written` writes a recipe, the first of them the default."""

FORMS: Final[tuple[Form, ...]] = get_args(Form)

# What only one form needs is imported in its function, to keep `import accelkit` light.


def written(
    recipe: Recipe[Any] | Fallback | OptionMap | Space[Any],
    form: Form = "shell",
    /,
    *,
    target: str = "x86_64",
) -> str:
    """``recipe`` as text to paste, in one of six forms. ``f"{recipe:shell}"`` is the same text.

    - ``shell``: the words as a shell takes them, as :func:`accelkit.shell` gives them.
    - ``argv``: a word a line.
    - ``python``: the recipe as code, with its import. A Space has this form alone: its points have all.
    - ``json``: a list of the words.
    - ``libvirt``: the XML of :func:`accelkit.libvirt.to_libvirt`, for guests of the architecture ``target``.
    - ``systemd``: the words for ``ExecStart=`` of a unit, quoted and escaped as systemd reads them.

    Raises DomainError for another form; LibvirtError where libvirt cannot set all of the recipe, which names each
    property with the reason, and the recipe that it can set; ComposeError if no accelerator is chosen, and for
    anything but a recipe, a fallback or an option map.

    >>> from accelkit import multi, tcg, thread
    >>> print(written(tcg() | thread(multi), "python"))
    from accelkit import multi, tcg, thread
    <BLANKLINE>
    recipe = tcg() | thread(multi)
    >>> f"{tcg() | thread(multi):json}"
    '["-accel", "tcg,thread=multi"]'
    """
    if not isinstance(form, str) or form not in FORMS:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise DomainError(f"form: got {shown(form)}; {_nearest(form)}")
    if not isinstance(recipe, (Recipe, Fallback, OptionMap, Space)):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise ComposeError(f"written: got {shown(recipe)}; takes a recipe, as in written(kvm(), 'json')")
    if form == "libvirt":
        from accelkit.recipes.domain_xml import to_libvirt

        return to_libvirt(_one(recipe, form), target=target)
    if form == "python":
        return _python(recipe)
    return _WRITERS[form](_one(recipe, form))


def formatted(x: Any, spec: str, /) -> str:
    """What ``f"{x:spec}"`` is for a recipe, a fallback, an option map or a space: a form of :func:`written`, or the code as text.

    Without a spec it is ``str(x)``; a width and an alignment do what they do to that text. Raises DomainError for
    any other spec, and what ``written`` raises.

    >>> from accelkit import kvm
    >>> f"{kvm():shell}", f"{kvm():>8}", f"{kvm()}"
    ('-accel kvm', '   kvm()', 'kvm()')
    """
    for form in FORMS:
        if spec == form:
            return written(x, form)
    try:
        return format(repr(x), spec)
    except ValueError:
        known = _nearest(spec)
        raise DomainError(
            f'format spec: got {shown(spec)}; {known}; or a width, as in f"{{recipe:>40}}"'
        ) from None


# The classes stand below the forms, and a module imports nothing from above it: so the forms put themselves in.
# `import accelkit` loads this module, as it has `written` among its words.
Recipe.__format__ = formatted
Fallback.__format__ = formatted
Space.__format__ = formatted
OptionMap.__format__ = formatted


def _nearest(name: object) -> str:
    text = str.__str__(name) if isinstance(name, str) else ""  # of a subclass the text counts
    return nearest(text, FORMS) if text.isalpha() and 1 < len(text) < 20 else f"one of {', '.join(FORMS)}"


def _one(
    x: Recipe[Any] | Fallback | OptionMap | Space[Any], form: Form
) -> Recipe[Any] | Fallback | OptionMap:
    """``x``, if it is one configuration. Raises ComposeError for a space."""
    if isinstance(x, Space):
        raise ComposeError(
            f"{form}: the space has {shown(x.size)} points, each with its own text; write "
            f'[f"{{point:{form}}}" for point in space]'
        )
    return x


def _argv(recipe: Recipe[Any] | Fallback | OptionMap) -> str:
    return "\n".join(render(recipe))  # no option has a line break


def _python(recipe: Recipe[Any] | Fallback | OptionMap | Space[Any]) -> str:
    render(recipe[0] if isinstance(recipe, Space) else recipe)  # raises if it cannot be run
    code = repr(recipe)
    variable = (
        "space" if isinstance(recipe, Space) else "options" if isinstance(recipe, OptionMap) else "recipe"
    )
    return f"{imports_for(code)}\n\n{variable} = {code}"


def imports_for(code: str) -> str:
    """The import that the expression ``code`` needs of accelkit.

    >>> imports_for("tcg() | tb_size(each(8, 64))")
    'from accelkit import each, tb_size, tcg'
    """
    import ast

    names = sorted({node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)})
    return f"from accelkit import {', '.join(names)}"


def _json(recipe: Recipe[Any] | Fallback | OptionMap) -> str:
    import json

    return json.dumps(render(recipe))


def _systemd(recipe: Recipe[Any] | Fallback | OptionMap) -> str:
    from accelkit.syntax.systemd_words import systemd_line

    return systemd_line(render(recipe))


_WRITERS: Final[Mapping[str, Callable[[Recipe[Any] | Fallback | OptionMap], str]]] = {
    "shell": shell, "argv": _argv, "json": _json, "systemd": _systemd,
}  # fmt: skip
