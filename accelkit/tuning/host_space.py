"""space_of: the settings that can change speed on one QEMU and one host, as a space to tune; worth_trying says why.

The values are in the table of properties (:mod:`accelkit.recipes.purposes`), what a QEMU has is in its schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from accelkit.checking.check import verdict
from accelkit.document import Block, Code, Mono, Paragraph, Shown, Table
from accelkit.errors import ComposeError, DomainError, shown
from accelkit.host.capacity import Capacity, this_capacity
from accelkit.parsing.recipes import recipe_of
from accelkit.recipes.amounts import amount
from accelkit.recipes.choices import each
from accelkit.recipes.fallback import Fallback, accel_of
from accelkit.recipes.points import Points
from accelkit.recipes.property import Property
from accelkit.recipes.purposes import Worth, worth_for
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.table import PROPERTIES
from accelkit.schemas.default import default_schema
from accelkit.schemas.schema import Schema, check_schema

_TAKES: Final = "takes one accelerator, as a recipe such as tcg() or tcg() | thread(multi), or as text"


class Axis(NamedTuple):
    """A property that is worth tuning: QEMU's name of it, the values to try as QEMU's text, and why."""

    key: str
    values: tuple[str, ...]
    why: str


class LeftOut(NamedTuple):
    """A property of the accelerator that is not tuned, and why."""

    key: str
    why: str


@dataclass(frozen=True, slots=True, repr=False)
class WorthTrying(Shown):
    """What of an accelerator is worth tuning on one QEMU and host. Prints as text; a notebook shows it as tables.

    Every property of the accelerator is either in ``axes`` or in ``left_out``.
    """

    space: Space[Any]
    axes: tuple[Axis, ...]
    left_out: tuple[LeftOut, ...]
    qemu: str

    @property
    def document(self) -> tuple[Block, ...]:
        """The space as code to edit, then what is in it, and what is not, each with why."""
        size = self.space.size
        what = f"{size} configurations" if size > 1 else "One configuration: there is nothing to tune"
        blocks: list[Block] = [Code(repr(self.space)), Paragraph((f"{what}, for {self.qemu}.",))]
        if self.axes:
            rows = tuple(
                (Mono(key), ", ".join(("default", *(amount(key, value) for value in values))), why)
                for key, values, why in self.axes
            )
            blocks.append(Table(("Property", "Values", "Why"), rows, row_headers=True))
        if self.left_out:
            rows = tuple((Mono(key), why) for key, why in self.left_out)
            blocks.append(Table(("Left out", "Why"), rows, row_headers=True))
        return tuple(blocks)


def space_of(
    accelerator: Recipe[Any] | str, schema: Schema | None = None, host: Capacity | None = None
) -> Space[Any]:
    """The space of the settings that can change speed: of one accelerator, on the QEMU of ``schema`` and on ``host``.

    What ``accelerator`` sets or unsets stays so; each other property of it has the values that the table of properties
    names: see ``accelkit explain tb-size``. They fit into the host's memory, and ``check`` refuses none of them. Left out
    is what this QEMU lacks, and what makes no guest faster; :func:`worth_trying` says why.

    The first point is ``accelerator`` itself: QEMU as it is without more settings. For that, ``Recipe()``, the recipe
    that sets nothing, is the first choice for each property; what QEMU chooses by itself is not among the other
    choices. The repr is code: copy it, and change what you like. Where there is nothing to tune, the space has one point.

    For several accelerators write ``each(space_of(kvm()), space_of(tcg()))``. Of ``first_of(…)`` tune the alternative
    that starts. Without ``schema`` the installed QEMU is asked, in about 0.2 s; without ``host`` it is this one.

    Raises ComposeError for anything but one accelerator, SchemaError for anything but a schema, DomainError for anything
    but a Capacity; for text what ``recipe_of`` raises.

    >>> from accelkit import bundled, each, multi, single, tb_size, tcg, thread
    >>> space = space_of("tcg,thread=multi", bundled("11.1"), Capacity(memory=64 << 30))
    >>> space, space[0]
    (tcg() | thread(multi) | each(Recipe(), tb_size(each(8, 16, 32, 64, 128, 256, 512, 2048))), tcg() | thread(multi))
    >>> tcg() | each(Recipe(), tb_size(each(64, 256))) | thread(each(single, multi))  # the same, edited
    tcg() | each(Recipe(), tb_size(each(64, 256))) | thread(each(single, multi))
    """
    return worth_trying(accelerator, schema, host).space


def worth_trying(
    accelerator: Recipe[Any] | str, schema: Schema | None = None, host: Capacity | None = None
) -> WorthTrying:
    """The space that :func:`space_of` returns, with the reason for each property that is in it and that is not.

    Takes and raises what ``space_of`` does.

    >>> from accelkit import bundled, tcg
    >>> print(worth_trying(tcg(), bundled("7.2"), Capacity(memory=512 << 20)).left_out[0])
    LeftOut(key='one-insn-per-tb', why='QEMU 7.2.22 (x86_64) has no such property')
    """
    recipe = _recipe(accelerator)
    if schema is None:
        schema = default_schema().schema
    check_schema(schema, "space_of")
    schema = cast("Schema", schema)
    capacity = this_capacity() if host is None else _capacity(host)
    accel = cast("str", accel_of(recipe))
    fixed = {step.key for step in recipe.steps}
    axes, left_out = list[Axis](), list[LeftOut]()
    space: Recipe[Any] | Space[Any] = recipe
    for key, row in PROPERTIES.items():
        if accel not in row.accels:
            continue
        worth = worth_for(row.worth, accel, schema.target)
        if key in fixed:
            left_out.append(LeftOut(key, "your recipe decides it"))
        elif accel not in schema.accelerators:
            left_out.append(LeftOut(key, f"{schema.name} has no {accel}"))
        elif key not in schema.accelerators[accel]:
            left_out.append(LeftOut(key, f"{schema.name} has no such property"))
        elif choices := _choices(recipe, row, worth, schema, capacity):
            texts = tuple(cast("str", choice.steps[0].value) for choice in choices)
            axes.append(Axis(key, texts, worth.why))
            space |= each(Recipe(), _as_written(row, choices))
        else:
            left_out.append(LeftOut(key, worth.why))
    return WorthTrying(
        space if isinstance(space, Space) else each(recipe), tuple(axes), tuple(left_out), schema.name
    )


def _choices(
    recipe: Recipe[Any], row: Property[Any, Any], worth: Worth, schema: Schema, capacity: Capacity
) -> list[Recipe[Any]]:
    """The recipe of each value that is worth trying and that this QEMU takes."""
    choices: list[Recipe[Any]] = [row(value) for value in worth.on(capacity)]
    return [choice for choice in choices if verdict(recipe | choice, schema).accepted is not False]


def _as_written(row: Property[Any, Any], choices: list[Recipe[Any]]) -> Recipe[Any] | Space[Any]:
    """The choices as a user writes them: one value, or ``each`` of them in the property."""
    return choices[0] if len(choices) == 1 else row(each(row.read(recipe) for recipe in choices))


def _capacity(host: object) -> Capacity:
    """``host``, if it is a Capacity. Raises DomainError for anything else."""
    if not isinstance(host, Capacity):
        raise DomainError(f"host: got {shown(host)}; takes a Capacity, as in Capacity(memory=16 * GiB)")
    return host


def _recipe(accelerator: object) -> Recipe[Any]:
    """The recipe of one accelerator. Raises ComposeError for anything else."""
    given = recipe_of(accelerator) if isinstance(accelerator, str) else accelerator
    if isinstance(given, Recipe) and accel_of(cast("Recipe[Any]", given)) is not None:
        return cast("Recipe[Any]", given)
    if isinstance(given, Fallback):
        remedy = "tune the alternative that starts, as in space_of(kvm())"
    elif isinstance(given, (Space, Points)):
        remedy = (
            "a space needs no space_of; for several accelerators write each(space_of(kvm()), space_of(tcg()))"
        )
    elif isinstance(given, Recipe):
        remedy = "begin with an accelerator: tcg() | …"
    else:
        remedy = "write tcg() or 'tcg'"
    raise ComposeError(f"space_of: got {shown(accelerator)}; {_TAKES}; {remedy}")
