"""Accelerator and Property: the rows of the table, each of them the combinator itself."""

from __future__ import annotations

from typing import Any, Final, Generic, NoReturn, TypeVar, cast, overload

from accelkit.errors import ArgvError, ComposeError, DomainError
from accelkit.recipes._shape import shape_of
from accelkit.recipes.domains import Domain
from accelkit.recipes.recipe import A_contra, Put, Recipe
from accelkit.recipes.rules import Rule
from accelkit.recipes.space import Axis, Each, Space
from accelkit.syntax.option_map import OptionMap

V = TypeVar("V")
#: The module whose names the rows are.
TABLE: Final = "accelkit.recipes.table"
MEMO_LIMIT: Final = 4096


class Accelerator(Generic[A_contra]):
    """An accelerator's row. Calling it gives the recipe that chooses it: ``kvm()``."""

    def __init__(self, name: str, doc: str, *, hosts: str, needs: str, source: str) -> None:
        self.name = name
        self.doc = doc
        self.hosts = hosts  # where it exists
        self.needs = needs  # what must be there for it to start; empty where nothing is
        self.source = source
        self.__module__ = TABLE  # where pickle finds the row by its name
        self._recipe: Recipe[A_contra] = Recipe((Put("accel", name, f"{name}()"),), frozenset({name}))
        self.__doc__ = (
            f"The recipe that chooses {name}: {doc}\n\n"
            f"Hosts: {hosts}. Needs: {needs or 'nothing'}.\nSource: {source} (QEMU)."
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
    """A property's row. Calling it with a value gives a Recipe, with ``each(…)`` a Space.

    Raises DomainError, which names property, value, range and remedy.
    """

    def __init__(
        self,
        key: str,
        accelerators: tuple[Accelerator[Any], ...],
        domain: Domain,
        doc: str,
        *,
        default: str,
        detail: str,
        source: str,
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
        self.default = default
        self.detail = detail
        self.source = source
        self.targets = targets  # guest architectures; all if empty
        self.rules = rules
        self.not_captured = not_captured  # why no captured schema has it, where none has
        self.__module__ = TABLE
        self._memo: dict[type, dict[Any, Recipe[A_contra]]] = {}
        self._written = shape_of(((key, True),), self.accels)
        self.__doc__ = self._docstring()

    def _docstring(self) -> str:
        example = {"OnOff": "True", "Text": "'/run/x'"}.get(type(self.domain).__name__, "…")
        return (
            f"The recipe that sets {self.key}: {self.doc}\n\n"
            f"Takes {self.domain.allowed}. Default: {self.default}. For {', '.join(sorted(self.accels))}.\n"
            f"{self.detail}\n\n"
            f"``{self.name}({example})`` is a Recipe, ``{self.name}(each(…))`` a Space. Raises DomainError\n"
            f"for any other value.\nSource: {self.source} (QEMU)."
        )

    @overload
    def __call__(self, value: Each[V | str], /) -> Space[A_contra]: ...
    @overload
    def __call__(self, value: V | str, /) -> Recipe[A_contra]: ...
    def __call__(self, value: Any, /) -> Any:
        try:
            # By type first: True must not pass for 1. Values come again, in sweeps above all.
            return self._memo[value.__class__][value]
        except (KeyError, TypeError):
            return self._made(value)

    def _made(self, value: Any) -> Any:
        if isinstance(value, Each):
            choices = tuple(self._one(each) for each in cast("Each[Any]", value).values)
            if len({choice.steps for choice in choices}) < len(choices):
                raise DomainError(
                    f"{self.name}: {value!r} has the same value in two spellings; name each once"
                )
            shown = ", ".join(self.domain.code(str(choice.steps[0].value)) for choice in choices)
            space: Space[A_contra] = Space((Axis(choices, f"{self.name}(each({shown}))"),))
            return space
        recipe = self._one(value)
        memo = self._memo.setdefault(value.__class__, {})
        if len(memo) >= MEMO_LIMIT:
            memo.clear()
        memo[value] = recipe
        return recipe

    def _one(self, value: Any) -> Recipe[A_contra]:
        text = self.domain.write(value, self.name)
        return Recipe.of_shape(
            (Put.trusted(self.key, text, f"{self.name}({self.domain.code(text)})"),), self._written
        )

    def read(self, options: OptionMap) -> V | None:
        """The typed value in ``options``; None where the property is not set.

        Raises DomainError where its text means nothing to QEMU or lies outside the range.
        """
        text = options.get(self.key)
        if text is None:
            return None
        value: Any = self.domain.read(text)
        if value is None:
            raise DomainError(f"{self.key}: got {text!r}; takes {self.domain.allowed}")
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
    """A recipe that takes ``prop`` away, so that QEMU's default holds again.

    Raises DomainError for what is no property or name of one.

    >>> from accelkit import render, tb_size, tcg
    >>> render(tcg() | tb_size(64) | unset(tb_size))
    ['-accel', 'tcg']
    """
    if isinstance(prop, Property):
        return Recipe((Put(prop.key, None, f"unset({prop.name})"),), prop.accels)
    if not isinstance(prop, str) or prop == "accel":  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise DomainError(f"unset: got {prop!r}; takes a property such as tb_size, or its QEMU name")
    try:
        return Recipe((Put(prop, None, f"unset({prop!r})"),))
    except ArgvError as error:
        raise DomainError(f"unset: {error}") from None
