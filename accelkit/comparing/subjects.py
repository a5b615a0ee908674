"""What diff is given: schemas, or recipes in any of their forms, as option maps. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from accelkit.comparing.options import Maps
from accelkit.errors import ComposeError, SchemaError, brief, shown
from accelkit.parsing.recipes import parse, recipes_of
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.schemas.schema import Schema
from accelkit.syntax.option_map import option_map

_TAKES: Final = "takes two recipes, or texts of them, or two schemas"


def refuse_mixed(old: object, new: object) -> None:
    """Raises ComposeError unless both are schemas, or both something else; SchemaError for a version."""
    for side, other in ((old, new), (new, old)):
        if is_version(side):
            text = shown(side) if isinstance(side, str) else "'10.0'"
            raise SchemaError(
                f"diff: got {text} for a schema; write bundled({text}), or probe() for the QEMU that is installed"
            )
        if isinstance(side, Schema) and not isinstance(other, Schema):
            code = brief(shown(other), 60)
            raise ComposeError(
                f"diff: got a schema ({side.name}) and {_kind(other)} ({code}); {_TAKES}; for what that QEMU says of the "
                f"recipe write check({code}, schema)"
            )


def is_version(side: object) -> bool:
    """Whether it is a version of QEMU in place of a schema, as text."""
    return isinstance(side, str) and len(side) < 12 and side.replace(".", "").isdecimal()


def _kind(side: object) -> str:
    if isinstance(side, (Recipe, Fallback)):
        return "a recipe"
    return "a text" if isinstance(side, str) else f"a value of type {type(side).__name__}"


def read(side: object) -> tuple[Any, Maps]:
    """A recipe and its option maps. Raises ComposeError for another value, and as ``parse`` does for a text."""
    if isinstance(side, Recipe):
        recipe = cast("Recipe[Any]", side)
        return recipe, (fold(recipe),)
    if isinstance(side, Fallback):
        return side, tuple(map(fold, side))
    if isinstance(side, Mapping):
        return _of_maps((option_map(cast("Mapping[str, str]", side)),))
    if isinstance(side, str):
        return _of_maps(parse(side))
    items = tuple(cast("Sequence[object]", side)) if isinstance(side, (list, tuple)) else ()
    maps = tuple(option_map(cast("Mapping[str, str]", item)) for item in items if isinstance(item, Mapping))
    words = [item for item in items if isinstance(item, str)]
    if items and len(maps) == len(items):
        return _of_maps(maps)
    if items and len(words) == len(items):
        return _of_maps(parse(words))
    given = cast("object", side)
    space = "; of a space give two points, as in diff(space[0], space[1])" if hasattr(given, "argvs") else ""
    raise ComposeError(f"diff: got {brief(shown(given), 60)} ({type(given).__name__}); {_TAKES}{space}")


def _of_maps(maps: Maps) -> tuple[Any, Maps]:
    nothing: Recipe[Any] = Recipe()
    return recipes_of(maps) if maps else nothing, maps
