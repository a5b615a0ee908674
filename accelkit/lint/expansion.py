"""Words as a program gets them, from words as they are written and the values of variables. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from accelkit.lint.script import Parts, Piece, Text, Use
from accelkit.parsing.sources.argv_windows import windows_places
from accelkit.syntax.limits import LONGEST_LINE

#: A piece of a value that is longer than any command line, or of more pieces, is not followed.
_MOST_PIECES: Final = 4096
_BLANKS: Final = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")
_OTHER: Final = "?"
"""In place of a use, which is no blank, quote, backslash or dash."""


class Value(NamedTuple):
    """What a variable holds: a word, or those of an array. A use in it is a value that is not known."""

    words: tuple[Parts, ...]
    array: bool = False


#: That of a variable which has none: nothing stands in its place.
UNSET: Final = Value(())

Lookup = Callable[[str], Value | None]


class _Words:
    """The words that were made so far, and the pieces of the one that is being made."""

    def __init__(self) -> None:
        self.done: list[Parts] = []
        self.pieces: list[Piece] = []

    def end(self) -> None:
        if self.pieces:
            self.done.append(tuple(self.pieces))
            self.pieces = []

    def add(self, piece: Piece, *, splits: bool) -> None:
        if not splits or not isinstance(piece, Text):
            self.pieces.append(piece)
            return
        for here in _cut(piece):
            if here.text[0] in " \t\r\n":
                self.end()
            else:
                self.pieces.append(here)


def _cut(piece: Text) -> Iterator[Text]:
    """The blanks of a text and what stands between them, each with its own place."""
    line, column = piece.line, piece.column
    for text in _BLANKS.findall(piece.text):
        yield Text(text, line, column)
        newlines = text.count("\n")
        line, column = line + newlines, len(text) - text.rfind("\n") if newlines else column + len(text)


def expanded(written: Sequence[Parts], value_of: Lookup) -> tuple[Parts, ...]:
    """The words that ``written`` becomes. A use whose value is not known stays in them.

    >>> ask = {"ARGS": Value(((Text("-accel kvm", 1, 7),),))}.get
    >>> [
    ...     [piece.text for piece in word]
    ...     for word in expanded([(Use("ARGS", "$ARGS", 2, 6, splits=True),)], ask)
    ... ]
    [['-accel'], ['kvm']]
    """
    words = _Words()
    for parts in written:
        for piece in parts:
            _expand(piece, value_of, words)
        words.end()
    return tuple(words.done)


def _expand(piece: Piece, value_of: Lookup, words: _Words) -> None:
    if isinstance(piece, Text):
        words.pieces.append(piece)
        return
    value = value_of(piece.name) if piece.name else None
    if value is None and piece.otherwise is not None:
        _inline(piece, piece.otherwise, value_of, words)
    elif value is None:
        words.pieces.append(piece._replace(otherwise=None, instead=None))
    elif piece.instead is not None:
        if any(value.words):
            _inline(piece, piece.instead, value_of, words)
    elif piece.otherwise is not None and not any(map(_characters, value.words)):
        _inline(piece, piece.otherwise, value_of, words)
    elif piece.every:
        for place, word in enumerate(value.words):
            if place:
                words.end()
            _insert(piece, word, words)
    elif 0 <= piece.element < len(value.words):
        _insert(piece, value.words[piece.element], words)
    elif not piece.splits:
        words.pieces.append(Text("", piece.line, piece.column))


def _inline(use: Use, parts: Parts, value_of: Lookup, words: _Words) -> None:
    """What stands in the place of a value, such as the default that a script gives."""
    for piece in parts:
        if isinstance(piece, Text):
            words.add(piece, splits=use.splits and not piece.quoted)
        else:
            _expand(piece, value_of, words)


def _insert(use: Use, word: Parts, words: _Words) -> None:
    for piece in word:
        words.add(piece, splits=use.splits)
    if not use.splits and not word:
        words.pieces.append(Text("", use.line, use.column))


def _characters(word: Parts) -> bool:
    return any(isinstance(piece, Use) or piece.text for piece in word)


def kept(words: tuple[Parts, ...], *, array: bool) -> Value | None:
    """The words as the value of a variable; None for one that is too long to follow."""
    pieces = sum(map(len, words))
    length = sum(len(piece.text) for word in words for piece in word if isinstance(piece, Text))
    return Value(words, array) if pieces <= _MOST_PIECES and length <= LONGEST_LINE else None


def joined(words: Sequence[Parts]) -> Parts:
    """The words as one line, with a blank between them."""
    return tuple(
        piece for word in words if word for piece in (Text(" ", word[0].line, word[0].column), *word)
    )


def split_at_quotes(line: Parts) -> Iterator[Parts]:
    r"""The words that a program for Windows makes of its command line: ``"`` keeps blanks, ``\"`` is a quote.

    >>> [[piece.text for piece in word] for word in split_at_quotes((Text('-name "a b" c', 1, 1),))]
    [['-name'], ['a', ' ', 'b'], ['c']]
    """
    text = "".join(piece.text if isinstance(piece, Text) else _OTHER for piece in line)
    cursor = _Cursor(line)
    for start, spans in windows_places(text):
        pieces = [piece for span in spans for piece in cursor.between(*span)]
        yield tuple(pieces) if pieces else (Text("", *cursor.place(start)),)


class _Cursor:
    """Goes once through the characters of some pieces, from the left to the right; a use counts as one."""

    def __init__(self, pieces: Parts) -> None:
        self._pieces = iter(pieces)
        self._offset = 0
        self._next_piece()

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        for _ in self.between(offset, offset):
            pass
        return self._line, self._column

    def between(self, start: int, stop: int) -> Iterator[Piece]:
        """The pieces between two characters."""
        while self._offset < start:
            self._taken(start)
        while self._offset < stop:
            yield self._taken(stop)

    def _next_piece(self) -> None:
        self._piece = next(self._pieces, Text("", 0, 0))
        self._used = 0
        self._line: int = self._piece.line
        self._column: int = self._piece.column

    def _taken(self, stop: int) -> Piece:
        """What is left of the piece, up to a character."""
        piece = self._piece
        if not isinstance(piece, Text):
            self._offset += 1
            self._next_piece()
            return piece
        end = min(self._used + stop - self._offset, len(piece.text))
        taken = Text(piece.text[self._used : end], self._line, self._column)
        self._offset += end - self._used
        if end == len(piece.text):
            self._next_piece()
        else:
            newlines = taken.text.count("\n")
            passed = len(taken.text)
            self._line += newlines
            self._column = passed - taken.text.rfind("\n") if newlines else self._column + passed
            self._used = end
        return taken
