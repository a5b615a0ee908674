"""Domains: which values a property takes, with unit and range, and the one text of each value.

What QEMU's own parsers read (``qemu_strtou64`` and others in ``util/cutils.c``) is in ``accelkit.syntax.literals``. A
domain narrows that to meaningful values, writes one spelling of each, and describes in words what it takes.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from accelkit.errors import ArgvError, DomainError, brief
from accelkit.syntax import literals
from accelkit.syntax.option_map import check_text

KiB: Final = 1024
MiB: Final = 1024 * KiB
GiB: Final = 1024 * MiB

on: Final = "on"
off: Final = "off"
split: Final = "split"
auto: Final = "auto"
run: Final = "run"
internal_error: Final = "internal-error"
disable: Final = "disable"
single: Final = "single"
multi: Final = "multi"

#: Words that are exported as Python names, so that the repr of a recipe is the source that made it.
EXPORTED: Final = frozenset({on, off, split, auto, run, internal_error, disable, single, multi})

_SIZE = re.compile(r"(\d+)(?:\.(\d+))?\s*(?:([KMGTPE])(i?B)?|(B|bytes)?)", re.ASCII)
_POWER = {"K": 10, "M": 20, "G": 30, "T": 40, "P": 50, "E": 60}


def _refuse(name: str, value: object, allowed: str, remedy: str = "") -> DomainError:
    from accelkit.recipes.refusal import refusal  # imported here, as below: only errors need it

    return refusal(name, value, allowed, remedy)


def _word(text: str, words: tuple[str, ...]) -> str:
    from accelkit.recipes.refusal import nearest_word

    return nearest_word(text, words)


def _nearest(number: int, low: int, high: int, power_of_two: bool) -> str:
    from accelkit.recipes.refusal import nearest_number

    return nearest_number(number, low, high, power_of_two=power_of_two)


def _whole(value: Any) -> int | None:
    """The whole number that ``value`` is, also one of numpy's; None for anything else, and for a bool."""
    try:
        return None if isinstance(value, bool) else int(value.__index__())
    except Exception:  # noqa: BLE001  # it has none, or it is the caller's and fails
        return None


class OnOff(NamedTuple):
    """QOM ``bool``: True and False in Python, ``on`` and ``off`` in the text."""

    qom: tuple[str, ...] = ("bool",)

    @property
    def allowed(self) -> str:
        """The range in words."""
        return "on or off (True, False)"

    def write(self, value: object, name: str) -> str:
        """``on`` or ``off``. Raises DomainError for a value that QEMU does not read as one of them."""
        if isinstance(value, bool):
            return on if value else off
        state = literals.read_bool(value) if isinstance(value, str) else None
        if state is None:
            remedy = "write True or False" if isinstance(value, int) else ""
            if isinstance(value, str):
                remedy = _word(value, (on, off))
            raise _refuse(name, value, self.allowed, remedy)
        return on if state else off

    def read(self, text: str) -> bool | None:
        """The value of ``text``; None if QEMU does not read it."""
        return literals.read_bool(text)

    def code(self, text: str) -> str:
        """The Python source of the value whose text is ``text``."""
        return text


class Words(NamedTuple):
    """One of QEMU's words: a QAPI enum, or a string that QEMU compares with some words."""

    words: tuple[str, ...]
    qom: tuple[str, ...] = ("string",)

    @property
    def allowed(self) -> str:
        """The range in words."""
        return ", ".join(self.words[:-1]) + " or " + self.words[-1]

    def write(self, value: object, name: str) -> str:
        """The word. Raises DomainError for any other value, also for a bool."""
        if isinstance(value, str):
            if value in self.words:
                return self.words[self.words.index(value)]  # plain str, also for a subclass of str
            remedy = _word(value, self.words)
        elif isinstance(value, bool) and "on" in self.words:
            remedy = f"write {'on' if value else 'off'}"
        else:
            remedy = "give one of these words as text"
        raise _refuse(name, value, self.allowed, remedy)

    def read(self, text: str) -> str | None:
        """The word; None if QEMU does not take it."""
        return text if text in self.words else None

    def code(self, text: str) -> str:
        """The Python source of the value whose text is ``text``."""
        return text.replace("-", "_") if text in EXPORTED else repr(text)


class Int(NamedTuple):
    """A whole number of something other than memory: cycles, entries, frames. Both ends of the range are allowed."""

    unit: str
    low: int
    high: int
    qom: tuple[str, ...]
    power_of_two: bool = False  # 0 is allowed too: it switches the feature off
    hexadecimal: bool = False

    @property
    def allowed(self) -> str:
        """The range in words."""
        low, high = (f"{end:#x}" if self.hexadecimal else str(end) for end in (self.low, self.high))
        power = "0 or a power of two, " if self.power_of_two else "a whole number, "
        return f"{power}{low} to {high} {self.unit}"

    def write(self, value: object, name: str) -> str:
        """The number as text. Raises DomainError outside the range, and for a bool, a float or a suffix."""
        number = value if type(value) is int else _whole(value)
        if isinstance(value, str):
            number = literals.read_int(value)
        if number is None:
            remedy = "write 1 or 0 if a number is meant" if isinstance(value, bool) else ""
            match = _SIZE.fullmatch(value) if isinstance(value, str) else None
            if match is not None and (match[3] or match[5]):
                remedy = "QEMU takes no suffix here; write the number out"
            raise _refuse(name, value, self.allowed, remedy)
        if not self._holds(number):
            raise _refuse(name, value, self.allowed, self._near(number))
        return f"{number:#x}" if self.hexadecimal else str(number)

    def _holds(self, number: int) -> bool:
        return self.low <= number <= self.high and not (self.power_of_two and number & (number - 1))

    def _near(self, number: int) -> str:
        return _nearest(number, self.low, self.high, self.power_of_two)

    def read(self, text: str) -> int | None:
        """The number; None if QEMU does not read it or it is out of range."""
        number = literals.read_int(text)
        return number if number is not None and self._holds(number) else None

    def code(self, text: str) -> str:
        """The Python source of the value whose text is ``text``."""
        return text


class Size(NamedTuple):
    """An amount of memory. A plain int counts units of ``scale`` bytes; text may have a binary suffix.

    ``scale`` is QEMU's unit for the property: 1 for bytes, 1024² for MiB. ``special`` has values outside low … high
    with a special meaning to QEMU.
    """

    unit: str
    scale: int
    low: int
    high: int
    qom: tuple[str, ...]
    power_of_two: bool = False
    special: tuple[tuple[int, str], ...] = ()

    @property
    def allowed(self) -> str:
        """The range in words."""
        example = "'64MiB'" if self.low * self.scale <= 64 * MiB else "'1GiB'"
        return f"{self.numbers}, or text such as {example}"

    @property
    def numbers(self) -> str:
        """The numbers of the range in words: what QEMU takes, which reads no text such as 64MiB.

        >>> Size("MiB", MiB, 0, 4096, ("uint32",)).numbers
        '0 to 4096 MiB'
        """
        power = ", a power of two" if self.power_of_two else ""
        special = "".join(f", {number} ({meaning})" for number, meaning in self.special)
        return f"{self.low} to {self.high} {self.unit}{power}{special}"

    def write(self, value: object, name: str) -> str:
        """The number of units as text. Raises DomainError unless it is a whole number of units, in range."""
        number = value if type(value) is int else _whole(value)
        remedy = ""
        if isinstance(value, str):
            number, remedy = self._number(value)
        elif isinstance(value, bool):
            remedy = "write 1 or 0 if a number is meant"
        elif isinstance(value, float):
            remedy = f"write a whole number of {self.unit}, or text such as '1.5GiB'"
        if number is None:
            raise _refuse(name, value, self.allowed, remedy)
        if not self._holds(number):
            raise _refuse(name, value, self.allowed, self._near(number))
        return str(number)

    def _number(self, text: str) -> tuple[int | None, str]:
        """The number of units in ``text``, or None and what to do."""
        plain = literals.read_int(text)
        if plain is not None:
            return plain, ""
        match = _SIZE.fullmatch(text.strip())
        if match is None:
            return None, ""
        whole, fraction, suffix, binary, _ = match.groups()
        if binary == "B":
            return None, f"QEMU's sizes are powers of 1024; write '{brief(text.strip()[:-1])}iB'"
        if len(whole + (fraction or "")) > literals.MOST_DIGITS:
            return None, "that is more than any memory"
        bytes_times = int(whole + (fraction or "")) << _POWER.get(suffix or "", 0)
        number, remainder = divmod(bytes_times, self.scale * 10 ** len(fraction or ""))
        if remainder:
            return None, f"{brief(text)} is not a whole number of {self.unit}; the nearest below is {number}"
        return number, ""

    def _holds(self, number: int) -> bool:
        if self.low <= number <= self.high and not (self.power_of_two and number & (number - 1)):
            return True
        return any(number == special for special, _ in self.special)

    def _near(self, number: int) -> str:
        return f"{_nearest(number, self.low, self.high, self.power_of_two)} {self.unit}"

    def read(self, text: str) -> int | None:
        """The number of units; None if QEMU does not read it or it is out of range."""
        size = "size" in self.qom
        number = literals.read_size(text, (8, 0, 0)) if size else literals.read_int(text)
        return number if number is not None and self._holds(number) else None

    def code(self, text: str) -> str:
        """The Python source of the value whose text is ``text``."""
        number = int(text)
        if self.scale == 1 and number > 0:
            for name, factor in (("GiB", GiB), ("MiB", MiB), ("KiB", KiB)):
                if number % factor == 0:
                    return f"{number // factor} * {name}"
        return text


class Text(NamedTuple):
    """Any text on one line, such as a path. Commas are doubled when it is rendered."""

    what: str
    qom: tuple[str, ...] = ("string",)

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"{self.what} as text, on one line"

    def write(self, value: object, name: str) -> str:
        """The text itself. Raises DomainError for other types, and for a NUL or line break."""
        path: Any = value  # a path object stands for its text
        try:
            text: object = value if isinstance(value, str) else path.__fspath__()
        except Exception:  # noqa: BLE001  # it has none, or it is the caller's and fails
            text = None
        if not isinstance(text, str):
            raise _refuse(name, value, self.allowed)
        try:
            return check_text(name, text)
        except ArgvError as error:
            raise DomainError(str(error)) from None

    def read(self, text: str) -> str | None:
        """The text itself: QEMU's ``string`` accepts anything."""
        return text

    def code(self, text: str) -> str:
        """The Python source of the value whose text is ``text``."""
        return repr(text)


Domain = OnOff | Words | Int | Size | Text
