"""What a configuration sets, property by property, and what it changes of the baseline. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from accelkit.errors import ArgvError
from accelkit.parsing.recipes import parse
from accelkit.study.model import Configuration


def properties(configuration: Configuration) -> dict[str, str]:
    """Properties of the accelerator as text; of a fallback, the later ones under ``name property``.

    >>> properties(Configuration("x", ("-accel", "kvm", "-accel", "tcg,tb-size=64")))
    {'accel': 'kvm then tcg', 'tcg tb-size': '64'}
    """
    try:
        maps = parse(list(configuration.argv))
    except ArgvError:  # what QEMU refused is kept with what it said; here it has a name and no more
        return {}
    found = {"accel": " then ".join(map_.get("accel", "") for map_ in maps)} if maps else {}
    for place, map_ in enumerate(maps):
        prefix = f"{map_.get('accel', '')} " if place else ""
        found |= {f"{prefix}{key}": value for key, value in map_.items() if key != "accel"}
    return found


def label(configuration: Configuration, baseline: Configuration) -> str:
    """What ``configuration`` changes of the baseline; its whole name if that is no short thing to say.

    >>> plain = Configuration("tcg", ("-accel", "tcg"))
    >>> label(Configuration("tcg,thread=multi", ("-accel", "tcg,thread=multi")), plain)
    'thread=multi'
    >>> label(Configuration("kvm", ("-accel", "kvm")), plain)
    'kvm'
    """
    mine, theirs = properties(configuration), properties(baseline)
    changed = [f"{key}={value}" for key, value in mine.items() if theirs.get(key) != value]
    whole = mine.get("accel") != theirs.get("accel") or theirs.keys() - mine.keys() or not changed
    return configuration.name if whole else ",".join(changed)


class Keyed(Protocol):
    """Anything with QEMU's name of a property, as the rows of the table."""

    @property
    def key(self) -> str:
        """As QEMU writes it."""
        ...


def property_name(asked: str | Keyed, known: Iterable[str]) -> str | None:
    """The one of ``known`` that was meant: ``tb_size``, ``"tb_size"`` or ``"tb-size"``; None if none.

    >>> property_name("tb_size", ["thread", "tb-size"])
    'tb-size'
    """
    plain = (asked if isinstance(asked, str) else asked.key).replace("_", "-")
    return next((key for key in known if key in (plain, f"kvm-{plain}")), None)
