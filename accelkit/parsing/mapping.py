"""A dict as a person writes it, ``{"accel": "kvm", "shadow_mem": "64MiB"}``, to a recipe. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from accelkit.errors import ComposeError, DomainError, nearest, shown
from accelkit.recipes.property import Property, option
from accelkit.recipes.recipe import Recipe, joined
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES


def recipe_of_mapping(entries: Mapping[str, Any]) -> Recipe[Any]:
    """The recipe of names and values: the accelerator under ``accel``, properties by their Python or QEMU names.

    Raises DomainError for a name that is not in the table, for two names of one property and for a value that a property
    does not take; ComposeError for properties that no accelerator takes together, and for ``each(…)``.

    >>> recipe_of_mapping({"accel": "tcg", "tb_size": "1GiB", "split-wx": True})
    tcg() | tb_size(1024) | split_wx(on)
    """
    accel = entries.get("accel")
    if accel is not None and (not isinstance(accel, str) or accel not in ACCELERATORS):
        close = _nearest(accel, ACCELERATORS)
        raise DomainError(f"recipe_of: 'accel' is {shown(accel)}; no QEMU has this accelerator; {close}")
    parts: list[Recipe[Any]] = [] if accel is None else [ACCELERATORS[accel]()]
    names: dict[str, str] = {}
    for name, value in entries.items():
        if name == "accel":
            continue
        if name == "id":  # of the -accel itself, no property
            parts.append(option("id", value))
            continue
        row = _row(name, accel)
        if row.key in names:
            raise DomainError(
                f"recipe_of: {shown(names[row.key])} and {shown(name)} are one property; give one of them"
            )
        names[row.key] = name
        recipe = cast("Recipe[Any] | Space[Any]", row(value))
        if isinstance(recipe, Space):
            raise ComposeError(
                f"recipe_of: {shown(name)} is {shown(value)}, and a recipe has one value; for a space write … | {recipe!r}"
            )
        parts.append(recipe)
    return joined(parts)


def _row(name: object, accel: str | None) -> Property[Any, Any]:
    """The property of a Python or QEMU name. Raises DomainError where there is none."""
    if isinstance(name, str):
        for row in PROPERTIES.values():
            if name in (row.key, row.name):
                return row
    rows = [row for row in PROPERTIES.values() if accel is None or accel in row.accels]
    qemu = isinstance(name, str) and "-" in name
    known = [row.key if qemu else row.name for row in rows or PROPERTIES.values()]
    whose = f"a property of {accel}" if accel else "a property"
    raise DomainError(
        f"recipe_of: {shown(name)} is not {whose}; {_nearest(name, known)}; OptionMap({{…}}) keeps what accelkit lacks"
    )


def _nearest(name: object, known: Iterable[str]) -> str:
    plain = str.__str__(name)[:100] if isinstance(name, str) else ""
    return nearest(plain, known)
