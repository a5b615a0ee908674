"""How a configuration is called beside the baseline, and how a reader names a property. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from accelkit.study.model import Configuration


def label(configuration: Configuration, baseline: Configuration) -> str:
    """The properties that ``configuration`` changes of the baseline; its whole name if it also leaves some out.

    >>> from accelkit import kvm, multi, tcg, thread
    >>> label(Configuration(tcg() | thread(multi)), Configuration(tcg()))
    'thread=multi'
    >>> label(Configuration(kvm()), Configuration(tcg()))
    'kvm'
    """
    mine, theirs = configuration.settings, baseline.settings
    changed = [f"{key}={value}" for key, value in mine.items() if theirs.get(key) != value]
    whole = mine.get("accel") != theirs.get("accel") or theirs.keys() - mine.keys() or not changed
    return configuration.name if whole else ",".join(changed)


class Keyed(Protocol):
    """Anything with QEMU's name of a property, such as a row of the table of properties."""

    @property
    def key(self) -> str:
        """The name that QEMU has for it."""
        ...


def property_name(name: str | Keyed, known: Iterable[str]) -> str | None:
    """The property among ``known`` that ``tb_size``, ``"tb_size"`` or ``"tb-size"`` names; None if it is not there.

    >>> property_name("tb_size", ["thread", "tb-size"])
    'tb-size'
    """
    plain = (name if isinstance(name, str) else name.key).replace("_", "-")
    return next((key for key in known if key in (plain, f"kvm-{plain}")), None)
