"""Which point of a space a recipe is, found by the choices of each factor and not by going through the points. Pure.

The steps of a point are those of one choice of each factor, one after another. So the steps of a recipe are matched with
the choices of the first factor, what is left with those of the second, and so on. This takes time for the choices of each
factor, not for their product. Only ``space.py`` imports it, whose classes it knows by their attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe


class Found(NamedTuple):
    """How many points match, and the smallest of their numbers."""

    points: int
    first: int


#: Where the part that matched ends, and how many points match up to there.
Ends = dict[int, Found]


def found(factors: Sequence[Any], point: object) -> Found | None:
    """How many points of the product of ``factors`` are equal to ``point``, and the number of the first; None if none is.

    >>> from accelkit import each, multi, single, tb_size, tcg, thread
    >>> space = tcg() | tb_size(each(32, 256)) | thread(each(single, multi))
    >>> found(space.factors, tcg() | tb_size(256) | thread(multi)), found(space.factors, tcg())
    (Found(points=1, first=3), None)
    """
    if isinstance(point, Fallback):
        return _product(factors, point.alternatives, 0).get(len(point.alternatives))
    if isinstance(point, Recipe):
        steps = point.steps
        return _product(factors, steps, 0).get(len(steps))
    return None


def _product(factors: Sequence[Any], parts: Sequence[Any], begin: int) -> Ends:
    """The ends in ``parts``, steps or alternatives, of what the product of ``factors`` matches from ``begin`` on."""
    ends: Ends = {begin: Found(1, 0)}
    for factor in factors:
        following: Ends = {}
        size = 1 if isinstance(factor, Recipe) else factor.size
        for start, (points, first) in ends.items():
            for end, match in _factor(factor, parts, start).items():
                _add(following, end, Found(points * match.points, first * size + match.first))
        ends = following
    return ends


def _factor(factor: Any, parts: Sequence[Any], begin: int) -> Ends:
    if isinstance(factor, Recipe):
        return _recipe(cast("Recipe[Any]", factor), parts, begin)
    if hasattr(factor, "parts"):
        return _alternatives(factor.parts, parts, begin)
    ends: Ends = {}
    for choice, after in zip(factor.choices, factor.ends, strict=True):
        space = not isinstance(choice, (Recipe, Fallback))
        before = after - (choice.size if space else 1)
        matched = (
            _product(choice.factors, parts, begin) if space else _recipe(cast("Any", choice), parts, begin)
        )
        for end, match in matched.items():
            _add(ends, end, Found(match.points, before + match.first))
    return ends


def _recipe(choice: Recipe[Any] | Fallback, parts: Sequence[Any], begin: int) -> Ends:
    """The end of one recipe in steps, or of one fallback in alternatives."""
    own = choice.alternatives if isinstance(choice, Fallback) else choice.steps
    end = begin + len(own)
    return {end: Found(1, 0)} if tuple(parts[begin:end]) == own else {}


def _alternatives(varied: Sequence[Any], parts: Sequence[Any], begin: int) -> Ends:
    """The ends of a fallback whose alternatives vary: each stands for one recipe, or for those of a fallback."""
    ends: Ends = {begin: Found(1, 0)}
    for part in varied:
        following: Ends = {}
        for start, (points, first) in ends.items():
            if isinstance(part, Recipe):
                if tuple(parts[start : start + 1]) == (part,):
                    _add(following, start + 1, Found(points, first))
                continue
            for end in range(start + 1, len(parts) + 1):
                alone = [parts[start]] if end == start + 1 else []
                for point in (Fallback(tuple(parts[start:end])), *alone):
                    if (match := found(part.factors, point)) is not None:
                        _add(following, end, Found(points * match.points, first * part.size + match.first))
        ends = following
    return ends


def _add(ends: Ends, end: int, match: Found) -> None:
    before = ends.get(end)
    ends[end] = (
        match if before is None else Found(before.points + match.points, min(before.first, match.first))
    )
