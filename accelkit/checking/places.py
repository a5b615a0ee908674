"""Where a problem stands in the text: the word of the command that it is about, and the character in it. Pure.

Only the value of the option that a problem is about is looked into: a property's name in a path, or in another option,
is none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from accelkit.checking.problem import Problem
from accelkit.parsing.option_words import STRAY, UNKNOWN, options_in
from accelkit.parsing.reader import SUGAR
from accelkit.parsing.sources.command import Command
from accelkit.syntax.qemuopts import Write, escape, split

Place = tuple[int, int]
#: An option that a reason begins with.
_OPTION: Final = re.compile(r"--?([A-Za-z][\w-]*)")
_IMPLIED: Final = {"accel": "accel", "machine": "type"}


class Spot(NamedTuple):
    """The number of a word, and that of the character in it where what is meant begins; both from 0."""

    word: int
    character: int


class _Option(NamedTuple):
    """One option of a line: its name, its value, the number of its word, and the elements of a value that has any."""

    name: str
    value: str
    place: int
    elements: tuple[Write, ...]

    @property
    def accels(self) -> Sequence[str]:
        """The accelerators that the option chooses."""
        if self.name == "enable-kvm":
            return ("kvm",)
        named = [write.value for write in self.elements if write.key == "accel"][-1:]
        return named if self.name == "accel" or not named else named[0].split(":")

    def spot(self, text: str | None = None) -> Spot:
        """The option itself, or where ``text`` begins in its value."""
        return Spot(self.place, 0) if text is None else Spot(self.place + 1, max(self.value.find(text), 0))


class _Element(NamedTuple):
    """A place at which a property is set: the option, what it says, and whose property it is; any accelerator's if None."""

    option: _Option
    write: Write
    accel: str | None

    @property
    def spot(self) -> Spot:
        key, value, flag = self.write
        return self.option.spot(f"{key}={escape(value)}" if flag is None else flag)


class Line:
    """The words of a command, read once, however many problems there are. Of several places the last one counts."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._named: dict[
            tuple[str, ...], _Option
        ] = {}  # by name; by name and value, or what the value begins with
        self._set: dict[
            tuple[str, ...], dict[str | None, _Element]
        ] = {}  # by property; by property and value
        self._flags: dict[tuple[str, str], _Element] = {}  # by accelerator and bare word
        self._choosing: dict[str, _Option] = {}  # by accelerator
        taken = {0} if words and not words[0].startswith("-") else set[int]()
        for option in _options(words):
            taken |= {option.place, option.place + bool(option.value)}
            self._add(option)
        free = [number for number in range(len(words)) if number not in taken]
        self._free = {words[number]: number for number in free}
        self._blank = next((number for number in reversed(free) if not words[number].strip()), None)

    def _add(self, option: _Option) -> None:
        for head in ((), (option.value,), (option.value.partition(",")[0],)):
            self._named[option.name, *head] = option
        for accel in option.accels:
            self._choosing[accel] = option
        accel = option.accels[-1] if option.name == "accel" and option.accels else None
        for write in _writes(option):
            element = _Element(option, write, accel)
            plain = write.key.replace("_", "-")
            key = plain if option.name == "machine" and plain in SUGAR else write.key
            for name in ((key,), (key, write.value)):
                self._set.setdefault(name, {})[accel] = element
            if write.flag is not None and accel is not None:
                self._flags[accel, write.flag] = element

    def alone(self, text: str) -> Spot | None:
        """The word that is ``text`` and neither the program nor a part of an option."""
        number = self._free.get(text, self._blank if text[:1] == "'" else None)
        return None if number is None else Spot(number, 0)

    def option(self, name: str, value: str = "") -> Spot | None:
        """The option of that name; the one with that value where there is one."""
        name = "machine" if name == "M" else name
        found = (self._named.get((name, value)) if value else None) or self._named.get((name,))
        return None if found is None else found.spot()

    def property(self, key: str, value: str, accel: str) -> Spot | None:
        """Where a property of the accelerator is set, best with that value."""
        for name in ((key, value), (key,)):
            found = self._set.get(name, {})
            for owner in (accel, None) if accel else reversed(found):
                if owner in found:
                    return found[owner].spot
        return self.accel(accel)

    def flag(self, accel: str, flag: str) -> Spot | None:
        """The bare word that is given to an accelerator."""
        found = self._flags.get((accel, flag))
        return None if found is None else found.spot

    def accel(self, accel: str) -> Spot | None:
        """What chooses the accelerator."""
        found = self._choosing.get(accel)
        return None if found is None else found.spot(None if found.name == "enable-kvm" else accel)

    def reason(self, why: str) -> Spot | None:
        """The option that the reason begins with, or its value, as in ``-cpu host is …``."""
        option = _OPTION.match(why)
        if option is None:
            return None
        name, rest = "machine" if option[1] == "M" else option[1], why[option.end() :].lstrip()
        for end in (": ", " "):
            head, found, _ = rest.partition(end)
            if found and head and (name, head) in self._named:
                return Spot(self._named[name, head].place + 1, 0)
        return self.option(name)


def _options(words: Sequence[str]) -> Iterator[_Option]:
    for written, value, place in options_in(words):
        if written not in (STRAY, UNKNOWN):
            name = "machine" if written == "M" else written
            elements = split(value or "", _IMPLIED[name]) if name in _IMPLIED else ()
            yield _Option(name, value or "", place, elements)


def _writes(option: _Option) -> Sequence[Write]:
    """What an option sets of an accelerator or a machine."""
    if option.name == "set":
        name, _, text = option.value.rpartition(".")[2].partition("=")
        return (Write(name, text),)
    return (Write("tb-size", option.value),) if option.name == "tb-size" else option.elements


def place_of(problem: Problem, command: Command, line: Line) -> Place | None:
    """Line and column of the word that ``problem`` is about; None where it is about none of the words of ``line``.

    >>> from accelkit.checking.problem import Problem
    >>> from accelkit.parsing.understanding import understand
    >>> command = understand("-m 1G -accel tcg,thread=both").commands[0]
    >>> place_of(Problem("refused", "tcg", "thread", "both", "", ""), command, Line(command.argv))
    (1, 14)
    """
    spot = spot_of(problem, line)
    return None if spot is None else (command.words[spot.word].line, command.words[spot.word].column)


def spot_of(problem: Problem, line: Line) -> Spot | None:
    """Which of the words ``problem`` is about, and where in it; None where it is about none of them.

    >>> spot_of(Problem("refused", "tcg", "thread", "both", "", ""), Line(["-accel", "tcg,thread=both"]))
    Spot(word=1, character=4)
    """
    accel, value = problem.accel or "", problem.value or ""
    if problem.property is not None:
        key = problem.property.rpartition(" ")[2]
        return (
            line.option(key.lstrip("-"), value) if key.startswith("-") else line.property(key, value, accel)
        )
    if value and (spot := line.alone(value)) is not None:
        return spot
    if value.startswith("-"):
        name, _, rest = value.lstrip("-").partition(" ")
        return line.option(name, rest)
    if value and accel and (spot := line.flag(accel, value)) is not None:
        return spot
    return line.reason(problem.why) or line.accel(accel)
