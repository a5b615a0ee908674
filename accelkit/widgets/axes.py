"""Axes: what varies together and so fits no one property's row, as text in a field and back. Pure."""

from __future__ import annotations

from typing import Any

from accelkit.errors import ComposeError
from accelkit.expression import evaluate
from accelkit.recipe import Recipe
from accelkit.space import Axis, Space


def keys_of(factor: object) -> frozenset[str] | None:
    """The options that an axis of plain recipes writes; None for what is no such axis, or chooses accelerators."""
    if not isinstance(factor, Axis):
        return None
    keys: set[str] = set()
    for choice in factor.choices:
        if not isinstance(choice, Recipe):
            return None
        keys |= {put.key for put in choice.steps}
    return None if "accel" in keys else frozenset(keys)


def keys_in(space: Space[Any]) -> frozenset[str]:
    """The options that any of its axes writes."""
    return frozenset[str]().union(*(keys_of(factor) or () for factor in space.factors))


def read_axes(shown: str) -> Space[Any] | None:
    """The axes that a field means; None where it is empty. Raises ComposeError.

    >>> read_axes("each(shadow_mem('64MiB'), dirty_ring_size(4096))")
    each(shadow_mem(64 * MiB), dirty_ring_size(4096))
    """
    if not shown.strip():
        return None
    found = evaluate(shown)
    if isinstance(found, Space) and all(keys_of(factor) is not None for factor in found.factors):
        return found
    raise ComposeError(
        f"{shown!r}: here stands what varies together, without an accelerator; "
        "write each(…, …), as in each(tb_size(64), thread(single) | tb_size(8))"
    )
