"""Alternative: the controls of one ``-accel`` option as a value; to and from a recipe. Pure.

A choice is the text of one option, or the texts of a sweep over it. An alternative is an accelerator and its
choices in the order in which the user made them, so that the recipe has the order of the clicks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accelkit.parsing.sweeps import axis_of, recipe_step
from accelkit.recipes.factors import Axis, Factor
from accelkit.recipes.put import Put
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.table import PROPERTIES
from accelkit.widgets.joint_axes import keys_in, keys_of

#: The text of one option, or the texts that a sweep tries one after the other.
Choice = str | tuple[str, ...]


def texts(choice: Choice) -> tuple[str, ...]:
    """The texts of ``choice``: several for a sweep, else one."""
    return choice if isinstance(choice, tuple) else (choice,)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One accelerator and the options set for it; ``accel`` is None until one is chosen.

    >>> Alternative("tcg", {"tb-size": ("32", "64")}).recipe()
    tcg() | tb_size(each(32, 64))
    """

    accel: str | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict[str, Choice])
    #: Options set for another accelerator, which return when the user chooses that one again.
    parked: Mapping[str, Choice] = field(default_factory=dict[str, Choice], compare=False)
    #: Options that vary together, as in each(shadow_mem(…), dirty_ring_size(…)); composed last.
    axes: Recipe[Any] | Space[Any] | None = None
    parked_axes: Recipe[Any] | Space[Any] | None = field(default=None, compare=False)

    def with_choice(self, key: str, choice: Choice | None) -> Alternative:
        """A copy with option ``key`` set to ``choice``, in its old place if it had one; None unsets it."""
        choices = dict(self.choices)
        if choice is None:
            choices.pop(key, None)
        else:
            choices[key] = choice
        return replace(self, choices=choices)

    def with_accel(self, accel: str | None) -> Alternative:
        """A copy for another accelerator: options that it lacks are parked, parked ones that it has return."""
        choices = {**self.parked, **self.choices}
        axes = self.parked_axes if self.axes is None else self.axes
        together = keys_in(axes) if isinstance(axes, Space) else frozenset[str]()
        fitting = {
            key for key in choices.keys() | together
            if accel is None or key not in PROPERTIES or accel in PROPERTIES[key].accels
        }  # fmt: skip
        fits = together <= fitting
        return replace(
            self,
            accel=accel,
            choices={key: choice for key, choice in choices.items() if key in fitting},
            parked={key: choice for key, choice in choices.items() if key not in fitting},
            axes=axes if fits else None,
            parked_axes=None if fits else axes,
        )

    def with_others(self, others: Mapping[str, str]) -> Alternative:
        """A copy with ``others`` in place of the options that have no control."""
        controlled = {key: choice for key, choice in self.choices.items() if key not in self.others()}
        return replace(self, choices={**controlled, **others})

    def has_row(self, key: str) -> bool:
        """Whether ``key`` is a property of this accelerator in the table, and so has a control."""
        return key in PROPERTIES and (self.accel is None or self.accel in PROPERTIES[key].accels)

    def others(self) -> dict[str, str]:
        """The options without a control and their texts; without those that are swept."""
        return {
            key: choice for key, choice in self.choices.items()
            if isinstance(choice, str) and not self.has_row(key)
        }  # fmt: skip

    def recipe(self) -> Recipe[Any] | Space[Any]:
        """The options as a recipe; as a Space where one is swept. Raises DomainError, ComposeError."""
        head: Recipe[Any] = Recipe() if self.accel is None else recipe_step(None, "accel", self.accel)
        composed: Any = head
        for key, choice in self.choices.items():
            name = self._name()
            composed = composed | (
                recipe_step(name, key, choice) if isinstance(choice, str) else axis_of(name, key, choice)
            )
        return composed if self.axes is None else composed | self.axes

    def _name(self) -> str | None:
        """The accelerator whose properties apply; empty where none is chosen and no accelerator has all options."""
        accels = [PROPERTIES[key].accels for key in self.choices if key in PROPERTIES]
        if self.accel is None and accels and not accels[0].intersection(*accels):
            return ""  # then each option keeps its text
        return self.accel

    def plain(self, chosen: Mapping[str, str], place: int = 0) -> Alternative:
        """One point: of each sweep the text in ``chosen``, or its first; of the axes the point at ``place``."""
        return Alternative(
            self.accel,
            {key: chosen.get(key, texts(choice)[0]) for key, choice in self.choices.items()},
            axes=self.axes[place] if isinstance(self.axes, Space) else self.axes,
        )


def alternative_of(x: Recipe[Any] | Space[Any]) -> Alternative | None:
    """The alternative that composes to ``x``; None for a space that the controls cannot show."""
    accel: str | None = None
    choices: dict[str, Choice] = {}
    axes: list[Factor] = []
    together: frozenset[str] = frozenset()  # the options that the joint axes write
    for factor in (x,) if isinstance(x, Recipe) else x.factors:
        writes, keys = _writes(factor), keys_of(factor)
        if keys is not None and (
            axes or writes is None
        ):  # or it follows another: that keeps the order of the points
            axes.append(factor)
            together |= keys
            continue
        if writes is None or not together.isdisjoint(key for key, _ in writes):
            return None
        for key, choice in writes:
            swept = isinstance(choices.get(key), tuple)
            if (
                swept
                or (key in choices and isinstance(choice, tuple))
                or (key == "accel" and isinstance(choice, tuple))
            ):
                return None  # a second write to a sweep changes the number of points
            if key == "accel":
                accel = choice if isinstance(choice, str) else None
            elif choice is None:
                choices.pop(key, None)
            else:
                choices[key] = choice
    return Alternative(accel, choices, axes=Space(tuple(axes)) if axes else None)


def _writes(factor: Any) -> list[tuple[str, Choice | None]] | None:
    """The options that one factor of a space writes; None for an axis over more than one option."""
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
