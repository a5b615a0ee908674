"""Tune an accelerator: which of many configurations is best, on one host or many.

Where no space is given, it follows from the table of properties, from what the QEMU has, and from the host:

>>> from accelkit import bundled, tcg
>>> from accelkit.host.capacity import Capacity
>>> from accelkit.tuning import space_of
>>> space_of(tcg(), bundled("11.1"), Capacity(memory=512 << 20))
tcg() | each(Recipe(), tb_size(each(8, 16, 32, 128))) | each(Recipe(), thread(single))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accelkit.tuning.host_space import WorthTrying, space_of, worth_trying

__all__ = ["WorthTrying", "space_of", "worth_trying"]

_HOMES = {
    "accelkit.tuning.host_space": ("WorthTrying", "space_of", "worth_trying"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
