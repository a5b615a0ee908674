"""The configurations of a study: from text, recipes, spaces, and lists of them; refused before a QEMU refuses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Final, cast

from accelkit.checking.check import verdict
from accelkit.errors import AccelkitError, StudyError, shown
from accelkit.parsing.recipes import sweep
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.points import Points
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.schemas.schema import Schema
from accelkit.study.model import Configuration
from accelkit.study.report.phrases import plural

Point = str | Recipe[Any] | Fallback
"""One configuration: an ``-accel`` argument or other text that :func:`accelkit.sweep` reads, or a recipe."""

Swept = Point | Space[Any] | Points | Iterable[Point | Space[Any] | Points]
"""What a study varies: text, where ``{a,b}`` stands for several values; a recipe or a space; or several of these."""

MOST_POINTS: Final = 100_000

_TAKES: Final = "takes text such as 'tcg,tb-size={8,64}', a recipe, a space, or a list of these"


def configurations_of(space: Swept, baseline: Configuration | None = None) -> tuple[Configuration, ...]:
    """Every point of ``space`` once; the baseline comes first if it is not one of them.

    Raises StudyError for a space without points, and for one of more than 100,000: they would fill the memory.
    Raises what :func:`accelkit.sweep` raises for text, and ComposeError for a point without an accelerator.

    >>> [point.name for point in configurations_of(["tcg,tb-size={8,0x40}", "tcg,tb-size=64", "kvm"])]
    ['tcg,tb-size=8', 'tcg,tb-size=64', 'kvm']
    """
    named: dict[str, Configuration] = {}
    for point in _points(space, "space"):
        configuration = Configuration(point)
        named.setdefault(configuration.name, configuration)
        if len(named) > MOST_POINTS:
            raise _wrong_size(f"more than {MOST_POINTS}")
    if not named:
        raise _wrong_size(0)
    if baseline is not None and baseline.name not in named:
        named = {baseline.name: baseline, **named}
    return tuple(named.values())


def baseline_of(baseline: Point | None) -> Configuration | None:
    """The configuration that others are compared with, from text or a recipe; None for None.

    Raises StudyError for anything that is not exactly one point, and as :func:`configurations_of`.

    >>> baseline_of("tcg,tb-size=0x40").name
    'tcg,tb-size=64'
    """
    if baseline is None:
        return None
    point = read_point(baseline, "baseline") if isinstance(baseline, str) else baseline
    if isinstance(point, Space):
        raise StudyError(f"baseline: {shown(baseline)} has {point.size} points; give one of them")
    if not isinstance(point, (Recipe, Fallback)):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise StudyError(f"baseline: got {shown(baseline)}; takes text such as 'tcg,tb-size=64', or a recipe")
    return Configuration(point)


def rejections(configuration: Configuration, schemas: Sequence[Schema]) -> list[str]:
    """Why a QEMU would refuse the configuration, each reason with what to do; empty if none would."""
    return [
        f"{problem.why}; {problem.remedy}"
        for schema in schemas
        for problem in verdict(list(configuration.argv), schema).problems
        if problem.kind in ("refused", "build")
    ]


def refuse_rejected(configurations: Sequence[Configuration], schemas: Sequence[Schema]) -> None:
    """Raises StudyError, which lists every problem, if a QEMU would refuse a configuration."""
    problems = [
        f"{configuration.name}: {why}"
        for configuration in configurations
        for why in rejections(configuration, schemas)
    ]
    if problems:
        raise StudyError(f"{plural(len(problems), 'problem')} before anything runs: {' | '.join(problems)}")


def read_point(text: str, name: str) -> Recipe[Any] | Fallback | Space[Any]:
    """What ``text`` stands for. Raises what :func:`accelkit.sweep` raises; an error names the argument."""
    try:
        return sweep(text.strip())
    except AccelkitError as error:
        raise type(error)(f"{name}: {error}") from None


def _points(space: object, name: str) -> Iterator[Recipe[Any] | Fallback]:
    match space:
        case str():
            yield from _points(read_point(space, name), name)
        case Recipe() | Fallback():
            yield cast("Recipe[Any] | Fallback", space)
        case Space() | Points():
            swept = cast("Space[Any] | Points", space)
            size = swept.size if isinstance(swept, Space) else len(swept)
            if size > MOST_POINTS:
                raise _wrong_size(size)
            yield from swept
        case Iterable() if not isinstance(space, (bytes, dict)):
            items = cast("Iterable[object]", space)
            if isinstance(items, Sized) and len(items) > MOST_POINTS:
                raise _wrong_size(len(items))
            for item in items:
                if not isinstance(item, (str, Recipe, Fallback, Space, Points)):
                    raise StudyError(f"{name}: {shown(item)} is no point; {_TAKES}")
                yield from _points(cast("object", item), name)
        case _:
            raise StudyError(f"{name}: got {shown(space)}; {_TAKES}")


def _wrong_size(size: int | str) -> StudyError:
    return StudyError(f"space: has {size} points; give 1 to {MOST_POINTS}, as by space.sample(100, seed=1)")
