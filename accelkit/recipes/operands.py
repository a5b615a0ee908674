"""What is no recipe, or does not go together with one: the error for each, with what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from accelkit.errors import ComposeError, brief, shown
from accelkit.syntax.option_map import OptionMap


def no_recipe(other: object, where: str) -> ComposeError:
    """The error for something else than a recipe, with what to write instead; ``where`` is the expression.

    >>> print(no_recipe(None, "kvm() | …"))
    kvm() | …: got None; for "nothing" write Recipe(), as in kvm() | (notify(run) if noisy else Recipe())
    """
    if other is None:
        return ComposeError(
            f'{where}: got None; for "nothing" write Recipe(), as in kvm() | (notify(run) if noisy else Recipe())'
        )
    return ComposeError(f"{where}: got {_named(other)} ({type(other).__name__}); {_instead(other)}")


def _named(x: Any) -> str:
    """``x`` as messages quote it; a function by its name."""
    name = getattr(x, "__name__", None) if callable(x) else None
    return brief(name) if isinstance(name, str) else shown(x)


def _instead(x: Any) -> str:
    """What to write in the place of ``x``."""
    if isinstance(x, OptionMap):
        return "to run a recipe on an option map call it, recipe(options); of the map itself write recipe_of(options)"
    if isinstance(x, Mapping):
        return f"of option names and values write recipe_of({shown(x)})"
    if isinstance(x, str):
        return _instead_of_text(x)
    if isinstance(x, (list, tuple)):
        return (
            "join recipes with |, as in tcg() | tb_size(64); to try one after the other write each(*recipes)"
        )
    if hasattr(x, "argvs"):  # some points of a space
        return "some points of a space are many recipes; write each(*points)"
    if callable(x):
        return f"call it: {_named(x)}({'' if isinstance(x, type) else '…'})"
    return "takes a recipe, as in tcg() | tb_size(64)"


def _instead_of_text(text: str) -> str:
    """The same, of text: an accelerator, an option, or an ``-accel`` argument."""
    if text.isidentifier():
        return f"text is no recipe; call it by its name: {brief(text)}()"
    name, _, value = text.partition("=")
    if value and "," not in text and " " not in name and name[:1] not in ("", "-"):
        return f"write the property, as in tb_size(64); one that accelkit lacks is option({brief(name)!r}, {brief(value)!r})"
    return "text is read by recipe_of('kvm,kernel-irqchip=split')"


def not_taken(accel: str, given: tuple[Any, ...], named: Mapping[str, Any]) -> ComposeError:
    """The error for an accelerator that is called with options, as in ``kvm(shadow_mem="64MiB")``."""
    calls = [f"{name}({shown(value)})" for name, value in named.items()] or [
        "tb_size(64)" if accel == "tcg" else "…"
    ]
    arguments = ", ".join([*map(shown, given), *(f"{name}={shown(value)}" for name, value in named.items())])
    return ComposeError(
        f"{accel}({arguments}): an accelerator takes nothing; join its properties: {accel}() | {' | '.join(calls)}"
    )


def not_joined(left: object, right: object) -> ComposeError:
    """The error for another operator than ``|``, such as ``+``."""
    return ComposeError(f"recipes are joined with |; write {shown(left)} | {shown(right)}")


#: What people look for in a recipe, and the function that gives it.
_FUNCTIONS: Final = {
    "argv": "render({})", "args": "render({})", "render": "render({})", "shell": "shell({})", "options": "fold({})",
    "fold": "fold({})", "check": "check({})", "verdict": "verdict({})", "json": 'f"{{{}:json}}"', "code": "repr({})",
    "accel": 'fold({})["accel"]',
}  # fmt: skip


def no_attribute(name: str) -> AttributeError:
    """The error for something that is no attribute of a recipe, with the function that gives it."""
    write = _FUNCTIONS.get(name)
    tail = f"; write {write.format('recipe')}" if write else "; a property is read as in tb_size.read(recipe)"
    return AttributeError(f"a recipe has no attribute {name!r}{tail}")


def not_folded(x: Any) -> ComposeError:
    """The error for something that has no one option map."""
    example = "fold(tcg() | tb_size(64))"
    if isinstance(x, str):
        example = f"fold(recipe_of({shown(x)}))"
    elif hasattr(x, "__iter__"):
        example = "[fold(point) for point in x]"
    return ComposeError(f"fold takes one recipe, got {type(x).__name__}; write {example}")


def no_meet(left: Any, right: Any) -> ComposeError:
    """The error for two recipes that no accelerator knows both, with what to write instead.

    >>> from accelkit import kvm, tb_size
    >>> print(no_meet(kvm(), tb_size(64)))
    tb_size(64) is for tcg, not for kvm; leave it out, or begin with tcg()
    """
    chosen = [step.code for step in left.steps if step.key == "accel"]
    choosing = [step.code for step in right.steps if step.key == "accel"]
    if chosen and choosing:
        return ComposeError(
            f"{chosen[-1]} | {choosing[-1]}: one -accel has one accelerator; for 'else' write "
            f"first_of({shown(left)}, {shown(right)}), to try both in a sweep each({shown(left)}, {shown(right)})"
        )
    culprit = right if chosen or not choosing else left
    mine, theirs = ([name or "''" for name in sorted(side.accels or ())] for side in (left, right))
    if choosing:
        mine, theirs = theirs, mine
    return ComposeError(
        f"{shown(culprit)} is for {' and '.join(theirs)}, not for {' or '.join(mine)}; "
        f"leave it out, or begin with {' or '.join(f'{name}()' for name in theirs)}"
    )
