"""render and shell: recipes and option maps to argv, and to a line for a shell."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, cast

from accelkit.errors import ComposeError, shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.put import option_text
from accelkit.recipes.recipe import Recipe
from accelkit.syntax.option_map import OptionMap, option_map

#: What render takes: one ``-accel``, or several in order.
Renderable = (
    Recipe[Any]
    | Mapping[str, str]
    | Fallback
    | tuple[Mapping[str, str], ...]
    | list[Mapping[str, str]]
    | list[OptionMap]
)


def render(x: Renderable, /) -> list[str]:
    """The argv of ``x``: ``-accel`` and its text, for each alternative in order.

    Takes a recipe, an option map or a plain dict of options, a fallback, or the tuple that ``parse`` returns. Options
    are in the order of QEMU's manual, then unknown ones sorted, so equal maps give equal argv. Commas in values are
    doubled, so no value can add an option.

    Raises ComposeError if no accelerator is chosen, and for a Space (use ``space.argvs()``); ArgvError for a dict that
    OptionMap refuses.

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
    other: Any = x
    if isinstance(other, (tuple, list)):
        items = cast("list[Any]", other)
        if items and all(isinstance(item, Mapping) for item in items):
            return list(chain.from_iterable([map_argv(option_map(item)) for item in items]))
    if isinstance(other, Mapping):
        return map_argv(OptionMap(cast("Mapping[str, str]", other)))
    raise ComposeError(
        f"render takes a recipe, option map or first_of(…), got {_type_and_advice(cast('Any', other))}"
    )


def _type_and_advice(x: Any) -> str:
    """The type of ``x``, which cannot be rendered, and what to write instead."""
    name = type(x).__name__
    if hasattr(x, "argvs"):
        return f"{name}; for each point of a space write space.argvs()"
    if isinstance(x, str):
        return f"{name}; of text write recipe_of({shown(x)})"
    if callable(x):
        return f"{name}; call it, as in {shown(x)}()"
    return f"{name}; for alternatives write first_of(a, b)" if isinstance(x, (tuple, list)) else name


def map_argv(options: OptionMap) -> list[str]:
    """The argv of an option map. Raises ComposeError if it has no accelerator."""
    if "accel" not in options:
        raise ComposeError(f"{shown(options)} chooses no accelerator; add one under the key 'accel'")
    return ["-accel", "".join([option_text(key, value) for key, value in options.items()])]


def shell(x: Renderable, /) -> str:
    r"""The argv of ``x`` as one line, quoted for a shell. Raises ComposeError as ``render`` does.

    Characters that cannot be seen, and bytes that are not UTF-8, are written as in ``$'\x1b'``.

    >>> from accelkit import device, kvm
    >>> shell(kvm() | device("/dev/my kvm"))
    "-accel 'kvm,device=/dev/my kvm'"
    """
    from accelkit.syntax.shell_words import shell_line  # imported here, to keep `import accelkit` light

    return shell_line(render(x))
