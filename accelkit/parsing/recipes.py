"""parse, recipe_of, recipes_of: a command line to option maps, and option maps to the recipes that make them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from accelkit.errors import ArgvError, ComposeError, DomainError, IgnoredOptionWarning
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.parsing.reader import read
from accelkit.recipes.choices import each
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, option
from accelkit.recipes.space import Each, Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.syntax.option_map import OptionMap


def parse(text: str | Sequence[str], /) -> tuple[OptionMap, ...]:
    """The option maps in a command line, one for each accelerator, in the order in which QEMU tries them.

    Takes an ``-accel`` argument, a whole line, or a list of words; of a whole QEMU command line it reads only what is
    about accelerators. The last value of a repeated property counts. Keeps the text of values, and unknown
    properties, as they are. A property in -machine is added to the accelerators that know it, before their own
    properties; if none is named, to a map without ``accel``. ``parse(render(x))`` returns the maps of x.

    Raises ArgvError for what QEMU's parsers refuse: all faults at once, each with its place. Warns
    (IgnoredOptionWarning) about a property that none of the named accelerators knows, which QEMU ignores.

    >>> parse("-accel kvm,kernel-irqchip=split -accel tcg")
    (OptionMap({'accel': 'kvm', 'kernel-irqchip': 'split'}), OptionMap({'accel': 'tcg'}))
    """
    line = read(text)
    faults = [*line.faults, *(f"{word}: QEMU has no such option" for word in line.unknown)]
    faults += [
        f"-machine …,{write.key}={write.value}: no machine has it; give {write.flag}= to -accel"
        for write in line.misplaced
    ]
    for accel in line.accels:
        for key, value, _ in accel.writes:
            if not key:
                faults.append(f"-accel {accel.name}: a property without a name (={value}); name it")
            elif any(character in value for character in "\0\n\r"):
                faults.append(f"-accel {accel.name},{key}={value!r}: has a NUL or line break; remove it")
    if faults:
        raise ArgvError("; ".join(faults))
    return option_maps(line)


def option_maps(line: CommandLine) -> tuple[OptionMap, ...]:
    """The option maps of a command line. Warns (IgnoredOptionWarning) as ``parse`` does."""
    sugar = {write.key.replace("_", "-"): write.value for write in line.sugar}
    if not line.accels:
        return (OptionMap(sugar),) if sugar else ()
    for key, value in sugar.items():
        if not any(_knows(accel.name, key) for accel in line.accels):
            names = " and ".join(accel.name for accel in line.accels)
            names += " have" if len(line.accels) > 1 else " has"
            warnings.warn(
                f"-machine …,{key}={value} has no effect: {names} no such property; leave it out",
                IgnoredOptionWarning, stacklevel=3,
            )  # fmt: skip
    return tuple(_option_map(accel, sugar) for accel in line.accels)


def _knows(accel: str, key: str) -> bool:
    row = PROPERTIES.get(key)
    return row is not None and accel in row.accels


def _option_map(accel: AccelOption, sugar: dict[str, str]) -> OptionMap:
    entries = {"accel": accel.name}
    if accel.identifier is not None:
        entries["id"] = accel.identifier
    entries |= {key: value for key, value in sugar.items() if _knows(accel.name, key)}
    for write in accel.writes:
        entries[write.key] = write.value
    return OptionMap(entries)


def recipe_of(options: OptionMap) -> Recipe[Any]:
    """A recipe that makes ``options``, with a property's own function where that takes the value.

    A value in another spelling (``0x40``, ``yes``) gets the property's spelling, which means the same to
    QEMU. Unknown properties and values out of range stay as they are, as ``option(…)``.

    >>> recipe_of(OptionMap({"accel": "tcg", "tb-size": "0x40", "x-new": "1"}))
    tcg() | tb_size(64) | option('x-new', '1')
    """
    recipe: Recipe[Any] = Recipe()
    name = options.get("accel")
    known = [PROPERTIES[key].accels for key in options if key in PROPERTIES]
    if name is None and known and not known[0].intersection(*known):
        name = ""  # no accelerator has them all: leave every text as it is
    for key, text in options.items():
        recipe = recipe | recipe_step(name, key, text)
    return recipe


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


def recipes_of(maps: tuple[OptionMap, ...]) -> Recipe[Any] | Fallback:
    """The recipe that renders as ``maps`` do; of several maps a fallback.

    Raises ComposeError if there are no maps.

    >>> recipes_of(parse("-accel kvm -accel tcg,thread=single"))
    first_of(kvm(), tcg() | thread(single))
    """
    if not maps:
        raise ComposeError("no option maps: the command line names no accelerator; QEMU takes its default")
    recipes = tuple(map(recipe_of, maps))
    return recipes[0] if len(recipes) == 1 else Fallback(recipes)
