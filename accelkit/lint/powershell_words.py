"""The words and values of a PowerShell script: arguments of commands, strings, arrays, sums of them.

A variable stays one in them (``Use``), as its value depends on the way through the script; and each piece has its place.
Pasted lines are read by :mod:`accelkit.parsing.sources.powershell_words`, which needs no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.lint.expansion import split_at_quotes
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import DEEPEST, Parts, Piece, Text, Use
from accelkit.parsing.sources.powershell_words import ESCAPES

#: In a command: blanks, with lines that go on; a redirection; strings; variables; what only running can tell.
_ARGUMENT: Final = re.compile(
    r"""(?P<blank>(?:[ \t\n]|`\n)+)|(?P<redirection>[0-9*]?>{1,2}(?:&[0-9]|(?:[ \t]|`\n)*(?:"[^"]*"|'[^']*'|[^\s|;&]+))?|<)
    |(?P<rest>--%(?![^\s])(?:"[^"\n]*"?|&(?!&)|[^"\n|&])*)|(?P<single>'(?:[^']|'')*')|(?P<double>"(?:[^"`]|`.|"")*")|(?P<escape>`.)
    |(?P<splat>@\w+)|(?P<variable>\$(?:\w+:)?\w+|\$\{\{[^}\n]*\}\}|\$\{[^}\n]*\})(?P<member>(?:\.\w+|\[[^\]\n]*\])*)
    |(?P<plain>[^\s`'"$@|;&(){}<>]+|[@$<>&])|(?P<other>[({])|(?P<end>[|;)}])""",
    re.DOTALL | re.VERBOSE,
)
#: In double quotes.
_QUOTED: Final = re.compile(
    r"""`(.)|("")|(\$(?:(?:env|global|script|local|private):)?\w+|\$\{[^}\n]*\})|(\$\()|([^`"$]+|.)""",
    re.DOTALL | re.IGNORECASE,
)
#: In an expression.
_VALUE: Final = re.compile(
    r"""(?P<blank>(?:[ \t]|`\n|\#[^\n]*|<\#.*?\#>)+)|(?P<here>@(?P<mark>["'])[ \t]*\n(?P<text>.*?)\n(?P=mark)@)
    |(?P<single>'(?:[^']|'')*')|(?P<double>"(?:[^"`]|`.|"")*")|(?P<number>-?[0-9]+(?:\.[0-9]+)?\b)
    |(?P<variable>\$(?:\w+:)?\w+(?![\w.\[(])|\$\{[^}\n]*\}(?![.\[]))|(?P<array>@\()|(?P<open>\()|(?P<close>\))
    |(?P<comma>,\s*)|(?P<plus>\+\s*)|(?P<next>[\n;]+)|(?P<cast>\[[\w.]+(?:\[\])?\])""",
    re.DOTALL | re.VERBOSE,
)
#: Behind ``--%``.
_OF_ENVIRONMENT: Final = re.compile(r"%([^%\s]+)%|(?:(?!%[^%\s]+%).)+", re.DOTALL)
_SCOPES: Final = re.compile(r"(?:global|script|local|private|variable):", re.IGNORECASE)

#: The words of a value, and whether it is an array.
Known = tuple[tuple[Parts, ...], bool]


def name_of(written: str) -> str:
    """A variable's name, which is the same in capitals and with its scope.

    >>> name_of("$script:Accel"), name_of("${Accel}"), name_of("$env:ACCEL"), name_of("@Args")
    ('accel', 'accel', 'env:accel', 'args')
    """
    return _SCOPES.sub("", written.strip("${}@")).lower()


class Words:
    """Reads the words of one script."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree

    def arguments(self, start: int, end: int) -> list[Parts]:
        """The words of the command between two bytes."""
        text = self.tree.cut(start, end)
        places = _Places(self.tree, start, text)
        words: list[Parts] = []
        pieces: list[Piece] = []
        place = 0
        while (found := _ARGUMENT.match(text, place)) is not None and found.lastgroup != "end":
            kind = found.lastgroup
            line, column = places.at(place)
            stop = found.end()
            if kind in ("blank", "redirection", "rest"):
                if pieces:
                    words.append(tuple(pieces))
                pieces = []
                if kind == "rest":
                    words += self._as_it_stands(text[place + 3 : stop], line, column + 3)
                    break
            elif kind == "other" or (found[0] in ("@", "$") and text[stop : stop + 1] in ("(", "{")):
                stop = _closed(text, place)
                value = None if pieces else self._value(text, place, places)
                if value is not None and value[1] == stop:
                    words += value[0][0][:-1]
                    pieces += value[0][0][-1] if value[0][0] else ()
                else:
                    pieces.append(Use("", text[place:stop], line, column))
            else:
                pieces += self._argument(found, line, column, alone=not pieces)
            place = stop
        if pieces:
            words.append(tuple(pieces))
        return words

    def _argument(self, found: re.Match[str], line: int, column: int, *, alone: bool) -> Iterator[Piece]:
        text = found[0]
        if found["single"] is not None:
            yield Text(text[1:-1].replace("''", "'"), line, column + 1)
        elif found["double"] is not None:
            yield from self._quoted(text[1:-1], line, column + 1)
        elif found["escape"] is not None:
            yield Text(ESCAPES.get(text[1], text[1]), line, column)
        elif found["splat"] is not None and alone:
            yield Use(name_of(text), text, line, column, every=True)
        elif found["variable"] is not None:
            known = "" if found["member"] or text.startswith("${{") else name_of(found["variable"])
            yield Use(known, text, line, column, every=True)
        else:
            yield Text(text, line, column)

    def _as_it_stands(self, text: str, line: int, column: int) -> Iterator[Parts]:
        """The words behind ``--%``: PowerShell reads %NAME% alone, and the program splits the line itself."""
        pieces: list[Piece] = []
        for found in _OF_ENVIRONMENT.finditer(text):
            place = column + found.start()
            if found[1] is not None:
                pieces.append(Use(f"env:{found[1].lower()}", found[0], line, place))
            else:
                pieces.append(Text(found[0], line, place))
        return split_at_quotes(tuple(pieces))

    def _quoted(self, text: str, line: int, column: int) -> Iterator[Piece]:
        """The pieces of a string in double quotes."""
        place = 0
        if not text:
            yield Text("", line, column)
        while (found := _QUOTED.match(text, place)) is not None:
            escaped, doubled, variable, opened, plain = found.groups()
            stop = found.end()
            if variable is not None:
                yield Use(name_of(variable), variable, line, column)
            elif opened is not None:
                stop = _closed(text, place)
                yield Use("", text[place:stop], line, column)
            elif doubled is not None:
                yield Text('"', line, column)
            else:
                yield Text(plain if escaped is None else ESCAPES.get(escaped, escaped), line, column)
            whole = text[place:stop]
            newlines = whole.count("\n")
            line, column = (
                line + newlines,
                len(whole) - whole.rfind("\n") if newlines else column + len(whole),
            )
            place = stop

    def value(self, start: int, end: int) -> Known | None:
        """The value of the expression between two bytes; None where only running can tell it."""
        text = self.tree.cut(start, end)
        found = self._value(text, 0, _Places(self.tree, start, text))
        return found[0] if found is not None and not text[found[1] :].strip() else None

    def value_at(self, text: str, start: int, place: int) -> tuple[Known, int] | None:
        """The value that begins at a character of ``text``, which stands at byte ``start``, and where it ends."""
        return self._value(text, place, _Places(self.tree, start, text))

    def _value(self, text: str, place: int, places: _Places) -> tuple[Known, int] | None:
        reading = _Reading(self, text, place, places)
        try:
            return reading.sum(0), reading.place
        except _UnknownError:
            return None


class _UnknownError(Exception):
    """The expression has a value that only running can tell."""


class _Places:
    """The places of the characters of a text in a script; asked from the left to the right."""

    def __init__(self, tree: SyntaxTree, start: int, text: str) -> None:
        self.text = text
        self.line, self.column = tree.place_at(start)
        self.place = 0

    def at(self, place: int) -> tuple[int, int]:
        """Line and column of a character; of one before the last that was asked for, that one's."""
        passed = self.text[self.place : place]
        newlines = passed.count("\n")
        self.line += newlines
        self.column = len(passed) - passed.rfind("\n") if newlines else self.column + len(passed)
        self.place = max(self.place, place)
        return self.line, self.column


class _Reading:
    """Reads one expression from its beginning."""

    def __init__(self, words: Words, text: str, place: int, places: _Places) -> None:
        self.words = words
        self.text = text
        self.place = place
        self.places = places

    def _next(self, *, lines: bool = False) -> re.Match[str] | None:
        while (found := _VALUE.match(self.text, self.place)) is not None:
            if found.lastgroup != "blank" and not (lines and found["next"] is not None):
                return found
            self.place = found.end()
        return None

    def _passed(self, kind: str) -> bool:
        """Whether a sign of this kind comes next, which is then passed; else nothing is, not even blanks."""
        start = self.place
        found = self._next()
        passed = found is not None and found[kind] is not None
        self.place = found.end() if found is not None and passed else start
        return passed

    def sum(self, depth: int) -> Known:
        """``a + b``: texts are joined, arrays get more elements."""
        words, array = self._list(depth)
        while self._passed("plus"):
            more, many = self._list(depth)
            if array:
                words = (*words, *more)
            elif many or not words or not more:
                raise _UnknownError
            else:
                words = ((*words[0], *more[0]),)
        return words, array

    def _list(self, depth: int) -> Known:
        words, array = self._one(depth)
        while self._passed("comma"):
            more, _ = self._one(depth)
            words, array = (*words, *more), True
        return words, array

    def _one(self, depth: int) -> Known:
        found = self._next()
        if found is None or depth > DEEPEST:
            raise _UnknownError
        line, column = self.places.at(self.place)
        self.place = found.end()
        if found["here"] is not None:
            body = found["text"]
            pieces = (
                (Text(body, line + 1, 1),)
                if found["mark"] == "'"
                else tuple(self.words._quoted(body, line + 1, 1))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            )
            return (pieces,), False
        if found["single"] is not None:
            return ((Text(found[0][1:-1].replace("''", "'"), line, column + 1),),), False
        if found["double"] is not None:
            return (tuple(self.words._quoted(found[0][1:-1], line, column + 1)),), False  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if found["number"] is not None:
            return ((Text(found[0], line, column),),), False
        if found["variable"] is not None:
            return ((Use(name_of(found[0]), found[0], line, column, every=True),),), False
        if found["cast"] is not None:
            words, array = self._one(depth + 1)
            return words, array or found[0].endswith("[]]")
        if found["array"] is None and found["open"] is None:
            raise _UnknownError
        words: tuple[Parts, ...] = ()
        array = found["array"] is not None
        while (inner := self._next(lines=True)) is not None and inner["close"] is None:
            more, many = self.sum(depth + 1)
            words, array = (*words, *more), array or many
        if inner is None:
            raise _UnknownError
        self.place = inner.end()
        return words, array


def _closed(text: str, place: int) -> int:
    """Where the bracket ends that opens at ``place``, or one character behind it."""
    depth = 0
    for found in re.compile(r"""'[^']*'|"(?:[^"`]|`.)*"|`.|[({]|[)}]""", re.DOTALL).finditer(text, place):
        if found[0] in ("(", "{"):
            depth += 1
        elif found[0] in (")", "}"):
            depth -= 1
            if depth == 0:
                return found.end()
    return len(text)
