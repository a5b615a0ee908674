"""each, doubling and first_of: values and recipes to try, and alternatives in order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar, cast, overload

from accelkit.errors import ComposeError, DomainError, shown
from accelkit.recipes.factors import Alternatives, Axis
from accelkit.recipes.fallback import Fallback, accel_of
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.recipe import A, Recipe
from accelkit.recipes.space import Points, Space
from accelkit.recipes.values import Each

V = TypeVar("V")


@overload  # recipes first: they are values too, so the type decides
def each(*choices: Recipe[A] | Space[A]) -> Space[A]: ...  # pyright: ignore[reportOverlappingOverload]
@overload
def each(*choices: V | Each[V]) -> Each[V]: ...
def each(*choices: Any) -> Any:
    """Choices to try one after the other: values for a property, or recipes, which make a Space.

    Raises ComposeError for no choices, equal choices, or a mixture of values and recipes.

    >>> from accelkit import kvm, render, tb_size, tcg
    >>> space = each(kvm(), tcg() | tb_size(each(32, 256)))
    >>> len(space), render(space[2])
    (3, ['-accel', 'tcg,tb-size=256'])
    """
    if not choices:
        raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")
    for choice in choices:
        if isinstance(choice, (Accelerator, Property)):
            value = "…" if isinstance(choice, Property) else ""
            raise ComposeError(f"each: {choice!r} is not called; write {choice!r}({value})")
        if isinstance(choice, Points):
            raise ComposeError("each: a slice or sample is many points; write each(*points)")
    composed = [isinstance(choice, (Recipe, Space, Fallback)) for choice in choices]
    if all(composed):
        _refuse_twice(choices)
        space: Space[Any] = Space((Axis(tuple(choices), f"each({', '.join(map(repr, choices))})"),))
        return space
    if any(composed):
        odd = choices[composed.index(False)]
        raise ComposeError(f"each: {shown(odd)} is a value among recipes; give values or recipes, not both")
    values = tuple(chain.from_iterable(_values(choice) for choice in choices))
    _refuse_twice(values)
    return Each(values)


def _values(choice: Any) -> tuple[Any, ...]:
    """The values of an Each; of anything else a tuple with itself."""
    return cast("Each[Any]", choice).values if isinstance(choice, Each) else (choice,)


def _alternatives(x: Any) -> tuple[Any, ...]:
    """The alternatives of a fallback, which is flattened: QEMU knows one list. Of anything else a tuple with itself."""
    return x.alternatives if isinstance(x, Fallback) else (x,)


def _refuse_twice(choices: Iterable[Any]) -> None:
    """Raises ComposeError if a choice occurs twice. True and 1 are different choices."""
    before: set[Any] = set()
    for choice in choices:
        key: Any = type(choice), choice
        try:
            twice = key in before
        except Exception:  # noqa: BLE001  # a list, or a __hash__ of the caller's that fails
            key = type(choice), shown(choice)
            twice = key in before
        if twice:
            raise ComposeError(f"each: {shown(choice)} is there twice; name each choice once")
        before.add(key)


def doubling(low: int, high: int) -> Each[int]:
    """The values ``low``, 2 * ``low``, 4 * ``low``, … up to ``high``, in the unit of the property.

    Raises DomainError if doubling ``low`` never gives ``high``.

    >>> doubling(32, 256)
    each(32, 64, 128, 256)
    """
    for name, end in (("low", low), ("high", high)):
        if type(end) is not int or not 1 <= end < 1 << 64:
            raise DomainError(f"doubling: {name} is {shown(end)}; takes a whole number from 1 to 2^64 - 1")
    values = [low]
    while values[-1] < high:
        values.append(2 * values[-1])
    if values[-1] != high:
        ends = " or ".join(map(str, values[-2:]))
        raise DomainError(f"doubling({low}, {high}): doubling {low} does not give {high}; end at {ends}")
    return Each(tuple(values))


@overload
def first_of(*alternatives: Recipe[Any] | Fallback) -> Fallback: ...  # pyright: ignore[reportOverlappingOverload]
@overload
def first_of(*alternatives: Recipe[Any] | Space[Any] | Fallback) -> Space[Any]: ...
def first_of(*alternatives: Any) -> Any:
    """The alternatives in the order in which QEMU tries them, one ``-accel`` for each; a Space if one of them is.

    Every alternative must choose an accelerator, and contains its own options. Raises ComposeError otherwise.

    >>> from accelkit import kvm, render, tb_size, tcg
    >>> render(first_of(kvm(), tcg() | tb_size(256)))
    ['-accel', 'kvm', '-accel', 'tcg,tb-size=256']
    """
    flat = tuple(chain.from_iterable(_alternatives(alternative) for alternative in alternatives))
    if not flat:
        raise ComposeError("first_of(): nothing to try; give recipes, as in first_of(kvm(), tcg())")
    for alternative in flat:
        specimens = alternative.kinds.values() if isinstance(alternative, Space) else (alternative,)
        for specimen in specimens:
            if not isinstance(specimen, (Recipe, Fallback)):
                raise ComposeError(f"first_of takes recipes, got {shown(alternative)}; call it, as in kvm()")
            if isinstance(specimen, Recipe) and accel_of(cast("Recipe[Any]", specimen)) is None:
                raise ComposeError(
                    f"first_of: {shown(specimen)} chooses no accelerator; begin it with one: tcg() | …"
                )
    if any(isinstance(alternative, Space) for alternative in flat):
        space: Space[Any] = Space((Alternatives(flat),))
        return space
    return Fallback(flat)
