"""One option map of what stands for one: what ``read`` of a property looks into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from accelkit.errors import ComposeError, shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.syntax.option_map import OptionMap, option_map


def options_of(x: Any, caller: str) -> OptionMap:
    """The option map that ``x`` stands for: a recipe, a mapping, or one of them alone in a fallback, tuple or list.

    Raises ComposeError, in the name of ``caller``, for several of them, for a space and for anything else.

    >>> from accelkit import tb_size, tcg
    >>> options_of(tcg() | tb_size(64), "tb_size.read")
    OptionMap({'accel': 'tcg', 'tb-size': '64'})
    """
    if isinstance(x, Recipe):
        return fold(cast("Recipe[Any]", x))
    if isinstance(x, Mapping):
        return option_map(cast("Mapping[str, str]", x))
    parts = x.alternatives if isinstance(x, Fallback) else x
    if isinstance(parts, (tuple, list)) and all(
        isinstance(part, (Recipe, Mapping)) for part in cast("Any", parts)
    ):
        items = cast("tuple[Any, ...]", parts)
        if len(items) == 1:
            return options_of(items[0], caller)
        raise ComposeError(
            f"{caller}: got {len(items)} alternatives; write [{caller}(part) for part in {_name(x)}]"
        )
    if hasattr(x, "argvs"):
        raise ComposeError(f"{caller}: a space has many points; write [{caller}(point) for point in space]")
    text = f"; of text write {caller}(recipe_of({shown(x)}))" if isinstance(x, str) else ""
    raise ComposeError(f"{caller}: got {shown(x)}; takes a recipe or an option map{text}")


def _name(x: object) -> str:
    return "fallback" if isinstance(x, Fallback) else "maps"
