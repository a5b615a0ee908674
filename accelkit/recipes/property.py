"""Accelerator and Property: the rows of the table, which are also the functions that make recipes."""

from __future__ import annotations

from typing import Any, Final, Generic, Literal, NoReturn, TypeVar, cast, overload

from accelkit.errors import ArgvError, ComposeError, DomainError, shown
from accelkit.recipes.domains import Domain, Words
from accelkit.recipes.recipe import A_contra, Put, Recipe
from accelkit.recipes.rules import Rule
from accelkit.recipes.space import Axis, Space
from accelkit.recipes.values import Each
from accelkit.syntax.option_map import OptionMap

V = TypeVar("V")
Purpose = Literal[
    "translation", "interrupts", "memory", "dirty logging", "runaway guests", "CPU", "energy", "Xen",
    "confidential computing", "host devices",
]  # fmt: skip
#: What each purpose of a property means, in the order in which purposes are shown.
PURPOSES: Final[dict[Purpose, str]] = {
    "translation": "how guest code becomes host code",
    "interrupts": "who delivers them to the guest",
    "memory": "page tables and caching",
    "dirty logging": "which pages the guest has written, for live migration",
    "runaway guests": "what happens when a guest keeps its CPU",
    "CPU": "what the guest sees of it",
    "energy": "counters of the energy that the CPU uses",
    "Xen": "a Xen that KVM emulates for the guest",
    "confidential computing": "the enclave",
    "host devices": "devices of the host that are used",
}
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

    def __call__(self) -> Recipe[A_contra]:
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
        self.accelerators = accelerators
        self.accels = frozenset(accelerator.name for accelerator in accelerators)
        self.domain = domain
        self.doc = doc
        self.purpose: Purpose = purpose
        self.default = default
        self.detail = detail
        self.source = source
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
    def __call__(self, value: Each[V | str], /) -> Space[A_contra]: ...
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
        if isinstance(value, Each):
            choices = tuple(self._one(choice) for choice in cast("Each[Any]", value).values)
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

    def read(self, options: OptionMap) -> V | None:
        """The typed value in ``options``; None if the property is not set.

        Raises DomainError if QEMU does not read its text, or the value is out of range; ComposeError for anything
        but an option map.
        """
        if not isinstance(options, OptionMap):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise ComposeError(f"{self.name}.read: got {shown(options)}; takes an OptionMap")
        text = options.get(self.key)
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


def unset(prop: Property[Any, A_contra] | str) -> Recipe[A_contra]:
    """A recipe that removes ``prop``, so that QEMU uses its default again.

    Raises DomainError for anything but a property or the name of one.

    >>> from accelkit import render, tb_size, tcg
    >>> render(tcg() | tb_size(64) | unset(tb_size))
    ['-accel', 'tcg']
    """
    if isinstance(prop, Property):
        return Recipe((Put(prop.key, None, f"unset({prop.name})"),), prop.accels)
    if not isinstance(prop, str) or str.__eq__(prop, "accel"):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise DomainError(f"unset: got {shown(prop)}; takes a property such as tb_size, or its QEMU name")
    prop = str.__str__(prop)  # of a subclass the text counts, whatever its methods do
    try:
        return Recipe((Put(prop, None, f"unset({prop!r})"),))
    except ArgvError as error:
        raise DomainError(f"unset: {error}") from None
