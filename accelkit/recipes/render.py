"""render and shell: option maps to the argv, or the line, that a real QEMU accepts."""

from __future__ import annotations

from itertools import chain
from typing import Any, cast

from accelkit.errors import ComposeError
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, option_text
from accelkit.syntax.option_map import OptionMap

#: What can be written as argv: one ``-accel`` or several in order.
Renderable = Recipe[Any] | OptionMap | Fallback | tuple[OptionMap, ...] | list[OptionMap]


def render(x: Renderable, /) -> list[str]:
    """The argv of ``x``: an ``-accel`` and its text for each alternative, in order.

    Takes a recipe, an option map, a fallback, or the tuple that ``parse`` returns. Options come in
    the order of QEMU's manual, unknown ones last and sorted, so equal maps give equal argv. Commas in
    values are doubled: no value can smuggle an option in.

    Raises ComposeError where no accelerator is chosen, or for a Space (use ``space.argvs()``).

    >>> from accelkit import MiB, kvm, shadow_mem
    >>> render(kvm() | shadow_mem(64 * MiB))
    ['-accel', 'kvm,kvm-shadow-mem=67108864']
    """
    if type(x) is Recipe:
        return ["-accel", x.text]
    if isinstance(x, OptionMap):
        return map_argv(x)
    if isinstance(x, Fallback):
        return list(chain.from_iterable(map(render, x.alternatives)))
    given: Any = x
    if isinstance(given, (tuple, list)):
        items = cast("list[Any]", given)
        if items and all(isinstance(item, OptionMap) for item in items):
            return list(chain.from_iterable(map(map_argv, items)))
    raise ComposeError(f"render takes a recipe, option map or first_of(…), got {_advice(cast('Any', given))}")


def _advice(given: Any) -> str:
    """What was given that cannot be rendered, and what to write instead."""
    name = type(given).__name__
    if hasattr(given, "argvs"):
        return f"{name}; for each point of a space write space.argvs()"
    if callable(given):
        return f"{name}; call it, as in {given!r}()"
    return f"{name}; for alternatives write first_of(a, b)" if isinstance(given, (tuple, list)) else name


def map_argv(options: OptionMap) -> list[str]:
    """The argv of an option map; ComposeError where it has no accelerator."""
    if "accel" not in options:
        raise ComposeError(f"{options!r} chooses no accelerator; add one under the key 'accel'")
    return ["-accel", ",".join([option_text(key, value) for key, value in options.items()])]


def shell(x: Renderable, /) -> str:
    """The argv of ``x`` as one line that is safe to paste into a POSIX shell.

    >>> from accelkit import device, kvm
    >>> shell(kvm() | device("/dev/my kvm"))
    "-accel 'kvm,device=/dev/my kvm'"
    """
    import shlex  # only here; the core's import stays light

    return shlex.join(render(x))
