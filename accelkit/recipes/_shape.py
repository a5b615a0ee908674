"""Shape: which options a sequence of steps writes, without their values. Only ``recipe.py`` imports this speed-up.

Which accelerators know every step, and the order in which texts are rendered, depend on the options and not on
their values. A program uses few shapes, so both are computed once for each shape, and joining two recipes of known
shapes is one lookup.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Final

from accelkit.syntax.option_map import rank_of

#: The key of a step, and whether the step sets it (else it removes it).
Mark = tuple[str, bool]
#: Names of the accelerators that know a step; None where every one does.
Accels = frozenset[str] | None

#: Shapes that are remembered. A sweep of 10^6 points has a handful; more are forgotten, to bound the memory.
_MOST: Final = 4096
#: Steps of the longest shape that is remembered: each has its marks, so thousands of long ones would fill the memory.
_LONGEST: Final = 256


class Shape:
    """The marks of a sequence of steps, the accelerators that know them all, and what follows from both."""

    __slots__ = ("accels", "chosen", "joined", "marks", "picked")
    marks: tuple[Mark, ...]
    accels: Accels
    chosen: bool | None  #: whether the steps choose an accelerator; None if they neither set nor remove it
    joined: dict[Shape, Shape]
    #: Picks, from the texts of all steps, those to render, in order. None if no accelerator is chosen.
    picked: Callable[[list[str]], tuple[str, ...]] | None

    def __init__(self, marks: tuple[Mark, ...], accels: Accels) -> None:
        self.marks = marks
        self.accels = accels
        self.joined = {}
        last = {key: index for index, (key, _) in enumerate(marks)}
        indices = [last[key] for key in sorted(last, key=rank_of) if marks[last[key]][1]]
        self.chosen = marks[last["accel"]][1] if "accel" in last else None
        self.picked = _picker(indices) if self.chosen else None

    def join(self, other: Shape) -> Shape | None:
        """The shape of these steps followed by those of ``other``; None if no accelerator knows them all."""
        mine, theirs = self.accels, other.accels
        accels = theirs if mine is None else mine if theirs is None else mine & theirs
        if accels is not None and not accels:
            return None
        new = shape_of(self.marks + other.marks, accels)
        if len(new.marks) <= _LONGEST:
            if len(self.joined) >= _MOST:
                self.joined.clear()
            self.joined[other] = new
        return new


def _picker(indices: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """A function from a list to the tuple of its items at ``indices``, also for a single index."""
    return itemgetter(*indices) if len(indices) > 1 else itemgetter(slice(indices[0], indices[0] + 1))


def shape_of(marks: tuple[Mark, ...], accels: Accels) -> Shape:
    """The shape with these marks and accelerators; usually the same object for equal arguments."""
    return _remembered(marks, accels) if len(marks) <= _LONGEST else Shape(marks, accels)


@lru_cache(maxsize=_MOST)
def _remembered(marks: tuple[Mark, ...], accels: Accels) -> Shape:
    return Shape(marks, accels)
