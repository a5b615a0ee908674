"""Short names for recipes that have none: the accelerator, and what tells one from the others. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from accelkit.comparing.options import Maps
from accelkit.errors import shortened, visible_line
from accelkit.recipes.amounts import amount

MOST_NAME: Final = 40
"""Characters of a name, at most, but for a number that keeps two apart."""


def names_of(recipes: Sequence[Maps], taken: Collection[str] = ()) -> tuple[str, ...]:
    """A name for each of ``recipes``, given as their option maps: short, distinct, and none of those ``taken``.

    >>> from accelkit.syntax.option_map import OptionMap
    >>> kvm, small = OptionMap({"accel": "kvm"}), OptionMap({"accel": "tcg", "tb-size": "64"})
    >>> large = OptionMap({"accel": "tcg", "tb-size": "1024", "thread": "multi"})
    >>> names_of([(kvm,), (small,)]), names_of([(small,), (large,)])
    (('kvm', 'tcg'), ('tcg with tb-size 64 MiB', 'tcg with tb-size 1 GiB, thread multi'))
    """
    families: dict[str, list[Maps]] = {}
    for maps in recipes:
        families.setdefault(_family(maps), []).append(maps)
    seen = Counter(taken)
    names: list[str] = []
    for maps in recipes:
        family = _family(maps)
        name = _name(family, _parts(maps, families[family]))
        seen[name] += 1
        while seen[name] > 1:
            first, number = name, seen[name]
            name = f"{first} ({number})"
            seen[name] += 1
        names.append(name)
    return tuple(names)


def _name(family: str, parts: Sequence[str]) -> str:
    """The family with as many of ``parts`` as a name has room for, and the number of the others.

    >>> _name("tcg", ["one-insn-per-tb on", "tb-size 1 GiB", "thread multi"])
    'tcg with one-insn-per-tb on and 2 more'
    """
    for count in range(len(parts), 0, -1):
        more = f" and {len(parts) - count} more" if count < len(parts) else ""
        name = visible_line(f"{family} with {', '.join(parts[:count])}{more}")
        if len(name) <= MOST_NAME or count == 1:
            return shortened(name, MOST_NAME)
    return shortened(visible_line(family), MOST_NAME)


def _family(maps: Maps) -> str:
    """The accelerators, in the order in which QEMU tries them."""
    return " else ".join(options.get("accel") or "any accelerator" for options in maps) or "QEMU's default"


def _parts(maps: Maps, family: Sequence[Maps]) -> list[str]:
    """What a recipe sets other than another one of the same accelerators."""
    parts: list[str] = []
    for place, options in enumerate(maps):
        for key, text in options.items():
            if any(other[place].get(key) != text for other in family):
                plain = key.removeprefix(f"{options.get('accel')}-")
                parts.append(f"{plain} {amount(key, text)}".rstrip())
    return parts
