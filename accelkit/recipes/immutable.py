"""Immutable: what a value's class needs, without the code that dataclasses generate and compile at each import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn


class Immutable:
    """A value: equal if the fields in ``fields`` are, and of the same class; hashable, picklable, never changed.

    A subclass takes these fields in its ``__init__``, which sets them with :meth:`fill`.

    >>> from accelkit import each
    >>> each(1, 2) == each(1, 2), each(1, 2) == each(2, 1), each(1, 2).fields
    (True, False, ('values',))
    """

    __slots__ = ()
    #: Names of the fields that make the value.
    fields: ClassVar[tuple[str, ...]]

    def fill(self, **values: object) -> None:
        """Set the fields, once, when the value is made."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def whole(self) -> tuple[Any, ...]:
        """The fields that make the value."""
        return tuple([getattr(self, name) for name in self.fields])

    if not TYPE_CHECKING:  # checkers see no fields that may be set

        def __setattr__(self, name: str, value: object) -> NoReturn:
            raise AttributeError(f"{name}: {type(self).__name__} does not change; make another")

        def __delattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"{name}: {type(self).__name__} does not change; make another")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Immutable) or type(self) is not type(other):
            return NotImplemented
        return self.whole() == other.whole()

    def __hash__(self) -> int:
        return hash(self.whole())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.whole()

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.fields)})"
        )
