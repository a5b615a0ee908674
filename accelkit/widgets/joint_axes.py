"""Joint axes: axes whose choices are whole recipes, so that several options vary together. Pure.

``each(shadow_mem("64MiB"), dirty_ring_size(4096))`` is one. It belongs to no single control, so the explorer
shows such axes as text in a field.
"""

from __future__ import annotations

from typing import Any

from accelkit.errors import ComposeError
from accelkit.parsing.notation import evaluate
from accelkit.recipes.factors import Axis
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space


def keys_of(factor: object) -> frozenset[str] | None:
    """The options that an axis of recipes writes; None for anything else, and for an axis over accelerators."""
    if not isinstance(factor, Axis):
        return None
    keys: set[str] = set()
    for choice in factor.choices:
        if not isinstance(choice, Recipe):
            return None
        keys |= {put.key for put in choice.steps}
    return None if "accel" in keys else frozenset(keys)


def keys_in(space: Space[Any]) -> frozenset[str]:
    """The options that any axis of ``space`` writes."""
    return frozenset[str]().union(*(keys_of(factor) or () for factor in space.factors))


def read_axes(text: str) -> Space[Any] | None:
    """The joint axes that the text of the field means; None where it is empty. Raises ComposeError.

    >>> read_axes("each(shadow_mem('64MiB'), dirty_ring_size(4096))")
    each(shadow_mem(64 * MiB), dirty_ring_size(4096))
    """
    if not text.strip():
        return None
    space = evaluate(text)
    if isinstance(space, Space) and all(keys_of(factor) is not None for factor in space.factors):
        return space
    raise ComposeError(
        f"{text!r}: takes options that vary together, without an accelerator; "
        "write each(…, …), as in each(tb_size(64), thread(single) | tb_size(8))"
    )
