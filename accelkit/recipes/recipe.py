"""Recipe: a value that is also a pure function, from an option map to an option map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, Self, TypeVar, cast

from toolz import pipe  # pyright: ignore[reportUnknownVariableType]  # toolz has no types

from accelkit.errors import ComposeError, shown
from accelkit.recipes._shape import Accels, Shape, shape_of
from accelkit.syntax.option_map import OptionMap, check_key, check_text, option_map
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
        return OptionMap.trusted(self.into(options.copy()))

    def into(self, entries: dict[str, str], /) -> dict[str, str]:
        """``entries`` itself, with the option set or removed."""
        if self.value is None:
            entries.pop(self.key, None)
        else:
            entries[self.key] = self.value
        return entries


#: Set the fields of a frozen dataclass in half the time that object.__setattr__ takes.
_set_key, _set_value, _set_code, _set_text = (getattr(Put, name).__set__ for name in Put.__slots__)


def option_text(key: str, value: str) -> str:
    """One option as QEMU reads it, commas doubled. The accelerator's name needs no key."""
    if key == "accel" and value and "=" not in value:
        return escape(value)  # with "=", or empty, it needs its key
    return f"{key}={escape(value)}"


class Half(str):
    """The code of one of the two steps that one call writes, such as ``notify(run, window=1000)``.

    Alone it is code that makes its step. Right after one another, both halves are shown as the call.

    >>> from accelkit import notify, run
    >>> [step.code for step in notify(run, window=1000).steps], notify(run, window=1000)
    (['notify(run)', 'notify_window(1000)'], notify(run, window=1000))
    """

    __slots__ = ("argument", "call", "first")
    call: str  #: the name of the function
    argument: str  #: what this half adds to the call's arguments
    first: bool

    def __new__(cls, code: str, call: str, argument: str, *, first: bool) -> Self:
        made = super().__new__(cls, code)
        made.call, made.argument, made.first = call, argument, first
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _half, (str(self), self.call, self.argument, self.first)


def _half(code: str, call: str, argument: str, first: bool) -> Half:  # pickled by its name
    return Half(code, call, argument, first=first)


def code_of(codes: Iterable[str]) -> str:
    """The codes of steps or factors, joined as they were written."""
    parts: list[str] = []
    for code in codes:
        last = parts[-1] if parts else ""
        if (
            isinstance(code, Half)
            and isinstance(last, Half)
            and (last.first, code.first, last.call) == (True, False, code.call)
        ):
            parts[-1] = f"{code.call}({', '.join(filter(None, (last.argument, code.argument)))})"
        else:
            parts.append(code)
    return " | ".join(parts)


class Recipe(Generic[A_contra]):
    """Steps that are applied left to right; the last value of a property wins.

    ``a | b`` means "a, then b". It is associative, and ``Recipe()`` is its identity. A recipe is a function from an
    option map to an option map, so ``toolz.pipe({}, kvm(), shadow_mem(-1))`` works. Recipes are equal if
    their steps are; to compare their effects write ``fold(a) == fold(b)``. ``eval(repr(r)) == r``.

    Raises ComposeError if no accelerator knows both sides.

    >>> from accelkit import OptionMap, kvm, shadow_mem
    >>> recipe = kvm() | shadow_mem("64MiB")
    >>> recipe, recipe(OptionMap())
    (kvm() | shadow_mem(64 * MiB), OptionMap({'accel': 'kvm', 'kvm-shadow-mem': '67108864'}))
    """

    __slots__ = ("_shape", "_steps")
    __array_ufunc__ = None  # numpy leaves its array | recipe to the recipe
    _steps: tuple[Put, ...]
    _shape: Shape

    def __init__(self, steps: tuple[Put, ...] = (), accels: Accels = None) -> None:
        if type(steps) is not tuple or not all(isinstance(put, Put) for put in steps):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise ComposeError(f"Recipe: got {shown(steps)}; takes a tuple of Put; write tcg() | tb_size(64)")
        if accels is not None and not isinstance(accels, frozenset):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ComposeError(f"Recipe: accels is {shown(accels)}; takes a frozenset of names, or None")
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
                f"{shown(self)} chooses no accelerator; begin with one, as in tcg() | …"
                if self._steps
                else "an empty recipe chooses no accelerator; begin with kvm(), tcg() or another"
            )
        return ",".join(picked([put.text for put in self._steps]))

    def __call__(self, options: Mapping[str, str], /) -> OptionMap:
        if not isinstance(options, OptionMap):
            if not isinstance(options, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  # a user's pipe may start with anything
                join = (
                    "; to join recipes write a | b"
                    if isinstance(options, Recipe)
                    else "; begin with OptionMap() or {}"
                )
                raise ComposeError(f"a recipe takes an option map, got {type(options).__name__}{join}")
            options = OptionMap(options)
        # The steps write into one copy: one map for each of thousands of steps would take time for each pair.
        return OptionMap.trusted(
            cast("dict[str, str]", pipe(options.copy(), *[put.into for put in self._steps]))
        )

    def __or__(self: Recipe[A], other: Recipe[A], /) -> Recipe[A]:
        try:
            shape = self._shape.joined[other._shape]
        except KeyError:  # the first time that these two shapes are joined
            if not isinstance(other, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # the class itself has the attribute
                return unjoined(self, other)
            shape = self._shape.join(other._shape)
            if shape is None:
                raise words().no_meet(self, other) from None
        except AttributeError:  # not a recipe; a Space has __ror__
            return unjoined(self, other)
        new: Recipe[A] = _new(Recipe)
        new._steps = self._steps + other._steps
        new._shape = shape
        return new

    if not TYPE_CHECKING:  # checkers refuse other operands themselves

        def __ror__(self, other: object, /) -> NoReturn:
            raise words().no_recipe(other, f"… | {shown(self)}")

        def __add__(self, other: object, /) -> NoReturn:
            raise words().not_joined(self, other)

        __and__ = __rshift__ = __add__

        def __getattr__(self, name: str) -> NoReturn:
            raise words().no_attribute(name)

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
        return code_of([put.code for put in self._steps]) or "Recipe()"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def unjoined(left: object, right: object) -> Any:
    """NotImplemented if the type of ``right`` says in Python what ``left | right`` is. Raises ComposeError otherwise."""
    answers = isinstance(getattr(type(right), "__ror__", None), FunctionType)
    if answers and not isinstance(right, OptionMap):
        return NotImplemented
    raise words().no_recipe(right, f"{shown(left)} | …")


def words() -> Any:
    """The module with the words for what is no recipe. Only errors load it."""
    from accelkit.recipes import operands

    return operands


def joined(recipes: Iterable[Recipe[Any]]) -> Recipe[Any]:
    """All ``recipes``, one after another: ``a | b | c``, in time that grows with their number only.

    Raises ComposeError if no accelerator knows them all.
    """
    steps: list[Put] = []
    accels: Accels = None
    for recipe in recipes:
        known = recipe.accels
        meet = known if accels is None else accels if known is None else accels & known
        if meet is not None and not meet:
            raise words().no_meet(Recipe(tuple(steps), accels), recipe)
        accels = meet
        steps += recipe.steps
    return Recipe(tuple(steps), accels)


def fold(recipe: Recipe[Any] | Mapping[str, str]) -> OptionMap:
    """The option map that ``recipe`` makes of the empty one; of a mapping, such as toolz makes, the option map of its items.

    ``fold(recipe).typed()`` has Python values. Raises ComposeError for anything else; of a Space fold the points. Raises
    ArgvError for a mapping that OptionMap refuses.

    >>> from accelkit import tb_size, tcg, fold
    >>> fold(tcg() | tb_size(64))
    OptionMap({'accel': 'tcg', 'tb-size': '64'})
    """
    if isinstance(recipe, Mapping):
        return option_map(recipe)
    if not isinstance(recipe, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise words().not_folded(recipe)
    return recipe(EMPTY)
