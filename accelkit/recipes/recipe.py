"""Recipe: a value that is also a pure function, from an option map to an option map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NoReturn, TypeVar, cast

from toolz import pipe  # pyright: ignore[reportUnknownVariableType]  # toolz has no types

from accelkit.errors import ArgvError, ComposeError, DomainError, shown
from accelkit.recipes._shape import Accels, Shape, shape_of
from accelkit.syntax.option_map import OptionMap, check_key, check_text
from accelkit.syntax.qemuopts import escape

#: The accelerators that know a recipe; only a type, for type checkers.
A_contra = TypeVar("A_contra", contravariant=True)
A = TypeVar("A")

EMPTY: Final = OptionMap()
#: Makes an object without __init__, which would look up a shape. Sweeps compose more than anything else.
_new = cast("Callable[[Any], Any]", object.__new__)


@dataclass(frozen=True, slots=True)
class Put:
    """The only primitive step: sets ``key`` to the text ``value``, or removes it (None).

    >>> from accelkit import tb_size
    >>> tb_size(64).steps
    (Put(key='tb-size', value='64', code='tb_size(64)'),)
    """

    key: str
    value: str | None
    #: Python source of the call that made it, for repr; not a part of the value.
    code: str = field(compare=False)
    #: The text that is rendered, commas doubled; empty if the step removes the option.
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
        """The step of a key and a value that were checked before, as a property checks them."""
        new = object.__new__(cls)
        _set_key(new, key)
        _set_value(new, value)
        _set_code(new, code)
        _set_text(new, option_text(key, value))
        return new

    def __call__(self, options: OptionMap, /) -> OptionMap:
        return options.with_option(self.key, self.value)


#: Set the fields of a frozen dataclass in half the time that object.__setattr__ takes.
_set_key, _set_value, _set_code, _set_text = (getattr(Put, name).__set__ for name in Put.__slots__)


def option_text(key: str, value: str) -> str:
    """One option as QEMU reads it, commas doubled. The accelerator's name needs no key."""
    if key == "accel" and value and "=" not in value:
        return escape(value)  # with "=", or empty, it needs its key
    return f"{key}={escape(value)}"


class Recipe(Generic[A_contra]):
    """Steps that are applied left to right; the last value of a property wins.

    ``a | b`` means "a, then b". It is associative, and ``Recipe()`` is its identity. A recipe is a function from an
    option map to an option map, so ``toolz.pipe(OptionMap(), kvm(), shadow_mem(-1))`` works. Recipes are equal if
    their steps are; to compare their effects write ``fold(a) == fold(b)``. ``eval(repr(r)) == r``.

    Raises ComposeError if no accelerator knows both sides.

    >>> from accelkit import OptionMap, kvm, shadow_mem
    >>> recipe = kvm() | shadow_mem("64MiB")
    >>> recipe, recipe(OptionMap())
    (kvm() | shadow_mem(64 * MiB), OptionMap({'accel': 'kvm', 'kvm-shadow-mem': '67108864'}))
    """

    __slots__ = ("_shape", "_steps")
    _steps: tuple[Put, ...]
    _shape: Shape

    def __init__(self, steps: tuple[Put, ...] = (), accels: Accels = None) -> None:
        self._steps = steps
        self._shape = shape_of(tuple((put.key, put.value is not None) for put in steps), accels)

    def with_steps(self, steps: tuple[Put, ...]) -> Recipe[A_contra]:
        """The recipe of ``steps``, which must write the same options as the steps of this one; not checked."""
        new: Recipe[A_contra] = _new(Recipe)
        new._steps = steps
        new._shape = self._shape
        return new

    @property
    def steps(self) -> tuple[Put, ...]:
        """The steps, in the order in which they are applied."""
        return self._steps

    @property
    def accels(self) -> frozenset[str] | None:
        """Names of the accelerators that know every step; None if every accelerator does."""
        return self._shape.accels

    @property
    def text(self) -> str:
        """The ``-accel`` argument: the last text of each property, in the order of QEMU's manual.

        Raises ComposeError if no accelerator is chosen.
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
        if not isinstance(options, OptionMap):  # pyright: ignore[reportUnnecessaryIsInstance]  # a user's pipe may start with anything
            raise ComposeError(
                f"a recipe takes an OptionMap, got {type(options).__name__}; begin with OptionMap()"
            )
        return cast("OptionMap", pipe(options, *self._steps))

    def __or__(self: Recipe[A], other: Recipe[A], /) -> Recipe[A]:
        try:
            shape = self._shape.joined[other._shape]
        except KeyError:  # the first time that these two shapes are joined
            shape = self._shape.join(other._shape)
            if shape is None:
                raise _no_meet(self, other) from None
        except AttributeError:  # not a recipe; a Space has __ror__
            return NotImplemented
        new: Recipe[A] = _new(Recipe)
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


def _no_meet(left: Recipe[Any], right: Recipe[Any]) -> ComposeError:
    """The error for two recipes that no accelerator knows both, with what to write instead."""
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
    """The option map that ``recipe`` makes of the empty one.

    Raises ComposeError for anything but a recipe; of a Space fold the points.

    >>> from accelkit import tb_size, tcg, fold
    >>> fold(tcg() | tb_size(64))
    OptionMap({'accel': 'tcg', 'tb-size': '64'})
    """
    if not isinstance(recipe, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        example = (
            "[fold(point) for point in x]" if hasattr(recipe, "__iter__") else "fold(tcg() | tb_size(64))"
        )
        raise ComposeError(f"fold takes one recipe, got {type(recipe).__name__}; write {example}")
    return recipe(EMPTY)


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
        raise DomainError(f"option({key!r}): got {text!r} ({type(text).__name__}); takes text")
    try:
        key, text = check_key(key), check_text(key, text)
        put = Put(key, text, f"option({key!r}, {text!r})")
    except ArgvError as error:
        raise DomainError(f"option: {error}") from None
    return Recipe((put,), frozenset({text}) if key == "accel" else None)
