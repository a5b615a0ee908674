"""Accelerator and Property: the rows of the table, which are also the functions that make recipes; unset and option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar, cast, overload

from accelkit.errors import ArgvError, ComposeError, DomainError, shown
from accelkit.recipes.domains import Domain, Words
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.purposes import Purpose
from accelkit.recipes.recipe import A_contra, Half, Put, Recipe, words
from accelkit.recipes.rules import Rule
from accelkit.recipes.space import Axis, Space
from accelkit.recipes.values import Doubling, Each, values_in
from accelkit.syntax.option_map import OptionMap, check_key, check_text

V = TypeVar("V")
#: What a property can be read from.
Readable = Recipe[Any] | Mapping[str, str] | Fallback | tuple[OptionMap, ...] | list[OptionMap]
#: The module that has the rows as names, by which they are pickled.
TABLE: Final = "accelkit.recipes.table"
#: Recipes that a property remembers. More are forgotten all at once, to bound the memory: 10^6 take 440 MB.
MEMO_LIMIT: Final = 4096
#: Types of the values that are remembered, and characters of the longest.
_REMEMBERED: Final = (int, str, bool)
_LONGEST: Final = 200


class Accelerator(Generic[A_contra]):
    """The row of an accelerator. Calling it returns the recipe that chooses it: ``kvm()``.

    >>> from accelkit import ACCELERATORS
    >>> ACCELERATORS["kvm"](), ACCELERATORS["kvm"].hosts
    (kvm(), 'Linux')
    """

    def __init__(self, name: str, doc: str, *, hosts: str, needs: str, source: str) -> None:
        self.name = name
        self.doc = doc
        self.hosts = hosts  # the hosts that have it
        self.needs = needs  # what it needs to start; empty if nothing
        self.source = source
        self.__module__ = TABLE
        self._recipe: Recipe[A_contra] = Recipe((Put("accel", name, f"{name}()"),), frozenset({name}))
        self.__doc__ = (
            f"The recipe that chooses {name}: {doc}\n\n"
            f"Hosts: {hosts}. Needs: {needs or 'nothing'}.\nSource: {source} (QEMU).\n\n"
            f">>> render({name}())\n['-accel', '{name}']"
        )

    if TYPE_CHECKING:

        def __call__(self) -> Recipe[A_contra]: ...

    else:

        def __call__(self, *given: Any, **named: Any) -> Recipe:
            if given or named:
                raise words().not_taken(self.name, given, named)
            return self._recipe

    def __or__(self, other: object) -> NoReturn:
        raise ComposeError(f"{self.name} | …: call the accelerator first: {self.name}() | …")

    def __ror__(self, other: object) -> NoReturn:
        raise ComposeError(f"… | {self.name}: call the accelerator first: {self.name}()")

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name


class Property(Generic[V, A_contra]):
    """The row of a property. Calling it with a value returns a Recipe, with ``each(…)`` a Space.

    Raises DomainError for a value that it does not take; the message names property, value, range and remedy. Raises
    ComposeError where something else than a recipe is joined with it, or read.

    >>> from accelkit import PROPERTIES, OptionMap
    >>> row = PROPERTIES["tb-size"]
    >>> row(64), row.domain.unit, row.read(OptionMap({"tb-size": "64"}))
    (tb_size(64), 'MiB', 64)
    """

    def __init__(
        self,
        key: str,
        accelerators: tuple[Accelerator[Any], ...],
        domain: Domain,
        doc: str,
        *,
        purpose: Purpose,
        default: str,
        detail: str,
        source: str,
        example: V | str | None = None,
        targets: tuple[str, ...] = (),
        rules: tuple[Rule, ...] = (),
        not_captured: str = "",
    ) -> None:
        prefixes = tuple(f"{accelerator.name}-" for accelerator in accelerators)
        plain = next((key.removeprefix(p) for p in prefixes if key.startswith(p)), key)
        self.key = key
        self.name = plain.replace("-", "_")
        self.accelerators, self.domain = accelerators, domain
        self.accels = frozenset(accelerator.name for accelerator in accelerators)
        self.doc, self.detail, self.source = doc, detail, source
        self.purpose: Purpose = purpose
        self.default = default
        self.targets = targets  # guest architectures that have it; all if empty
        self.rules = rules
        self.not_captured = not_captured  # why no captured schema has it; empty if one does
        self.__module__ = TABLE
        self._memo: dict[type, dict[Any, Recipe[A_contra]]] = {}
        #: A recipe that writes the same option as every other of this property.
        self._pattern: Recipe[A_contra] = Recipe((Put(key, "", f"{self.name}(…)"),), self.accels)
        self.__doc__ = self._docstring(example)

    def _docstring(self, example: Any) -> str:
        words = self.domain.words if isinstance(self.domain, Words) else ("on",)
        text = self.domain.write(words[0] if example is None else example, self.name)
        accel = self.accelerators[0].name
        return (
            f"The recipe that sets {self.key}: {self.doc}\n\n"
            f"Takes {self.domain.allowed}. Default: {self.default}. For {', '.join(sorted(self.accels))}.\n"
            f"{self.detail}\n\n"
            f"Called with ``each(…)`` it returns a Space. Raises DomainError for a value that it does not take.\n"
            f"Source: {self.source} (QEMU).\n\n"
            f">>> render({accel}() | {self.name}({self.domain.code(text)}))\n"
            f"['-accel', '{accel},{self.key}={text}']"
        )

    @overload
    def __call__(self, value: Each[V | str] | Doubling, /) -> Space[A_contra]: ...
    @overload
    def __call__(self, value: V | str, /) -> Recipe[A_contra]: ...
    def __call__(self, value: Any, /) -> Any:
        try:
            # The type is a key too: True must not be taken for 1. Sweeps use the same values again and again.
            return self._memo[value.__class__][value]
        except Exception:  # noqa: BLE001, S110  # new, a list, or a __hash__ of the caller's that fails
            pass  # below, so that an error of the value has no other as its context
        return self._compose(value)

    def _compose(self, value: Any) -> Any:
        if isinstance(value, (Each, Doubling)):
            choices = tuple(map(self._one, values_in(cast("Any", value), self.domain, self.name)))
            if len({choice.steps for choice in choices}) < len(choices):
                raise DomainError(
                    f"{self.name}: {shown(cast('Any', value))} has the same value in two spellings; name each once"
                )
            codes = ", ".join(self.domain.code(str(choice.steps[0].value)) for choice in choices)
            space: Space[A_contra] = Space((Axis(choices, f"{self.name}(each({codes}))"),))
            return space
        recipe = self._one(value)
        if type(value) not in _REMEMBERED or (isinstance(value, str) and len(value) > _LONGEST):
            return recipe
        memo = self._memo.setdefault(value.__class__, {})
        if len(memo) >= MEMO_LIMIT:
            memo.clear()
        memo[value] = recipe
        return recipe

    def _one(self, value: Any) -> Recipe[A_contra]:
        # Of a subclass of str the text counts, whatever its methods do.
        text = self.domain.write(str.__str__(value) if isinstance(value, str) else value, self.name)
        return self._pattern.with_steps(
            (Put.trusted(self.key, text, f"{self.name}({self.domain.code(text)})"),)
        )

    def read(self, x: Readable, /) -> V | None:
        """The value in ``x`` with its Python type, a number in the property's own unit; None if it is not set.

        ``x`` is a recipe, an option map, or one of them alone in a fallback or in the result of ``parse``. Raises
        DomainError if QEMU does not read its text, or the value is out of range; ComposeError for several alternatives,
        a space, and anything else.

        >>> from accelkit import kvm, shadow_mem
        >>> shadow_mem.read(kvm() | shadow_mem("64MiB")), shadow_mem.read(kvm())
        (67108864, None)
        """
        if not isinstance(x, OptionMap):
            from accelkit.recipes.reading import options_of  # imported here: composing does not need it

            x = options_of(x, f"{self.name}.read")
        text = x.get(self.key)
        if text is None:
            return None
        value: Any = self.domain.read(text)
        if value is None:
            raise DomainError(f"{self.key}: got {shown(text)}; takes {self.domain.allowed}")
        return value

    def __or__(self, other: object) -> NoReturn:
        raise ComposeError(f"{self.name} | …: the property needs a value: {self.name}(…) | …")

    def __ror__(self, other: object) -> NoReturn:
        raise ComposeError(f"… | {self.name}: the property needs a value: {self.name}(…)")

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name


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
    return part.with_steps((Put.trusted(put.key, put.value, _half(put.code, call, keyword)),))


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
