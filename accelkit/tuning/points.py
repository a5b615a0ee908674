"""The points of a tuning by number: a space of any size, or a list; a configuration is made when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from accelkit.errors import StudyError, shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.points import Points
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import render
from accelkit.recipes.space import Space
from accelkit.schemas.schema import Schema
from accelkit.study.model import Configuration
from accelkit.study.points import MOST_POINTS, Swept, configurations_of, read_point, rejections
from accelkit.tuning.search.layout import MOST_LISTED

MOST_KEPT: Final = 10_000
"""Configurations that are kept, so that memory is bounded; others are made again when they are asked for."""

Listed = tuple[Recipe[Any] | Fallback, ...]


class TuningPoints:
    """The points of a tuning by their numbers, the places in ``points``.

    ``baseline`` is the configuration that others are compared with, ``start`` the point that a search begins with: the
    baseline's number, or the first where a large space does not have it.

    Points that a QEMU of ``schemas`` would refuse are not allowed, nor is a second number of the same options. Both is
    found out when a point is asked for, and remembered: ``refused`` has the reason of each number that is not allowed.
    """

    def __init__(
        self,
        points: Space[Any] | Listed,
        baseline: Configuration,
        start: int,
        schemas: Sequence[Schema] = (),
        *,
        code: str,
    ) -> None:
        self.points: Final = points
        self.size: Final = points.size if isinstance(points, Space) else len(points)
        self.baseline: Final = baseline
        self.start: Final = start
        self.code: Final = code
        self.refused: Final[dict[int, str]] = {}
        self._schemas = schemas
        self._made: dict[int, Configuration] = {}
        self._numbers: dict[str, int] = {}
        self.configuration(start)

    def configuration(self, number: int) -> Configuration:
        """The configuration with that number."""
        if number in self._made:
            return self._made[number]
        made = Configuration(self.points[number])
        first = self._numbers.setdefault(made.name, number)
        if first != number:
            self.refused[number] = "it has the same options as another point"
        elif number not in self.refused and (why := rejections(made, self._schemas)):
            self.refused[number] = " | ".join(why)
        if len(self._made) >= MOST_KEPT:
            del self._made[next(iter(self._made))]
        self._made[number] = made
        return made

    @property
    def has_baseline(self) -> bool:
        """Whether the baseline is among the points: a large space may lack it."""
        return self.configuration(self.start).name == self.baseline.name

    def allows(self, number: int) -> bool:
        """Whether the point can be tried."""
        self.configuration(number)
        return number not in self.refused


def tuning_points(
    space: Swept, baseline: Configuration | None, schemas: Sequence[Schema] = ()
) -> TuningPoints:
    """The points of ``space``: text with braces, a space of any size, or a list of recipes, texts and spaces.

    The baseline is the first point unless one is given; one that is no point of a list, or of a space of up to 5,000
    points, becomes the first of them.

    Raises StudyError for fewer than two points, for a list of more than 100,000 (one space may have any number), and if a
    QEMU would refuse the baseline; ComposeError for a point without an accelerator; and what :func:`accelkit.sweep` raises
    for text.

    >>> points = tuning_points("tcg,tb-size={8,64},thread={single,multi}", None)
    >>> points.size, points.configuration(3).name, points.code
    (4, 'tcg,tb-size=64,thread=multi', 'tcg() | tb_size(each(8, 64)) | thread(each(single, multi))')
    """
    given = read_point(space, "space") if isinstance(space, str) else space
    if isinstance(given, Space):
        points = _of_space(cast("Space[Any]", given), baseline, schemas)
    else:
        points = _listed(given, baseline, schemas)
    if points.size < 2:
        raise StudyError(
            f"space: {shown(space)} has {points.size} point, and there is nothing to choose; give several,"
            " as in 'tcg,tb-size={8,64}'"
        )
    if why := rejections(points.baseline, schemas):
        raise StudyError(f"baseline: {points.baseline.name}: {' | '.join(why)}")
    return points


def _of_space(space: Space[Any], baseline: Configuration | None, schemas: Sequence[Schema]) -> TuningPoints:
    for point in space.kinds.values():
        render(point)  # raises ComposeError for a kind of points without an accelerator
    if baseline is not None and baseline.recipe not in space and space.size <= MOST_LISTED:
        return _listed([space], baseline, schemas)
    start = space.index(baseline.recipe) if baseline is not None and baseline.recipe in space else 0
    return TuningPoints(space, baseline or Configuration(space[0]), start, schemas, code=repr(space))


def _listed(space: object, baseline: Configuration | None, schemas: Sequence[Schema]) -> TuningPoints:
    is_one = isinstance(space, (Recipe, Fallback, Points)) or not isinstance(space, Iterable)
    items: list[Any] = [space] if is_one else [*cast("Iterable[Any]", space)]
    items = [read_point(item, "space") if isinstance(item, str) else item for item in items]
    if len(items) == 1 and isinstance(items[0], Space) and items[0].size > MOST_POINTS:
        return _of_space(cast("Space[Any]", items[0]), baseline, schemas)
    found = configurations_of(cast("Swept", items), baseline)
    base = found[0] if baseline is None else next(point for point in found if point.name == baseline.name)
    listed = tuple(cast("Recipe[Any] | Fallback", point.recipe) for point in found)
    code = json.dumps([point.name for point in found])
    return TuningPoints(listed, base, found.index(base), schemas, code=code)
