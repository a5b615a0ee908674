"""The properties that vary among configurations, and their values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accelkit.study.model import Configuration

ABSENT: Final = "default"
"""The value of a property that a configuration does not set."""


@dataclass(frozen=True, slots=True)
class SweptProperty:
    """A property that varies in a study, and the values it takes, in order."""

    name: str
    values: tuple[str, ...]
    numeric: bool

    def cell(self, text: str) -> str | int | None:
        """The value as a frame has it: a number if all are, None where it is not set."""
        if text == ABSENT:
            return None
        return int(text) if self.numeric else text


def axes_of(configurations: Sequence[Configuration]) -> dict[str, SweptProperty]:
    """The properties that are not the same in all configurations, in the order of QEMU's manual.

    >>> from accelkit import tb_size, tcg
    >>> axes_of([Configuration(tcg() | tb_size(size)) for size in (64, 8)])
    {'tb-size': SweptProperty(name='tb-size', values=('8', '64'), numeric=True)}
    """
    axes: dict[str, SweptProperty] = {}
    for name in dict.fromkeys(name for point in configurations for name in point.settings):
        values = tuple(dict.fromkeys(point.settings.get(name, ABSENT) for point in configurations))
        if len(values) > 1:
            present = [value for value in values if value != ABSENT]
            numeric = all(map(_is_number, present))
            if numeric:
                present.sort(key=int)
            absent = (ABSENT,) if ABSENT in values else ()
            axes[name] = SweptProperty(name, (*absent, *present), numeric)
    return axes


def _is_number(text: str) -> bool:
    """Whether ``text`` is the one spelling of a whole number: the number gives the same text again."""
    return text.isdecimal() and len(text) < 25 and str(int(text)) == text
