"""Recipe: a pure function from an option map to an option map, and also a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, NoReturn, TypeVar, cast

from toolz import pipe  # pyright: ignore[reportUnknownVariableType]  # toolz has no types

from accelkit.errors import ArgvError, ComposeError, DomainError, shown
from accelkit.recipes._shape import Accels, Shape, shape_of
from accelkit.syntax.option_map import OptionMap, check_key, check_text
from accelkit.syntax.qemuopts import escape

#: The accelerators a recipe may be used on; a type for checkers, never a value.
A_contra = TypeVar("A_contra", contravariant=True)
A = TypeVar("A")

EMPTY: Final = OptionMap()


@dataclass(frozen=True, slots=True)
class Put:
    """The one primitive step: sets ``key`` to the text ``value``, or takes it away (None)."""

    key: str
    value: str | None
    #: Python source of the combinator that made it; for repr, not part of the value.
    code: str = field(compare=False)
    #: What is rendered, commas doubled; empty where the step takes the option away.
    text: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        key = check_key(self.key)
        value = None if self.value is None else check_text(key, self.value)
        text = "" if value is None else option_text(key, value)
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "text", text)

    @classmethod
    def trusted(cls, key: str, value: str, code: str) -> Put:
        """The step of a key and value that were checked before, as a property checks them."""
        new = object.__new__(cls)
        _set_key(new, key)
        _set_value(new, value)
        _set_code(new, code)
        _set_text(new, option_text(key, value))
        return new

    def __call__(self, options: OptionMap, /) -> OptionMap:
        return options.with_option(self.key, self.value)


#: Past the frozen dataclass's own setter, which costs twice as much.
_set_key, _set_value, _set_code, _set_text = (getattr(Put, name).__set__ for name in Put.__slots__)


def option_text(key: str, value: str) -> str:
    """One option as QEMU must be given it; the accelerator's name comes without its key."""
    if key == "accel" and value and "=" not in value:
        return escape(value)  # with "=", or empty, the key must be spelt out
    return f"{key}={escape(value)}"


class Recipe(Generic[A_contra]):
    """Steps applied left to right; the last write of a property wins.

    ``a | b`` is "then": associative, with ``Recipe()`` as identity. A recipe is callable (an option
    map in, an option map out), so ``toolz.pipe(OptionMap(), kvm(), tb)`` works. Equality is of the
    steps as written; compare ``fold(a) == fold(b)`` for the effect. ``eval(repr(r)) == r``.

    Raises ComposeError where the two sides share no accelerator.
    """

    __slots__ = ("_shape", "_steps")
    _steps: tuple[Put, ...]
    _shape: Shape

    def __init__(self, steps: tuple[Put, ...] = (), accels: Accels = None) -> None:
        self._steps = steps
        self._shape = shape_of(tuple((put.key, put.value is not None) for put in steps), accels)

    @classmethod
    def of_shape(cls, steps: tuple[Put, ...], shape: Shape) -> Recipe[Any]:
        """The recipe of ``steps``, whose shape is known to be ``shape``."""
        new: Recipe[Any] = _blank()
        new._steps = steps
        new._shape = shape
        return new

    @property
    def steps(self) -> tuple[Put, ...]:
        """The steps, in the order in which they are applied."""
        return self._steps

    @property
    def accels(self) -> frozenset[str] | None:
        """Names of the accelerators that know every step; None where any will do."""
        return self._shape.accels

    @property
    def text(self) -> str:
        """The ``-accel`` argument: each property's last text, in the order of QEMU's manual.

        Raises ComposeError where no accelerator is chosen.
        """
        picked = self._shape.picked
        if picked is None:
            raise ComposeError(
                f"{self!r} chooses no accelerator; begin with one, as in tcg() | …"
                if self._steps
                else "an empty recipe chooses no accelerator; begin with kvm(), tcg() or another"
            )
        return ",".join(picked([put.text for put in self._steps]))

    def __call__(self, options: OptionMap, /) -> OptionMap:
        if not isinstance(options, OptionMap):  # pyright: ignore[reportUnnecessaryIsInstance]  # a user's pipe may begin with anything
            raise ComposeError(
                f"a recipe takes an OptionMap, got {type(options).__name__}; begin with OptionMap()"
            )
        return cast("OptionMap", pipe(options, *self._steps))

    def __or__(self: Recipe[A], other: Recipe[A], /) -> Recipe[A]:
        try:
            shape = self._shape.joined[other._shape]
        except KeyError:  # two shapes that meet for the first time
            shape = self._shape.join(other._shape)
            if shape is None:
                raise _no_meet(self, other) from None
        except AttributeError:  # no recipe; a Space answers through __ror__
            return NotImplemented
        new: Recipe[A] = _blank()
        new._steps = self._steps + other._steps
        new._shape = shape
        return new

    def __bool__(self) -> NoReturn:
        raise ComposeError(
            "a recipe is neither true nor false; for 'a or b' write first_of(a, b), for 'a and b' write a | b"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Recipe):
            return NotImplemented
        return self._steps == other._steps

    def __hash__(self) -> int:
        return hash(self._steps)

    def __reduce__(self) -> tuple[Any, ...]:
        return Recipe, (self._steps, self._shape.accels)

    def __repr__(self) -> str:
        return " | ".join(put.code for put in self._steps) or "Recipe()"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


_blank: Callable[[], Recipe[Any]] = partial(object.__new__, Recipe)  # past __init__: sweeps compose most


def _no_meet(left: Recipe[Any], right: Recipe[Any]) -> ComposeError:
    """The error for two sides that no accelerator can take, with the rewrite."""
    chosen = [step.code for step in left.steps if step.key == "accel"]
    choosing = [step.code for step in right.steps if step.key == "accel"]
    if chosen and choosing:
        return ComposeError(
            f"{chosen[-1]} | {choosing[-1]}: one -accel has one accelerator; for 'else' write "
            f"first_of({left!r}, {right!r}), to try both in a sweep each({left!r}, {right!r})"
        )
    culprit = right if chosen or not choosing else left
    mine, theirs = ([name or "''" for name in sorted(side.accels or ())] for side in (left, right))
    if choosing:
        mine, theirs = theirs, mine
    return ComposeError(
        f"{shown(culprit)} is for {' and '.join(theirs)}, not for {' or '.join(mine)}; "
        f"leave it out, or begin with {' or '.join(f'{name}()' for name in theirs)}"
    )


def fold(recipe: Recipe[Any]) -> OptionMap:
    """The immutable option map that ``recipe`` makes of the empty one.

    Raises ComposeError for what is no recipe, as a Space: fold its points.

    >>> from accelkit import tb_size, tcg, fold
    >>> fold(tcg() | tb_size(64))
    OptionMap({'accel': 'tcg', 'tb-size': '64'})
    """
    if not isinstance(recipe, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        each = "[fold(each) for each in x]" if hasattr(recipe, "__iter__") else "fold(tcg() | tb_size(64))"
        raise ComposeError(f"fold takes one recipe, got {type(recipe).__name__}; write {each}")
    return recipe(EMPTY)


def option(key: str, text: str) -> Recipe[Any]:
    """A recipe that sets ``key`` to ``text`` unchecked: the way to what the table lacks.

    A property of a newer or patched QEMU, or a value that only that one takes. ``check`` still
    judges it. Raises DomainError where no argv could carry it: a name with ``=`` or ``,``, or
    a NUL or line break anywhere.

    >>> from accelkit import render, tcg
    >>> render(tcg() | option("x-new", "a,b"))
    ['-accel', 'tcg,x-new=a,,b']
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise DomainError(f"option({key!r}): got {text!r} ({type(text).__name__}); takes text")
    try:
        key, text = check_key(key), check_text(key, text)
        put = Put(key, text, f"option({key!r}, {text!r})")
    except ArgvError as error:
        raise DomainError(f"option: {error}") from None
    return Recipe((put,), frozenset({text}) if key == "accel" else None)
