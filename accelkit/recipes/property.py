"""Accelerator and Property: the rows of the table, which are also the functions that make recipes; unset and option."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar, cast, overload

from accelkit.errors import ComposeError, DomainError, shown
from accelkit.recipes.domains import Domain, Words
from accelkit.recipes.factors import Axis
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.purposes import Purpose, Worth
from accelkit.recipes.put import Put
from accelkit.recipes.recipe import A_contra, Recipe, words
from accelkit.recipes.rules import Rule
from accelkit.recipes.space import Space
from accelkit.recipes.values import Doubling, Each, values_in
from accelkit.syntax.option_map import OptionMap

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


class _Docstring:
    """The docstring of a class, and for each of its rows one that is made when it is asked for."""

    def __init__(self, of_class: str | None) -> None:
        self._of_class = of_class

    def __get__(self, row: Accelerator[Any] | Property[Any, Any] | None, owner: type) -> str | None:
        return self._of_class if row is None else row.docstring()


class _Memo(dict[Any, Recipe[Any]]):
    """The recipe of each value of one property and one type, made when it is first asked for."""

    __slots__ = ("_name", "_pattern", "_step", "_write")

    def __init__(self, row: Property[Any, Any]) -> None:
        domain, self._name = row.domain, row.name
        self._write = domain.write
        #: A step, and its recipe, that set the same option as every other of the property.
        self._step = Put(row.key, "", lambda text: f"{row.name}({domain.code(text)})")
        self._pattern: Recipe[Any] = Recipe((self._step,), row.accels)

    def __missing__(self, value: Any) -> Recipe[Any]:
        step = self._step.with_value(self._write(value, self._name))
        recipe = self._pattern.with_steps((step,))
        if type(value) is str and len(value) > _LONGEST:
            return recipe
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[value] = recipe
        return recipe


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

    def docstring(self) -> str:
        """What ``help`` shows of the row."""
        return (
            f"The recipe that chooses {self.name}: {self.doc}\n\n"
            f"Hosts: {self.hosts}. Needs: {self.needs or 'nothing'}.\nSource: {self.source} (QEMU).\n\n"
            f">>> render({self.name}())\n['-accel', '{self.name}']"
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


Accelerator.__doc__ = cast("Any", _Docstring(Accelerator.__doc__))


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
        worth: tuple[Worth, ...],
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
        self.worth = worth  # which values to try for speed, and why; or why none; the last holds everywhere
        self.not_captured = not_captured  # why no captured schema has it; empty if one does
        self.__module__ = TABLE
        self._memos: dict[type, _Memo] = {}
        self._example = example

    def docstring(self) -> str:
        """What ``help`` shows of the row."""
        words = self.domain.words if isinstance(self.domain, Words) else ("on",)
        text = self.domain.write(words[0] if self._example is None else self._example, self.name)
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
            # By type: True must not be taken for 1. Sweeps use the same values again and again.
            return self._memos[type(value)][value]
        except KeyError:  # no memo for such values, yet
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
        return self._one(value)

    def _one(self, value: Any) -> Recipe[A_contra]:
        if type(value) in _REMEMBERED:
            return self._remembered(value)
        # Of a subclass of str the text counts, whatever its methods do. Any other value stands for its text.
        return self._remembered(
            self.domain.write(str.__str__(value) if isinstance(value, str) else value, self.name)
        )

    def _remembered(self, value: Any) -> Recipe[A_contra]:
        kind = cast("type[object]", type(value))
        if kind not in self._memos:
            self._memos[kind] = _Memo(self)
        return self._memos[kind][value]

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


Property.__doc__ = cast("Any", _Docstring(Property.__doc__))
