"""Form: the controls of the explorer as a value; to and from the recipe or space that it composes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final, Literal, NamedTuple

from accelkit.checking.check import check
from accelkit.checking.problem import Problem
from accelkit.recipes.choices import each, first_of
from accelkit.recipes.factors import Alternatives, Axis
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Alternative, alternative_of, texts
from accelkit.widgets.joint_axes import keys_in

#: What an explorer's value can be.
Value = Recipe[Any] | Space[Any] | Fallback
#: How several alternatives combine: QEMU tries them in order, or a study compares them.
Combine = Literal["first_of", "each"]
#: The most points that are checked of joint axes, and of a space that the controls cannot show.
_CHECKED: Final = 50


@dataclass(frozen=True, slots=True)
class Form:
    """Alternatives in order, and how several of them combine.

    >>> Form((Alternative("kvm"), Alternative("tcg"))).value()
    first_of(kvm(), tcg())
    """

    alternatives: tuple[Alternative, ...] = (Alternative(),)
    combine: Combine = "first_of"

    def value(self) -> Value:
        """The recipe, space or fallback that it composes. Raises ComposeError or DomainError where it cannot."""
        parts = [alternative.recipe() for alternative in self.alternatives]
        if len(parts) == 1:
            return parts[0]
        if self.combine == "each":
            return each(*parts)
        return first_of(*parts)

    def with_alternative(self, place: int, alternative: Alternative) -> Form:
        """A copy with another alternative at ``place``."""
        rows = self.alternatives
        return replace(self, alternatives=(*rows[:place], alternative, *rows[place + 1 :]))

    def added(self) -> Form:
        """A copy with one more alternative at the end: tcg, which starts everywhere, or kvm if there is a tcg."""
        names = {alternative.accel for alternative in self.alternatives}
        new = Alternative("kvm" if "tcg" in names else "tcg")
        return replace(self, alternatives=(*self.alternatives, new))

    def without(self, place: int) -> Form:
        """A copy without the alternative at ``place``; the only one cannot be removed."""
        rows = self.alternatives
        return self if len(rows) == 1 else replace(self, alternatives=(*rows[:place], *rows[place + 1 :]))

    def moved(self, place: int, by: int) -> Form:
        """A copy with the alternative at ``place`` moved by ``by`` places, at most to the first or last place."""
        rows = list(self.alternatives)
        row = rows.pop(place)
        rows.insert(min(max(place + by, 0), len(rows)), row)
        return replace(self, alternatives=tuple(rows))


def form_of(value: Value) -> Form | None:
    """The form that composes to ``value``; None for a space that has no controls."""
    combine: Combine = "first_of"
    parts: tuple[Any, ...] = (value,)
    if isinstance(value, Fallback):
        parts = value.alternatives
    elif isinstance(value, Space) and len(value.factors) == 1:
        match value.factors[0]:
            case Alternatives(parts=rows):
                parts = rows
            case Axis(choices=rows) if (one := alternative_of(value)) is None or one.axes is not None:
                combine, parts = "each", rows
            case _:
                pass
    alternatives = [alternative_of(part) for part in parts if not isinstance(part, Fallback)]
    rows = tuple(alternative for alternative in alternatives if alternative is not None)
    return Form(rows, combine) if len(rows) == len(parts) else None


class FormProblems(NamedTuple):
    """Problems by their control (the place of the alternative, the option), and those without a control."""

    beside: dict[tuple[int, str], tuple[Problem, ...]]
    general: tuple[Problem, ...]


def judged(form: Form, schema: Schema) -> FormProblems:
    """The problems that the QEMU of ``schema`` has with each control. Raises as ``Form.value`` does.

    Every value of a sweep is checked once, with the first values of the others: QEMU judges each option by
    itself, so checking the sum of the axes finds what checking their product would.
    """
    beside: dict[tuple[int, str], tuple[Problem, ...]] = {}
    general: list[Problem] = []
    for places, point in _specimens(form):
        for problem in check(point, schema):
            key = problem.property
            homes = [
                (place, key) for place in places
                if key is not None
                and form.alternatives[place].accel == problem.accel
                and problem.value in texts(form.alternatives[place].choices.get(key, ()))
            ]  # fmt: skip
            for home in homes:
                beside[home] = tuple(dict.fromkeys((*beside.get(home, ()), problem)))
            if not homes:
                general.append(problem)
    return FormProblems(beside, tuple(dict.fromkeys(general)))


def _specimens(form: Form) -> list[tuple[range, Any]]:
    """Points that together contain every value, each with the places of its alternatives."""
    if form.combine == "each":
        rows = [(range(place, place + 1), (row,)) for place, row in enumerate(form.alternatives)]
    else:
        rows = [(range(len(form.alternatives)), form.alternatives)]
    specimens: list[tuple[range, Any]] = []
    for places, group in rows:
        first = tuple(row.plain({}) for row in group)
        groups = [first]
        for place, row in enumerate(group):
            size = row.axes.size if isinstance(row.axes, Space) else 1
            axes_points = range(min(size, _CHECKED))
            covered = keys_in(row.axes) if isinstance(row.axes, Space) else frozenset[str]()
            for key, choice in row.choices.items():
                # A point of the axes that writes the same option would hide the value: try it with every point.
                groups += [
                    (*first[:place], row.plain({key: text}, point), *first[place + 1 :])
                    for text in texts(choice)[1:]
                    for point in (axes_points if key in covered else (0,))
                ]
            groups += [
                (*first[:place], row.plain({}, point), *first[place + 1 :]) for point in axes_points[1:]
            ]
        specimens += [(places, Form(rows_).value()) for rows_ in groups]
    return specimens


def problems_of(value: Value, schema: Schema) -> tuple[Problem, ...]:
    """The problems of a value that the controls cannot show; of a space, those of its first points."""
    points = value[:_CHECKED] if isinstance(value, Space) else (value,)
    return tuple(dict.fromkeys(chain.from_iterable(check(point, schema) for point in points)))
