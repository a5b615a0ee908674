"""command_line: what can be checked, in any of its forms, as the one command line that it stands for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from accelkit.errors import ComposeError, shown
from accelkit.parsing.command_line import AccelOption, CommandLine, id_faults
from accelkit.parsing.lines import read
from accelkit.parsing.recipes import composed
from accelkit.parsing.understanding import understand
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.recipes.render import Renderable
from accelkit.syntax.option_map import OptionMap, option_map
from accelkit.syntax.qemuopts import Write

Checkable = Renderable | CommandLine | str | Sequence[str]


def command_line(x: Any) -> CommandLine:
    """``x`` in any of its forms as a command line. Raises ComposeError for other types.

    Of several commands in a text it is one with this fault.
    """
    if isinstance(x, CommandLine):
        return x
    if isinstance(x, str):
        understood = understand(x)
        return command_line(composed(understood)) if understood.swept else read(x)
    if isinstance(x, Recipe):
        return _of_maps((fold(cast("Recipe[Any]", x)),))
    if isinstance(x, Mapping):
        return _of_maps((option_map(cast("Mapping[str, str]", x)),))
    if isinstance(x, Fallback):
        return _of_maps(tuple(map(fold, x)))
    if isinstance(x, (list, tuple)):
        items = cast("list[Any]", x)
        if all(isinstance(item, str) for item in items):
            return read(items)
        if all(isinstance(item, Mapping) for item in items):
            return _of_maps([option_map(item) for item in items])
    other: object = cast("object", x)
    many = (
        "; for a space check its points: [check(point, schema) for point in space]"  # which check itself does
    )
    raise ComposeError(
        f"check takes a recipe, option map, first_of(…), space or a command line, got {type(other).__name__}"
        + (many if hasattr(other, "argvs") else "")
    )


def _of_maps(maps: Sequence[OptionMap]) -> CommandLine:
    accels = tuple(map(_accel_option, maps))
    return CommandLine(accels, faults=tuple(id_faults(accels)))


def _accel_option(options: OptionMap) -> AccelOption:
    if "accel" not in options:
        raise ComposeError(f"{shown(options)} chooses no accelerator; begin with one, as in tcg() | …")
    writes = tuple(Write(key, text) for key, text in options.items() if key not in ("accel", "id"))
    return AccelOption(options["accel"], writes, options.get("id"))
