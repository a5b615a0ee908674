"""Commands in text that is not of the script's language, as the reader of pasted text finds them, at their places.

Such text is a here-document, what a script gives to ``eval`` or ``ssh``, or what a grammar cannot read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

from accelkit.lint.script import Given, Parts, Piece, Text, text_of
from accelkit.parsing.sources import Command, Note, Word, commands
from accelkit.parsing.sources.programs import NAMES_QEMU


def given(text: str, line: int, column: int) -> Iterator[Given]:
    """The commands in a text that begins at this line and column of the script."""
    return given_in((Text(text, line, column),))


def given_in(parts: Parts) -> Iterator[Given]:
    """The commands in a text that is made of these pieces; lines that begin with an option are none.

    >>> (found,) = given_in((Text("kvm -m 1G -accel ", 1, 6), Text("tcg", 9, 9)))
    >>> found.command.words[-1], found.parts[-1]
    (Word(text='tcg', line=9, column=9), (Text(text='tcg', line=9, column=9, quoted=True),))
    """
    text = text_of(parts)
    found = commands(text) if NAMES_QEMU.search(text) is not None else ()
    return placed((command for command in found if command.program), parts)


def placed(found: Iterable[Command], parts: Parts) -> Iterator[Given]:
    """The commands that were found in a text of these pieces, at the places of the pieces."""
    text = _Pieces(parts)
    for command in found:
        moved = command._replace(
            words=tuple(map(text.moved, command.words)),
            wrapper=tuple(map(text.moved, command.wrapper)),
            notes=tuple(map(text.moved, command.notes)),
        )
        yield Given(moved, tuple(map(text.parts_of, command.words)))


_Placed = TypeVar("_Placed", Word, Note)


class _Pieces:
    """A text, and the pieces that it is made of."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        texts = [piece.text if isinstance(piece, Text) else piece.written for piece in pieces]
        self.text = "".join(texts)
        self.starts = [*accumulate(map(len, texts), initial=0)]
        self.lines = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def moved(self, placed: _Placed) -> _Placed:
        """What has a place in the text, at its place in the script."""
        line, column = self.place(self.lines[placed.line - 1] + placed.column - 1)
        return placed._replace(line=line, column=column)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the script of a character of the text."""
        number = min(bisect_right(self.starts, offset), len(self.pieces)) - 1
        piece, start = self.pieces[number], self.starts[number]
        if not isinstance(piece, Text):
            return piece.line, piece.column
        line = bisect_right(self.lines, offset)
        newlines = line - bisect_right(self.lines, start)
        column = offset - self.lines[line - 1] + 1 if newlines else piece.column + offset - start
        return piece.line + newlines, column

    def parts_of(self, word: Word) -> Parts:
        """The pieces of a word, which may begin with a quote in the text."""
        start = self.lines[word.line - 1] + word.column - 1
        if self.text[start : start + 1] in ('"', "'", "`") and self.text.startswith(word.text, start + 1):
            start += 1
        stop = start + len(word.text)
        if not self.text.startswith(word.text, start) or start == stop:
            return (Text(word.text, *self.place(start)),)
        parts: list[Piece] = []
        number = bisect_right(self.starts, start) - 1
        while start < stop:
            end = min(stop, self.starts[number + 1])
            piece = self.pieces[number]
            whole = (start, end) == (self.starts[number], self.starts[number + 1])
            parts.append(piece if whole else Text(self.text[start:end], *self.place(start)))
            start, number = end, number + 1
        return tuple(parts)
