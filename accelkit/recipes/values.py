"""Each and Doubling: the values of a property to try one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NoReturn, TypeVar

from accelkit.errors import ComposeError, DomainError, shown
from accelkit.recipes.immutable import Immutable

V_co = TypeVar("V_co", covariant=True)


class Each(Immutable, Generic[V_co]):
    """Values to try one after the other, for use in a property: ``tb_size(each(32, 256))``.

    Raises ComposeError if there are none, or for anything but a tuple.

    >>> from accelkit import each, tb_size
    >>> each(32, 256), tb_size(each(32, 256))
    (each(32, 256), tb_size(each(32, 256)))
    """

    __slots__ = fields = ("values",)
    values: tuple[V_co, ...]

    def __init__(self, values: tuple[V_co, ...]) -> None:
        given: Any = values
        if type(given) is not tuple:
            raise ComposeError(f"Each: got {shown(given)}; takes a tuple; write each(32, 256)")
        if not given:
            raise ComposeError("each(): nothing to try; give the values or recipes, as in each(32, 256)")
        self.fill(values=values)

    def __or__(self, other: object) -> NoReturn:
        raise _misplaced(self)

    def __ror__(self, other: object) -> NoReturn:
        raise _misplaced(self)

    def __iter__(self) -> Iterator[V_co]:
        return iter(self.values)

    def __getitem__(self, k: Any) -> Any:
        values: tuple[Any, ...] = self.values
        return values[k]

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"each({', '.join(map(repr, self.values))})"


class Doubling(Immutable):
    """Values from ``low`` to ``high``, of which one or both are text with a unit: the property that takes them reads it.

    >>> from accelkit import doubling, tb_size
    >>> doubling("256MiB", "1GiB"), tb_size(doubling("256MiB", "1GiB"))
    (doubling('256MiB', '1GiB'), tb_size(each(256, 512, 1024)))
    """

    __slots__ = fields = ("low", "high")
    low: int | str
    high: int | str

    def __init__(self, low: int | str, high: int | str) -> None:
        self.fill(low=low, high=high)

    def numbers(self, domain: Any, name: str) -> tuple[int, ...]:
        """The values in the unit of ``domain``, that of the property ``name``.

        Raises DomainError for a domain that has no numbers, an end that it does not take, and ends that doubling does
        not join.
        """
        if not hasattr(domain, "low"):
            raise DomainError(
                f"{name}: got {self!r}; takes {domain.allowed}, and only numbers double; write each(…)"
            )
        low, high = (
            int(domain.read(domain.write(end, f"{name}: {which} end of {self!r}")))
            for which, end in (("low", self.low), ("high", self.high))
        )
        return doubled(low, high, f"{name}: {self!r}", domain.unit)

    def __or__(self, other: object) -> NoReturn:
        raise _misplaced(self)

    def __ror__(self, other: object) -> NoReturn:
        raise _misplaced(self)

    def __repr__(self) -> str:
        return f"doubling({self.low!r}, {self.high!r})"


def _misplaced(values: Each[Any] | Doubling) -> ComposeError:
    return ComposeError(f"{shown(values)}: values belong inside a property, as in tb_size({shown(values)})")


def values_in(x: Each[Any] | Doubling, domain: Any, name: str) -> Iterator[Any]:
    """The values for the property ``name``, in the order in which they are tried. Raises DomainError as ``Doubling.numbers``."""
    for value in (x,) if isinstance(x, Doubling) else x:
        if isinstance(value, Doubling):
            yield from value.numbers(domain, name)
        else:
            yield value


def doubled(low: int, high: int, code: str, unit: str = "") -> tuple[int, ...]:
    """``low``, 2 * ``low``, … ``high``. Raises DomainError, about ``code``, where doubling never gives ``high``.

    >>> doubled(32, 256, "doubling(32, 256)")
    (32, 64, 128, 256)
    """
    values = [low]
    while 0 < values[-1] < high:
        values.append(2 * values[-1])
    if values[-1] != high:
        blank = f" {unit}" if unit else ""
        ends = " or ".join(map(str, values[-2:]))
        end = f"end at {ends}{blank}" if low > 0 and low <= high else f"begin at 1 or more, at most {high}"
        raise DomainError(f"{code}: doubling {low}{blank} does not give {high}{blank}; {end}")
    return tuple(values)
