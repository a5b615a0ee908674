"""each, doubling and first_of: values and recipes to try, and alternatives in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any, Final, TypeVar, cast, overload

from accelkit.errors import ComposeError, DomainError, shown
from accelkit.recipes.factors import Alternatives, Axis
from accelkit.recipes.fallback import Fallback, accel_of
from accelkit.recipes.points import Points
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.recipe import A, Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.values import Doubling, Each, doubled

V = TypeVar("V")
#: What stands for itself in ``each``, although some of it has items.
_SINGLE: Final = (str, bytes, Recipe, Space, Fallback, Each, Doubling, Accelerator, Property)
MOST_VALUES: Final = 1_000_000


@overload  # recipes first: they are values too, so the type decides
def each(*choices: Recipe[A] | Space[A]) -> Space[A]: ...  # pyright: ignore[reportOverlappingOverload]
@overload
def each(*choices: str) -> Each[str]: ...  # text is one value, and not its letters
@overload
def each(choices: list[Recipe[A]] | tuple[Recipe[A], ...], /) -> Space[A]: ...  # pyright: ignore[reportOverlappingOverload]
@overload
def each(choices: Iterable[V], /) -> Each[V]: ...
@overload
def each(*choices: V | Each[V]) -> Each[V]: ...
def each(*choices: Any) -> Any:
    """Choices to try one after the other: values for a property, or recipes, which make a Space.

    A list, a tuple, a range, a generator or an array stands for its items: ``each([32, 256])`` is ``each(32, 256)``. No
    property takes a list, so it can mean nothing else. Outside of ``each`` a list is refused, so that a reader sees
    where a recipe becomes a space.

    Raises ComposeError for no choices, equal choices, a mixture of values and recipes, for a set, which has no order,
    and for a dict.

    >>> from accelkit import kvm, render, tb_size, tcg
    >>> space = each(kvm(), tcg() | tb_size(each(32, 256)))
    >>> len(space), render(space[2])
    (3, ['-accel', 'tcg,tb-size=256'])
    >>> tb_size(each(range(8, 33, 8)))
    tb_size(each(8, 16, 24, 32))
    """
    choices = tuple(chain.from_iterable(_spread(choice, "each") for choice in choices))
    if not choices:
        raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")
    for choice in choices:
        if isinstance(choice, (Accelerator, Property)):
            value = "…" if isinstance(choice, Property) else ""
            raise ComposeError(f"each: {choice!r} is not called; write {choice!r}({value})")
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


def _spread(choice: Any, caller: str) -> tuple[Any, ...]:
    """The items of a list, a range, a generator or an array; of anything else a tuple with itself."""
    if isinstance(choice, _SINGLE):
        return (cast("Any", choice),)
    if isinstance(choice, Points):
        raise ComposeError(f"{caller}: a slice or sample is many points; write {caller}(*points)")
    if isinstance(choice, (set, frozenset)):
        raise ComposeError(
            f"{caller}: got {shown(cast('Any', choice))}; a set has no order; write {caller}(*sorted(…))"
        )
    if isinstance(choice, Mapping):
        raise ComposeError(
            f"{caller}: got {shown(cast('Any', choice))}; for the recipe of a dict write recipe_of(…)"
        )
    try:
        items: Any = (
            choice.tolist() if hasattr(choice, "tolist") else choice
        )  # an array's numbers as Python's
        first: tuple[Any, ...] = tuple(islice(items, MOST_VALUES + 1))
    except Exception:  # noqa: BLE001  # it has no items, or it is the caller's and fails
        return (choice,)
    if len(first) > MOST_VALUES:
        raise ComposeError(f"{caller}: got {shown(choice)}; takes at most {MOST_VALUES} values")
    return first


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


@overload
def doubling(low: int, high: int) -> Each[int]: ...
@overload
def doubling(low: int | str, high: int | str) -> Each[int] | Doubling: ...
def doubling(low: int | str, high: int | str) -> Each[int] | Doubling:
    """The values ``low``, 2 * ``low``, 4 * ``low``, … up to ``high``, in the unit of the property.

    Text with a unit is read, exactly, by the property that takes it: ``tb_size(doubling("256MiB", "1GiB"))``. Raises
    DomainError if doubling ``low`` never gives ``high``; of text the property raises it.

    >>> doubling(32, 256)
    each(32, 64, 128, 256)
    """
    for name, end in (("low", low), ("high", high)):
        if not isinstance(end, str) and (type(end) is not int or not 1 <= end < 1 << 64):
            raise DomainError(
                f"doubling: {name} is {shown(end)}; takes a whole number from 1 to 2^64 - 1, or text such as '64MiB'"
            )
    if isinstance(low, int) and isinstance(high, int):
        return Each(doubled(low, high, f"doubling({low}, {high})"))
    return Doubling(low, high)


@overload
def first_of(*alternatives: Recipe[Any] | Fallback | list[Recipe[Any]]) -> Fallback: ...  # pyright: ignore[reportOverlappingOverload]
@overload
def first_of(*alternatives: Recipe[Any] | Space[Any] | Fallback) -> Space[Any]: ...
def first_of(*alternatives: Any) -> Any:
    """The alternatives in the order in which QEMU tries them, one ``-accel`` for each; a Space if one of them is.

    Every alternative must choose an accelerator, and contains its own options. A list stands for its items. Raises
    ComposeError otherwise.

    >>> from accelkit import kvm, render, tb_size, tcg
    >>> render(first_of(kvm(), tcg() | tb_size(256)))
    ['-accel', 'kvm', '-accel', 'tcg,tb-size=256']
    """
    spread = chain.from_iterable(_spread(alternative, "first_of") for alternative in alternatives)
    flat = tuple(chain.from_iterable(map(_alternatives, spread)))
    if not flat:
        raise ComposeError("first_of(): nothing to try; give recipes, as in first_of(kvm(), tcg())")
    for alternative in flat:
        specimens = alternative.kinds.values() if isinstance(alternative, Space) else (alternative,)
        for specimen in specimens:
            if not isinstance(specimen, (Recipe, Fallback)):
                write = (
                    f"of text write recipe_of({shown(specimen)})"
                    if isinstance(specimen, str)
                    else "call it, as in kvm()"
                )
                raise ComposeError(f"first_of takes recipes, got {shown(alternative)}; {write}")
            if isinstance(specimen, Recipe) and accel_of(cast("Recipe[Any]", specimen)) is None:
                raise ComposeError(
                    f"first_of: {shown(specimen)} chooses no accelerator; begin it with one: tcg() | …"
                )
    if any(isinstance(alternative, Space) for alternative in flat):
        space: Space[Any] = Space((Alternatives(flat),))
        return space
    return Fallback(flat)
