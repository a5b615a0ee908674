"""Recipes of options that are no single property: ``option`` for any text, ``unset``, and functions that set two properties."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final, TypeVar, cast, overload

from accelkit.errors import ArgvError, DomainError, shown
from accelkit.recipes.factors import Axis
from accelkit.recipes.property import Property
from accelkit.recipes.put import Half, Put
from accelkit.recipes.recipe import A_contra, Recipe
from accelkit.recipes.space import Space
from accelkit.syntax.option_map import check_key, check_text

#: The functions that set two properties by one call, each with its properties. ``sets`` fills it.
_BOTH: Final[dict[object, tuple[Property[Any, Any], Property[Any, Any]]]] = {}
Function = TypeVar("Function", bound="Callable[..., Any]")


def sets(first: Property[Any, Any], second: Property[Any, Any]) -> Callable[[Function], Function]:
    """A decorator for a function that sets both properties: ``unset`` takes the function, and removes both."""

    def marked(function: Function) -> Function:
        _BOTH[function] = first, second
        return function

    return marked


def half(part: Any, call: str, keyword: str = "") -> Any:
    """``part``, a recipe or an axis of one property, as one half of the function ``call``.

    The first half has no ``keyword``. For ``repr`` only: it is equal to ``part``.
    """
    if isinstance(part, Space):
        axis = cast("Axis", part.factors[0])  # of one property
        choices = tuple(half(choice, call, keyword) for choice in axis.choices)
        halved: Space[Any] = Space((Axis(choices, _half(axis.code, call, keyword)),))
        return halved
    (put,) = part.steps
    return part.with_steps((Put(put.key, put.value, _half(put.code, call, keyword)),))


def _half(code: str, call: str, keyword: str) -> Half:
    value = code[code.index("(") + 1 : -1]
    last = Half(code, call, f"{keyword}={value}", first=False)
    return last if keyword else Half(f"{call}({value})", call, value, first=True)


@overload
def unset(prop: Property[Any, A_contra] | str) -> Recipe[A_contra]: ...
@overload
def unset(prop: Callable[..., Recipe[A_contra] | Space[A_contra]]) -> Recipe[A_contra]: ...
def unset(prop: Any) -> Recipe[Any]:
    """A recipe that removes ``prop``, so that QEMU uses its default again. ``unset(notify)`` removes both of its options.

    Raises DomainError for anything but a property, the QEMU name of one, or ``notify``.

    >>> from accelkit import kvm, notify, render, run, tb_size, tcg
    >>> render(tcg() | tb_size(64) | unset(tb_size))
    ['-accel', 'tcg']
    >>> render(kvm() | notify(run, window=1000) | unset(notify))
    ['-accel', 'kvm']
    """
    if isinstance(prop, Property):
        row = cast("Property[Any, Any]", prop)
        return Recipe((Put(row.key, None, f"unset({row.name})"),), row.accels)
    if isinstance(prop, FunctionType) and prop in _BOTH:
        first, second = _BOTH[prop]
        codes = (
            Half(f"unset({first.name})", "unset", prop.__name__, first=True),
            Half(f"unset({second.name})", "unset", "", first=False),
        )
        puts = tuple(Put(row.key, None, code) for row, code in zip((first, second), codes, strict=True))
        return Recipe(puts, first.accels & second.accels)
    if not isinstance(prop, str) or str.__eq__(prop, "accel"):
        raise DomainError(f"unset: got {shown(prop)}; takes a property such as tb_size, or its QEMU name")
    prop = str.__str__(prop)  # of a subclass the text counts, whatever its methods do
    try:
        return Recipe((Put(prop, None, f"unset({prop!r})"),))
    except ArgvError as error:
        raise DomainError(f"unset: {error}") from None


def option(key: str, text: str) -> Recipe[Any]:
    """A recipe that sets ``key`` to ``text``, without checking either: for what the table lacks.

    As for a property of a newer or patched QEMU, or a value that only such a QEMU takes. ``check`` still
    checks it against a schema. Raises DomainError if no argv can contain it: a name with ``=`` or ``,``, a NUL or
    line break in either.

    >>> from accelkit import render, tcg
    >>> render(tcg() | option("x-new", "a,b"))
    ['-accel', 'tcg,x-new=a,,b']
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise DomainError(f"option({shown(key)}): got {shown(text)} ({type(text).__name__}); takes text")
    text = str.__str__(text)  # of a subclass the text counts, whatever its methods do
    try:
        key, text = check_key(key), check_text(key, text)
        put = Put(key, text, f"option({key!r}, {text!r})")
    except ArgvError as error:
        raise DomainError(f"option: {error}") from None
    return Recipe((put,), frozenset({text}) if key == "accel" else None)
