"""Alternative: what the controls of one ``-accel`` say, as a value; to and from a recipe. Pure.

A choice is the text of one option, or the texts of a sweep over it. An alternative is an
accelerator and its choices in the order in which they were made, so the recipe reads as it was clicked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accelkit.errors import ComposeError
from accelkit.parsing.notation import evaluate
from accelkit.parsing.recipes import axis_of, recipe_step
from accelkit.recipes.recipe import Put, Recipe
from accelkit.recipes.space import Axis, Factor, Space
from accelkit.recipes.table import PROPERTIES

#: The text of one option, or the texts that a sweep tries in turn.
Choice = str | tuple[str, ...]


def texts(choice: Choice) -> tuple[str, ...]:
    """The texts that ``choice`` stands for; one unless it is a sweep."""
    return choice if isinstance(choice, tuple) else (choice,)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One accelerator with what is set on it; ``accel`` is None where none is chosen yet.

    >>> Alternative("tcg", {"tb-size": ("32", "64")}).recipe()
    tcg() | tb_size(each(32, 64))
    """

    accel: str | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict[str, Choice])
    #: What was set for another accelerator, for when that one is chosen again.
    parked: Mapping[str, Choice] = field(default_factory=dict[str, Choice], compare=False)
    #: What varies together, as in each(shadow_mem(…), dirty_ring_size(…)); composed last.
    axes: Recipe[Any] | Space[Any] | None = None
    parked_axes: Recipe[Any] | Space[Any] | None = field(default=None, compare=False)

    def with_choice(self, key: str, choice: Choice | None) -> Alternative:
        """The same with option ``key`` set to ``choice``, in its old place if it had one; None unsets."""
        choices = dict(self.choices)
        if choice is None:
            choices.pop(key, None)
        else:
            choices[key] = choice
        return replace(self, choices=choices)

    def with_accel(self, accel: str | None) -> Alternative:
        """The same for another accelerator: what that one has not is parked, what it has comes back."""
        every = {**self.parked, **self.choices}
        axes = self.parked_axes if self.axes is None else self.axes
        together = keys_in(axes) if isinstance(axes, Space) else frozenset[str]()
        fitting = {
            key for key in every.keys() | together
            if accel is None or key not in PROPERTIES or accel in PROPERTIES[key].accels
        }  # fmt: skip
        fits = together <= fitting
        return replace(
            self,
            accel=accel,
            choices={key: choice for key, choice in every.items() if key in fitting},
            parked={key: choice for key, choice in every.items() if key not in fitting},
            axes=axes if fits else None,
            parked_axes=None if fits else axes,
        )

    def without_table(self, others: Mapping[str, str]) -> Alternative:
        """The same, with ``others`` in place of all that ``others()`` gives."""
        kept = {key: choice for key, choice in self.choices.items() if key not in self.others()}
        return replace(self, choices={**kept, **others})

    def has_row(self, key: str) -> bool:
        """Whether ``key`` is a property in the table that this accelerator has."""
        return key in PROPERTIES and (self.accel is None or self.accel in PROPERTIES[key].accels)

    def others(self) -> dict[str, str]:
        """The options that have no row for this accelerator, sweeps over such apart."""
        return {
            key: choice for key, choice in self.choices.items()
            if isinstance(choice, str) and not self.has_row(key)
        }  # fmt: skip

    def recipe(self) -> Recipe[Any] | Space[Any]:
        """What is set, composed; a Space where something is swept. Raises DomainError, ComposeError."""
        head: Recipe[Any] = Recipe() if self.accel is None else recipe_step(None, "accel", self.accel)
        composed: Any = head
        for key, choice in self.choices.items():
            name = self._name()
            composed = composed | (
                recipe_step(name, key, choice) if isinstance(choice, str) else axis_of(name, key, choice)
            )
        return composed if self.axes is None else composed | self.axes

    def _name(self) -> str | None:
        """The accelerator that decides which rows fit; without one, any that has them all."""
        known = [PROPERTIES[key].accels for key in self.choices if key in PROPERTIES]
        if self.accel is None and known and not known[0].intersection(*known):
            return ""  # nothing takes them all: each stays as it is written
        return self.accel

    def plain(self, chosen: Mapping[str, str], place: int = 0) -> Alternative:
        """One point of it: of each sweep the text in ``chosen``, or the first; of the axes that at ``place``."""
        return Alternative(
            self.accel,
            {key: chosen.get(key, texts(choice)[0]) for key, choice in self.choices.items()},
            axes=self.axes[place] if isinstance(self.axes, Space) else self.axes,
        )


def alternative_of(x: Recipe[Any] | Space[Any]) -> Alternative | None:
    """The alternative that composes to ``x``; None for a space that no row of controls can show."""
    accel: str | None = None
    choices: dict[str, Choice] = {}
    axes: list[Factor] = []
    together: frozenset[str] = frozenset()  # what the axes write
    for factor in (x,) if isinstance(x, Recipe) else x.factors:
        written, keys = _written(factor), keys_of(factor)
        if keys is not None and (axes or written is None):  # behind another, to keep the order of the points
            axes.append(factor)
            together |= keys
            continue
        if written is None or not together.isdisjoint(key for key, _ in written):
            return None
        for key, choice in written:
            swept = isinstance(choices.get(key), tuple)
            if (
                swept
                or (key in choices and isinstance(choice, tuple))
                or (key == "accel" and isinstance(choice, tuple))
            ):
                return None  # overwriting a sweep changes the number of points
            if key == "accel":
                accel = choice if isinstance(choice, str) else None
            elif choice is None:
                choices.pop(key, None)
            else:
                choices[key] = choice
    return Alternative(accel, choices, axes=Space(tuple(axes)) if axes else None)


def _written(factor: Any) -> list[tuple[str, Choice | None]] | None:
    """What one factor of a space writes; None for an axis that is more than values of one option."""
    if isinstance(factor, Recipe):
        return [(put.key, put.value) for put in factor.steps]
    if not isinstance(factor, Axis):
        return None
    puts: list[tuple[Put, ...]] = [
        choice.steps if isinstance(choice, Recipe) else () for choice in factor.choices
    ]
    if any(len(steps) != 1 for steps in puts) or len({steps[0].key for steps in puts}) != 1:
        return None
    values = tuple(steps[0].value for steps in puts)
    swept = tuple(value for value in values if value is not None)
    return [(puts[0][0].key, swept)] if len(swept) == len(values) else None


def keys_of(factor: object) -> frozenset[str] | None:
    """The options that an axis of plain recipes writes; None for what is no such axis, or chooses accelerators."""
    if not isinstance(factor, Axis):
        return None
    keys: set[str] = set()
    for choice in factor.choices:
        if not isinstance(choice, Recipe):
            return None
        keys |= {put.key for put in choice.steps}
    return None if "accel" in keys else frozenset(keys)


def keys_in(space: Space[Any]) -> frozenset[str]:
    """The options that any of its axes writes."""
    return frozenset[str]().union(*(keys_of(factor) or () for factor in space.factors))


def read_axes(shown: str) -> Space[Any] | None:
    """The axes that a field means; None where it is empty. Raises ComposeError.

    >>> read_axes("each(shadow_mem('64MiB'), dirty_ring_size(4096))")
    each(shadow_mem(64 * MiB), dirty_ring_size(4096))
    """
    if not shown.strip():
        return None
    found = evaluate(shown)
    if isinstance(found, Space) and all(keys_of(factor) is not None for factor in found.factors):
        return found
    raise ComposeError(
        f"{shown!r}: here stands what varies together, without an accelerator; "
        "write each(…, …), as in each(tb_size(64), thread(single) | tb_size(8))"
    )
