"""Put: the only primitive step of a recipe, which sets an option or removes it; and the code of steps, for repr."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn, Self

from accelkit.syntax.option_map import OptionMap, check_key, check_text
from accelkit.syntax.qemuopts import escape


class _Unfinished:
    """A step while it is made. Its fields can be set; then its class becomes Put, which refuses to change."""

    __slots__ = ("key", "source", "text", "value")
    key: str
    value: str | None
    text: str
    source: str | Callable[[str], str]  # what code is, or a function that makes it of the value


class Put(_Unfinished):
    """The only primitive step: sets ``key`` to the text ``value``, or removes it (None).

    ``code`` is Python source, for repr only: steps are equal if key and value are. ``text`` is what an argv has of the
    step: commas doubled, and one before it unless it is the accelerator, which is first; empty if it removes the option.

    Raises ArgvError for a key or a value that no argv can contain.

    >>> from accelkit import tb_size
    >>> tb_size(64).steps
    (Put(key='tb-size', value='64', code='tb_size(64)'),)
    """

    __slots__ = ()

    def __new__(cls, key: str, value: str | None, code: str | Callable[[str], str]) -> Self:
        new: Any = _Unfinished()
        new.key = key = check_key(key)
        new.value = value = None if value is None else check_text(key, value)
        new.text = "" if value is None else option_text(key, value)
        new.source = code
        new.__class__ = cls
        return new

    def with_value(self, value: str) -> Put:
        """The step that sets the same option to another value, which was checked before, as a property checks it.

        Only for a step whose own value is empty, and that makes its code of the value.
        """
        new: Any = (
            _Unfinished()
        )  # Setting fields of this takes half the time. A search makes more steps than anything.
        new.key = self.key
        new.value = value
        new.text = self.text + value if "," not in value else self.text + escape(value)
        new.source = self.source
        new.__class__ = Put
        return new

    @property
    def code(self) -> str:
        """Python source of the call that made it; not a part of the value."""
        return self.source if isinstance(self.source, str) else self.source(self.value or "")

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> NoReturn:
            raise AttributeError(f"{name}: a step does not change; make another")

        def __delattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"{name}: a step does not change; make another")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Put):
            return NotImplemented
        return self.key == other.key and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.key, self.value))

    def __reduce__(self) -> tuple[Any, ...]:
        return Put, (self.key, self.value, self.code)

    def __repr__(self) -> str:
        return f"Put(key={self.key!r}, value={self.value!r}, code={self.code!r})"

    def __call__(self, options: OptionMap, /) -> OptionMap:
        return OptionMap.trusted(self.into(options.copy()))

    def into(self, entries: dict[str, str], /) -> dict[str, str]:
        """``entries`` itself, with the option set or removed."""
        if self.value is None:
            entries.pop(self.key, None)
        else:
            entries[self.key] = self.value
        return entries


def option_text(key: str, value: str) -> str:
    """One option of an argv as QEMU reads it, commas doubled. The accelerator is first, and its name needs no key."""
    if key == "accel":
        return escape(value) if value and "=" not in value else f"accel={escape(value)}"
    return f",{key}={escape(value)}"


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
