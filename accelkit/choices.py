"""each, doubling, first_of: how choices and alternatives are written down."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, TypeVar, overload

from toolz import concat, unique

from accelkit.errors import ComposeError, DomainError
from accelkit.fallback import Fallback, accel_of
from accelkit.recipe import A, Recipe
from accelkit.space import Alternatives, Axis, Each, Space

V = TypeVar("V")


@overload
def each(*choices: Recipe[A] | Space[A]) -> Space[A]: ...
@overload
def each(*choices: V | Each[V]) -> Each[V]: ...
def each(*choices: Any) -> Any:
    """Each of these: values for use inside a property, or whole recipes as a Space.

    Raises ComposeError for no choices, a choice given twice, or values and recipes mixed.

    >>> from accelkit import kvm, render, tb_size, tcg
    >>> space = each(kvm(), tcg() | tb_size(each(32, 256)))
    >>> len(space), render(space[2])
    (3, ['-accel', 'tcg,tb-size=256'])
    """
    if not choices:
        raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")
    composed = [isinstance(choice, (Recipe, Space, Fallback)) for choice in choices]
    if all(composed):
        _refuse_twice(choices)
        return Space((Axis(tuple(choices), f"each({', '.join(map(repr, choices))})"),))
    if any(composed):
        odd = choices[composed.index(False)]
        raise ComposeError(f"each: {odd!r} is a value among recipes; give values or recipes, not both")
    values = tuple(concat(c.values if isinstance(c, Each) else (c,) for c in choices))
    _refuse_twice(values)
    return Each(values)


def _refuse_twice(choices: Iterable[Any]) -> None:
    """ComposeError where a choice is there twice; True and 1 are two."""
    listed = [(type(choice), choice if isinstance(choice, Hashable) else repr(choice)) for choice in choices]
    if len(list(unique(listed))) < len(listed):
        twice = next(choice for place, (_, choice) in enumerate(listed) if listed[place] in listed[:place])
        raise ComposeError(f"each: {twice!r} is there twice; name each choice once")


def doubling(low: int, high: int) -> Each[int]:
    """``low``, twice that, and so on up to ``high``, which must be one of them; in the same unit.

    Raises DomainError where doubling ``low`` never gives ``high``.

    >>> doubling(32, 256)
    each(32, 64, 128, 256)
    """
    for name, end in (("low", low), ("high", high)):
        if type(end) is not int or end < 1:
            raise DomainError(f"doubling: {name} is {end!r}; takes a whole number of 1 or more")
    values = [low]
    while values[-1] < high:
        values.append(2 * values[-1])
    if values[-1] != high:
        ends = " or ".join(str(end) for end in values[-2:] if end >= low)
        raise DomainError(f"doubling({low}, {high}): doubling {low} does not give {high}; end at {ends}")
    return Each(tuple(values))


@overload
def first_of(*alternatives: Recipe[Any] | Fallback) -> Fallback: ...
@overload
def first_of(*alternatives: Recipe[Any] | Space[Any] | Fallback) -> Space[Any]: ...
def first_of(*alternatives: Any) -> Any:
    """The alternatives as QEMU tries them, in order: one ``-accel`` pair each; a Space if one is.

    An alternative must choose an accelerator; options belong inside it. Raises ComposeError.

    >>> from accelkit import kvm, render, tb_size, tcg
    >>> render(first_of(kvm(), tcg() | tb_size(256)))
    ['-accel', 'kvm', '-accel', 'tcg,tb-size=256']
    """
    flat = tuple(concat(a.alternatives if isinstance(a, Fallback) else (a,) for a in alternatives))
    if not flat:
        raise ComposeError("first_of(): nothing to try; give recipes, as in first_of(kvm(), tcg())")
    for alternative in flat:
        specimen = alternative[0] if isinstance(alternative, Space) else alternative
        if not isinstance(specimen, Recipe):
            raise ComposeError(f"first_of takes recipes, got {alternative!r}; call it, as in kvm()")
        if accel_of(specimen) is None:
            raise ComposeError(
                f"first_of: {alternative!r} chooses no accelerator; begin it with one: tcg() | …"
            )
    if any(isinstance(alternative, Space) for alternative in flat):
        return Space((Alternatives(flat),))
    return Fallback(flat)
