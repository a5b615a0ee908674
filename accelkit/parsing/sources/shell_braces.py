"""The words that a shell makes of braces: ``{8,64}0`` is 80 and 640, ``{1..3}`` is 1, 2 and 3. Pure.

As bash, zsh and ksh do it; dash, which is ``/bin/sh`` on Debian, leaves braces alone. Source: the manual of bash,
"Brace Expansion"; ``braces.c``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, zip_longest
from typing import Final

from accelkit.parsing.sources.lexer import Piece

#: What stands in a text for a character in quotes, or for a piece whose value is not known.
OPAQUE: Final = "\0"
#: What stands for a piece in quotes that has a comma: bash looks for commas there, too, when it decides whether braces
#: with dots are a sequence or a list.
COMMA: Final = "\1"
#: A span of the text, from its start to its end, or what a sequence has made.
Part = tuple[int, int] | str

#: What means something: a brace, a comma, the dots of a sequence.
_MARK: Final = re.compile(r"[{},]|\.\.(?!\})")
_NUMBERS: Final = re.compile(r"(-?\d{1,18})\.\.(-?\d{1,18})(?:\.\.(-?\d{1,18}))?", re.ASCII)
_LETTERS: Final = re.compile(r"([a-z])\.\.([a-z])(?:\.\.(-?\d{1,18}))?", re.ASCII | re.IGNORECASE)
_PADDED: Final = re.compile(r"-?0\d")
_MOST: Final = 4096
"""Parts of all the words of one: what would be more is left as it was written."""
_MOST_MARKS: Final = 256
"""Marks in a word: from each brace its end is looked for. What has more is left as it was written."""


def brace_spans(text: str) -> list[list[Part]]:
    r"""The parts of each word that a shell makes of one, in its order; the word itself where it has no braces.

    What is in quotes stands in ``text`` as OPAQUE and COMMA characters.

    >>> brace_spans("a{b,{1..2}}")
    [[(0, 1), (2, 3)], [(0, 1), '1'], [(0, 1), '2']]
    """
    marks = list(islice(_MARK.finditer(text), _MOST_MARKS + 1))
    words = None if len(marks) > _MOST_MARKS else _Word(text, marks).expanded(0, len(text))
    return [[(0, len(text))]] if words is None else words


class _Word:
    def __init__(self, text: str, marks: Sequence[re.Match[str]]) -> None:
        self.text: Final = text
        self.marks: Final = [(mark.start(), mark[0]) for mark in marks]

    def expanded(self, start: int, stop: int) -> list[list[Part]] | None:
        """The words that are made of a part of the text; None where they are too many."""
        words: list[list[Part]] = [[]]
        place = start
        while (braces := self._braces(place, stop)) is not None:
            brace, end = braces
            alternatives = self._alternatives(brace + 1, end)
            if alternatives is None:
                return None
            before: list[Part] = [(place, brace)] if place < brace else []
            words = [word + before + alternative for word in words for alternative in alternatives]
            if sum(map(len, words)) + len(words) > _MOST:
                return None
            place = end + 1
        return [[*word, (place, stop)] for word in words] if place < stop else words

    def _braces(self, start: int, stop: int) -> tuple[int, int] | None:
        """Where the first braces stand that are expanded."""
        for number, (place, mark) in enumerate(self.marks):
            if (
                mark != "{"
                or not start <= place < stop
                or (place == start and self.text[place + 1 :][:1] == "}")
            ):
                continue
            if (end := self._end(number + 1, stop)) >= 0:
                return place, end
        return None

    def _end(self, number: int, stop: int) -> int:
        """The brace that closes what opened before a mark: the first behind a comma or dots; -1 if there is none."""
        level = separators = 0
        for place, mark in self.marks[number:]:
            if place >= stop:
                break
            if mark == "{":
                level += 1
            elif mark == "}" and level:
                level -= 1
            elif mark == "}" and separators:
                return place
            elif mark != "}" and not level:
                separators += 1
        return -1

    def _alternatives(self, start: int, stop: int) -> list[list[Part]] | None:
        """What stands for the braces around a part of the text."""
        inside = [(place, mark) for place, mark in self.marks if start <= place < stop]
        if not any(mark == "," for _, mark in inside) and COMMA not in self.text[start:stop]:
            items: list[list[Part]] = [[item] for item in _sequence(self.text[start:stop])]
            return items or [[(start - 1, stop + 1)]]
        level = 0
        found: list[list[Part]] = []
        for place, mark in (*inside, (stop, ",")):
            if mark == "{":
                level += 1
            elif mark == "}":
                level -= level > 0
            elif mark == "," and (not level or place == stop):
                words = self.expanded(start, place)
                if words is None:
                    return None
                found += words
                start = place + 1
        return found


def _sequence(text: str) -> Iterator[str]:
    """What ``1..3``, ``01..10..3`` and ``a..e`` stand for; nothing for other texts."""
    letters = _LETTERS.fullmatch(text)
    numbers = letters or _NUMBERS.fullmatch(text)
    if numbers is None:
        return
    first, last = (ord(end) if letters else int(end) for end in numbers.group(1, 2))
    step = abs(int(numbers[3] or 1)) or 1
    if letters is not None and numbers[1].islower() != numbers[2].islower():
        return
    width = max(map(len, numbers.group(1, 2))) if any(map(_PADDED.match, numbers.group(1, 2))) else 0
    if abs(last - first) // step > _MOST:
        return
    for value in range(first, last + 1, step) if first <= last else range(first, last - 1, -step):
        yield chr(value) if letters else f"{value:0{width}d}"


def brace_words(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """The words that a shell makes of the braces in one, each in its pieces; the word itself where it makes no more.

    >>> word = Piece("{", 0), Piece("a b", 2, quoted=True), Piece(",c}", 6)
    >>> [[piece.text for piece in made] for made in brace_words(word)]
    [['a b'], ['c']]
    """
    characters: list[Piece] = []  # a piece for each character of the text
    text: list[str] = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        if piece.known and not piece.quoted:
            characters += [Piece(letter, piece.start + at) for at, letter in enumerate(piece.text)]
            text.append(piece.text)
        else:
            characters.append(piece)
            is_escaped = following is not None and following.start == piece.start + 1  # by \, not in quotes
            text.append(COMMA if "," in piece.text and not is_escaped else OPAQUE)
    words = brace_spans("".join(text))
    if len(words) == 1:  # of {1..1} too, which only drops the braces
        return [tuple(pieces)] if words == [[(0, len(characters))]] else [_joined(words[0], characters)]
    return [made for word in words if (made := _joined(word, characters))]


def _joined(word: Iterable[Part], characters: Sequence[Piece]) -> tuple[Piece, ...]:
    parts = [
        piece
        for part in word
        for piece in ([Piece(part, 0)] if isinstance(part, str) else characters[slice(*part)])
    ]
    joined: list[Piece] = []
    for is_plain, same in groupby(parts, lambda piece: piece.known and not piece.quoted):
        group = list(same)
        text = "".join(piece.text for piece in group)
        joined += [Piece(text, group[0].start)] if is_plain else group
    return tuple(joined)
