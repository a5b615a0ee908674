"""Shape: what a row of steps writes, whatever the values. Programs come back to few shapes.

Which accelerators know every step, and in what order the texts are rendered, depend on the options
written and not on their values; so both are worked out once a shape, and joining two recipes
of known shapes is one look-up. Shapes are interned: equal ones are the same object.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Final

from accelkit.syntax.option_map import rank_of

#: One step's key, and whether the step sets it (else it takes it away).
Mark = tuple[str, bool]
#: Names of the accelerators that know a step; None where any will do.
Accels = frozenset[str] | None

#: A sweep of 10^6 points has a handful of shapes; a program that makes more than this starts anew.
_LIMIT: Final = 4096


class Shape:
    """The marks of a row of steps, their common accelerators, and what follows from both."""

    __slots__ = ("accels", "joined", "marks", "picked")
    marks: tuple[Mark, ...]
    accels: Accels
    joined: dict[Shape, Shape]
    #: What picks, from the texts of all steps, those to render, in order; None: no accelerator.
    picked: Callable[[list[str]], tuple[str, ...]] | None

    def __init__(self, marks: tuple[Mark, ...], accels: Accels) -> None:
        self.marks = marks
        self.accels = accels
        self.joined = {}
        last = {key: place for place, (key, _) in enumerate(marks)}
        places = [last[key] for key in sorted(last, key=rank_of) if marks[last[key]][1]]
        chosen = "accel" in last and marks[last["accel"]][1]
        self.picked = _picker(places) if chosen else None

    def join(self, other: Shape) -> Shape | None:
        """The shape of these steps and then ``other``'s; None where no accelerator knows them all."""
        mine, theirs = self.accels, other.accels
        accels = theirs if mine is None else mine if theirs is None else mine & theirs
        if accels is not None and not accels:
            return None
        if len(self.joined) >= _LIMIT:
            self.joined.clear()
        new = self.joined[other] = shape_of(self.marks + other.marks, accels)
        return new


def _picker(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """What takes the items at ``places`` out of a list; always a tuple, for one place too."""
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


_SHAPES: Final[dict[tuple[tuple[Mark, ...], Accels], Shape]] = {}


def shape_of(marks: tuple[Mark, ...], accels: Accels) -> Shape:
    """The one shape with these marks and accelerators."""
    shape = _SHAPES.get((marks, accels))
    if shape is None:
        if len(_SHAPES) >= _LIMIT:
            _SHAPES.clear()
        shape = _SHAPES[marks, accels] = Shape(marks, accels)
    return shape
