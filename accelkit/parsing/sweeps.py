"""Braces in an ``-accel`` argument to a recipe or a space, ``tcg,tb-size={8,64}``; and the steps that texts make. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accelkit.errors import ArgvError, ComposeError, DomainError, shown
from accelkit.parsing.braces import SweptWrite, swept_writes
from accelkit.parsing.command_line import AccelOption, accel_of, id_faults
from accelkit.recipes.choices import each
from accelkit.recipes.property import option
from accelkit.recipes.recipe import Recipe, joined
from accelkit.recipes.space import Alternatives, Axis, Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.recipes.values import Each
from accelkit.syntax.limits import refuse_long
from accelkit.syntax.option_map import OptionMap
from accelkit.syntax.qemuopts import Write, refuse_control


def recipe_step(name: str | None, key: str, text: str) -> Recipe[Any]:
    """The recipe that sets one option of accelerator ``name`` to what QEMU reads in ``text``."""
    if key == "accel" and text in ACCELERATORS:
        return ACCELERATORS[text]()
    row = PROPERTIES.get(key)
    if row is not None and (name is None or name in row.accels):
        try:
            value = row.read(OptionMap({key: text}))
            return row(value)
        except DomainError:
            pass  # QEMU may read it: keep the text
    return option(key, text)


def axis_of(name: str | None, key: str, values: Sequence[str]) -> Space[Any]:
    """The axis that sets one option of accelerator ``name`` to each of the texts in ``values``.

    By the property's own combinator where it reads them all. Raises ComposeError or DomainError where two of
    them are the same value.

    >>> axis_of("tcg", "tb-size", ["8", "0x40"])
    tb_size(each(8, 64))
    """
    row = PROPERTIES.get(key)
    if row is not None and (name is None or name in row.accels):
        typed = [row.domain.read(text) for text in values]
        if None not in typed:
            return row(Each(tuple(typed)))
    return each(*(recipe_step(name, key, text) for text in values))


def swept(text: str) -> Recipe[Any] | Space[Any]:
    """The recipe or space that an ``-accel`` argument with braces stands for, as a shell expands them.

    Raises ArgvError for braces that hold no values, ComposeError for a text that names no accelerator.

    >>> swept("tcg,tb-size={8,64}0")
    tcg() | tb_size(each(80, 640))
    """
    refuse_long(text, "-accel")
    refuse_control(text, "-accel")
    writes = swept_writes(text, "accel")
    if not any(write.key == "accel" for write in writes):
        raise ComposeError(f"{shown(text)} names no accelerator; begin with one, as in tcg,tb-size={{8,64}}")
    accel_of(text, [Write(key, values[0]) for key, values in writes])
    return _composed(text, writes)


def _composed(text: str, writes: Sequence[SweptWrite]) -> Recipe[Any] | Space[Any]:
    """The writes, each as a recipe or an axis, joined once: to join them one by one takes time for each pair."""
    factors: list[Recipe[Any] | Axis | Alternatives] = []
    plain: list[Recipe[Any]] = []
    accel: str | None = None  # None before one is named, and after several
    identified = False
    for key, values in writes:
        if key == "accel":
            for name in values:
                accel_of(text, [Write(key, name)])
            accel = values[0] if len(values) == 1 else None
        elif key == "id":
            if faults := [
                fault for value in values for fault in id_faults((AccelOption(str(accel), (), value),))
            ]:
                raise ArgvError("; ".join(faults))
            if identified:  # QEMU takes the first
                continue
            identified = True
        if len(values) == 1:
            plain.append(recipe_step(accel, key, values[0]))
        else:
            factors += [*([joined(plain)] if plain else []), *axis_of(accel, key, values).factors]
            plain = []
    if not factors:
        return joined(plain)
    space: Space[Any] = Space((*factors, *([joined(plain)] if plain else [])))
    return space
