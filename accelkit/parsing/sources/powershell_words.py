r"""PowerShell's words in pasted lines: strings, lists, and the variables that lines above have assigned. Pure.

Here a word is text, and a variable is replaced when it is met. Of a whole script the ways are followed first: how
:mod:`accelkit.lint.powershell_words` reads its words, in which a variable stays one. Both decode escapes as
:data:`ESCAPES` says. Source: "about_Special_Characters", "about_Quoting_Rules" and "about_Parsing" of PowerShell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from accelkit.parsing.sources.building import Raw

_VARIABLE: Final = r"\$(?:env:)?\w+|\$\{[^{}\n]{1,60}\}|\$[?^$]"
_PIECE: Final = re.compile(
    r"(?P<single>'(?:[^']|'')*')|(?P<double>\"(?:[^\"`]|`.|\"\")*\")|`(?P<escaped>.)"
    rf"|(?P<variable>{_VARIABLE})|(?P<call>\$\()|(?P<list>@\()|(?P<splat>@\w+)"
    r"|(?P<plain>[^\s'\"`$@;|&(){},]+)|(?P<other>[$@'\"])",
    re.DOTALL,
)
_IN_QUOTES: Final = re.compile(
    r"`(?P<escaped>.)|\"(?P<quote>\")|(?P<variable>" + _VARIABLE + ")"
    r"|(?P<call>\$\([^()\n]{0,999}(?:\([^()\n]{0,99}\)[^()\n]{0,999})?\))",
    re.DOTALL,
)
_MEMBER: Final = re.compile(r"(?:\.\w+|\[[^\]\n]{0,99}\])+(?:\([^()\n]{0,999}\))?")
_BLANK: Final = re.compile(r"(?:[ \t]|`\n(?:>>[ ]?)?|<#(?:[^#]|#(?!>))*#>)+")
_BLANK_IN_LIST: Final = re.compile(r"(?:\s|`\n|;|(?<![^\s,(])#[^\n]*)+")
_COMMA: Final = re.compile(r"[ \t]*,(?:\s|`\n)*")
_REDIRECTION: Final = re.compile(r"[\d*]?>{1,2}(?:&\d|[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&])+)?|<[^\s#]*")
_NESTED: Final = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"`]|`.|\"\")*\"|`.|#[^\n]*|[()]", re.DOTALL)
#: What a letter behind a backtick stands for; any other character stands for itself.
ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_MOST: Final = 65536
"""Characters that variables may add to a text of any length, besides as many as it has."""


class Argument(NamedTuple):
    """One argument: a word, words with commas between them, or the words of a list."""

    words: tuple[Raw, ...]
    commas: tuple[str, ...]
    """What stands behind each word: a comma, one with a blank, or nothing."""
    quoted: bool = False

    def native(self) -> Iterator[Raw]:
        """The words that a program gets, which knows no lists: ``whpx,a=b`` is one, ``whpx, a=b`` are two."""
        joined: list[Raw] = []
        for word, comma in zip(self.words, self.commas, strict=True):
            joined.append(word)
            if comma != ",":
                text = ",".join(part.text for part in joined) + ("," if comma else "")
                yield Raw(text, joined[0].offset, tuple(name for part in joined for name in part.variables))
                joined = []


class Assigned(NamedTuple):
    """What an assignment gives to a variable."""

    words: Sequence[Raw] | None
    """None if it is computed."""
    stop: int
    is_list: bool = False


class Reader:
    """A text, and the variables that it has assigned so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = len(text) + _MOST
        self._values: dict[str, Assigned] = {}
        self._assigned: list[set[str]] = []  # the variables that each open block has assigned

    def blocks(self, text: str) -> None:
        """Blocks begin and end in ``text``; what one has assigned is not known behind it, as it may not be run."""
        for character in text:
            if character == "{":
                self._assigned.append(set())
            elif character == "}" and self._assigned:
                for name in self._assigned.pop():
                    self._values.pop(name, None)

    def assign(self, name: str, value: Assigned, *, more: bool) -> None:
        """Remember what a variable holds, as far as it is known."""
        name = name.lower()
        if self._assigned:
            self._assigned[-1].add(name)
        before = self._values.pop(name, None)
        if value.words is None or (more and before is None):
            return
        if not more or before is None or before.words is None:
            self._values[name] = value
        elif self._spent(before.words):
            return
        elif before.is_list or not before.words or not value.words:
            self._values[name] = Assigned((*before.words, *value.words), value.stop, is_list=True)
        else:  # text and text are text
            first, added = before.words[0], value.words[0]
            joined = Raw(first.text + added.text, first.offset, first.variables + added.variables)
            self._values[name] = Assigned((joined,), value.stop)

    def value(self, place: int, *, inline: bool = False) -> Assigned:
        """The list or the text that is assigned at ``place``.

        With ``inline`` it ends where its brackets do.
        """
        words: list[Raw] = []
        depth = 0
        is_list = False
        comma = True  # whether an element may stand here
        while place < len(self.text):
            blank = (_BLANK_IN_LIST if depth or (comma and words) else _BLANK).match(self.text, place)
            if blank is not None:
                comma = comma or "\n" in blank[0] or ";" in blank[0]
                place = blank.end()
            if self.text.startswith(("@(", "("), place):
                place += 2 if self.text[place] == "@" else 1
                depth += 1
                comma = is_list = True
            elif depth and self.text.startswith(")", place):
                place += 1
                depth -= 1
                comma = False
                if inline and not depth:
                    break
            elif self.text.startswith(",", place):
                place += 1
                comma = is_list = True
            elif self.text[place : place + 1] in ("", "\n", ";", "}", "|"):
                break
            elif comma:
                found, stop, quoted = self._element(place)
                bare = not quoted and found and not re.fullmatch(r"[\d.]+|\$.*", self.text[place:stop])
                if not found or stop == place or bare:
                    return Assigned(None, place)
                words += found
                place = stop
                comma = False
            else:  # an operator: + -join -f
                return Assigned(None, place)
        return Assigned(words if words or not depth else None, place, is_list)

    def arguments(self, place: int) -> tuple[list[Argument], int]:
        """The arguments of the command at ``place``, and where it ends."""
        arguments: list[Argument] = []
        while place < len(self.text):
            blank = _BLANK.match(self.text, place)
            place = place if blank is None else blank.end()
            if self.text[place : place + 1] in ("", "\n", ";", "|", "&", "{", "}", ")"):
                break
            if self.text.startswith("#", place):
                stop = self.text.find("\n", place)
                return arguments, len(self.text) if stop < 0 else stop
            redirection = _REDIRECTION.match(self.text, place)
            if redirection is not None:
                place = redirection.end()
                continue
            argument, stop = self._argument(place)
            place = max(stop, place + 1)
            if argument.words and argument.words[0].text != "--%":
                arguments.append(argument)
        return arguments, place

    def _argument(self, place: int) -> tuple[Argument, int]:
        words, stop, quoted = self._element(place)
        commas = [""] * len(words)
        while (comma := _COMMA.match(self.text, stop)) is not None:
            if commas:
                commas[-1] = "," if comma[0] == "," else ", "
            more, stop, _ = self._element(comma.end())
            words += more
            commas += [""] * len(more)
        return Argument(tuple(words), tuple(commas), quoted), stop

    def _element(self, place: int) -> tuple[list[Raw], int, bool]:
        """The words of one element, where it ends, and whether it begins with a quote."""
        start = place
        parts: list[str] = []
        unknown: list[str] = []
        quoted = self.text[place : place + 1] in ("'", '"')
        if self.text.startswith("(", place):
            stop = self._closing(place + 1)
            piece = self.text[place:stop]
            return [Raw(piece, place, (piece,))], stop, False
        while (match := _PIECE.match(self.text, place)) is not None:
            kind, place = match.lastgroup, match.end()
            if kind == "single":
                parts.append(match[0][1:-1].replace("''", "'"))
            elif kind == "double":
                parts.append(self._in_quotes(match[0][1:-1], unknown))
            elif kind == "escaped":
                parts.append(ESCAPES.get(match["escaped"], match["escaped"]))
            elif kind == "list" and match.start() == start:
                words, place, _ = self.value(start, inline=True)
                piece = self.text[start:place]
                if words is None:
                    place = self._closing(start + 2)
                    piece = self.text[start:place]
                return ([Raw(piece, start, (piece,))] if words is None else list(words)), place, True
            elif kind in ("call", "list"):
                place = self._closing(place)
                parts.append(self.text[match.start() : place])
                unknown.append(parts[-1])
            elif kind in ("variable", "splat"):
                member = _MEMBER.match(self.text, place) if kind == "variable" else None
                value = None if member is not None else self._known(match[0])
                alone = match.start() == start and self._ends(place)
                if value is not None and (alone or len(value) == 1):
                    if alone:
                        return list(value), place, False
                    parts.append(value[0].text)
                    unknown += value[0].variables
                else:
                    place = place if member is None or match[0].lower().startswith("$env:") else member.end()
                    parts.append(self.text[match.start() : place])
                    unknown.append(parts[-1])
            else:
                parts.append(match[0])
        return ([Raw("".join(parts), start, tuple(unknown))] if place > start else []), place, quoted

    def _ends(self, place: int) -> bool:
        return self.text[place : place + 1] in ("", " ", "\t", "\n", ";", "|", ")", "}", ",", "&", "`")

    def _known(self, name: str) -> Sequence[Raw] | None:
        """The words that a variable holds, if they are known, and may still be put in."""
        held = self._values.get(name.lstrip("$@{").rstrip("}").lower())
        value = None if held is None else held.words
        return None if value is None or self._spent(value) else value

    def _spent(self, words: Sequence[Raw]) -> bool:
        """Whether the words are more than may still be put in or added to: time grows with the text only."""
        size = sum(len(word.text) + 1 for word in words) if len(words) <= self.left else len(words)
        if size > self.left:
            return True
        self.left -= size
        return False

    def _in_quotes(self, text: str, unknown: list[str]) -> str:
        """What stands in double quotes, with the values of the variables in it."""

        def replaced(match: re.Match[str]) -> str:
            if match.lastgroup == "escaped":
                return ESCAPES.get(match["escaped"], match["escaped"])
            if match.lastgroup == "quote":
                return '"'
            value = self._known(match[0]) if match.lastgroup == "variable" else None
            if value is None or len(value) != 1:
                unknown.append(match[0])
                return match[0]
            unknown.extend(value[0].variables)
            return value[0].text

        return _IN_QUOTES.sub(replaced, text)

    def _closing(self, place: int) -> int:
        """The end of the parenthesis that is open at ``place``."""
        depth = 1
        for match in _NESTED.finditer(self.text, place):
            depth += (match[0] == "(") - (match[0] == ")")
            if not depth:
                return match.end()
        return len(self.text)

    def inside(self, word: Raw, split: Callable[[str, Callable[[int], int]], Iterator[Raw]]) -> Iterator[Raw]:
        """The words in a word that is split once more."""
        start = next(
            (at for at in (word.offset, word.offset + 1) if self.text.startswith(word.text, at)), None
        )
        for part in split(word.text, lambda offset: word.offset if start is None else start + offset):
            begins = start is not None and part.offset == start  # then the quote before it is its place
            offset = word.offset if begins else part.offset
            yield Raw(part.text, offset, tuple(name for name in word.variables if name in part.text))
