"""Sweeps in QEMU's own words: an ``-accel`` argument in which ``{a,b}`` stands for each of a and b."""

from __future__ import annotations

import re
from typing import Any

from accelkit.errors import ArgvError, ComposeError
from accelkit.parsing.expression import evaluate, is_expression
from accelkit.parsing.reader import is_command_line
from accelkit.parsing.recipes import parse, recipe_step, recipes_of
from accelkit.recipes.choices import each
from accelkit.recipes.domains import shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Each, Space
from accelkit.recipes.table import PROPERTIES
from accelkit.syntax.qemuopts import split

_GROUP = re.compile(r"\{([^{}]*)\}")
#: Stands for a group while the text is split at its commas; a NUL is in no argument.
_HOLE = "\0{}"


def sweep(text: str) -> Recipe[Any] | Fallback | Space[Any]:
    """The recipe or space that ``text`` writes, in any of the ways accelkit reads.

    An ``-accel`` argument, with ``{…}`` for each of several values; a whole command line; or Python, as
    in ``tcg() | tb_size(each(8, 64))``. Raises ArgvError, ComposeError or DomainError.

    >>> sweep("tcg,tb-size={8,64,512},thread={single,multi}")
    tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
    """
    if is_expression(text):  # whose braces stand in quotes
        return evaluate(text)
    if "{" not in text and "}" not in text:
        maps = parse(text)
        if not maps:
            raise ArgvError(f"{shown(text)} names no accelerator; begin with one, as in tcg,tb-size={{8,64}}")
        return recipes_of(maps)
    if "\0" in text:
        raise ArgvError(f"{shown(text)}: has a NUL; remove it")
    if is_command_line(text):
        raise ArgvError(f"{shown(text)}: braces are read in an -accel argument only; leave -accel out")
    groups: list[str] = _GROUP.findall(text)
    holes = iter(range(len(groups)))
    plain = _GROUP.sub(lambda _: _HOLE.format(next(holes)), text)
    if "{" in plain or "}" in plain:
        raise ArgvError(f"{shown(text)}: a brace has no partner; write key={{a,b}}")
    empty: Recipe[Any] = Recipe()
    composed: Any = empty
    name: str | None = None  # the accelerator, while there is one
    named = False
    for write in split(plain, "accel"):
        if "\0" in write.key or (write.flag is not None and "\0" in write.flag):
            raise ArgvError(f"{shown(text)}: braces hold the values of a property; write key={{a,b}}")
        if write.value.startswith("\0") and write.value[1:].isdecimal():
            values = groups[int(write.value[1:])].split(",")
        elif "\0" in write.value:
            raise ArgvError(f"{shown(text)}: braces stand for a whole value; write {write.key}={{a,b}}")
        else:
            composed = composed | recipe_step(name, write.key, write.value)
            if write.key == "accel":
                name, named = write.value, True
            continue
        if "" in values:
            raise ArgvError(f"{shown(text)}: {write.key}={{…}} has an empty value; write {{a,b}}")
        composed = composed | _step(name, write.key, values)
        if write.key == "accel":
            name, named = (values[0] if len(values) == 1 else None), True
    if not named:
        raise ComposeError(f"{shown(text)} names no accelerator; begin with one, as in tcg,tb-size={{8,64}}")
    return composed


def _step(name: str | None, key: str, values: list[str]) -> Recipe[Any] | Space[Any]:
    """One value as a step; several as an axis, the property's own where it takes them all."""
    if len(values) == 1:
        return recipe_step(name, key, values[0])
    row = PROPERTIES.get(key)
    if row is not None and (name is None or name in row.accels):
        read = [row.domain.read(value) for value in values]
        if None not in read:
            return row(Each(tuple(read)))
    return each(*(recipe_step(name, key, value) for value in values))
