"""Which character of which word of a command a problem is about. Pure."""

from __future__ import annotations

from typing import Final

from accelkit.checking.places import Line, Spot, spot_of
from accelkit.checking.problem import Problem

#: Options that choose an accelerator, and what gives them.
_CHOOSING: Final = ("accel", "machine", "M", "enable-kvm")


def character_of(problem: Problem, line: Line) -> Spot:
    """The word that the problem is about, and the character in it where a property begins.

    Of what is about none of the words: the option that the reason begins with, what chooses the accelerator, the program.

    >>> problem = Problem("refused", "tcg", "thread", "both", "takes single or multi", "write multi")
    >>> character_of(problem, Line(["kvm", "-accel", "tcg,thread=both"]))
    Spot(word=2, character=4)
    """
    spot = spot_of(problem, line)
    if spot is not None:
        return spot
    if problem.kind == "unknown":
        return Spot(0, 0)  # about that QEMU as a whole
    chosen = (n for n in reversed(range(len(line.words))) if line.words[n].lstrip("-") in _CHOOSING)
    return Spot(next(chosen, 0), 0)
