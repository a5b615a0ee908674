"""Where a character of a text stands in the text that was pasted, whatever was cut off or decoded between. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final


class Source:
    r"""A text, with the place of each of its characters in the text that it was taken from.

    >>> source = Source("$ qemu \\\r\n> -m 1G")
    >>> taken = source.taken([(2, 8), (9, 10), (12, 17)])
    >>> taken.text, taken.place(8)
    ('qemu \\\n-m 1G', (2, 4))
    """

    __slots__ = ("_newlines", "_offsets", "_origin", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self._origin: Source | None = None
        self._starts: list[int] = []
        self._offsets: list[int] = []
        self._newlines: list[int] | None = None  # computed when a place is asked for: most lines have no QEMU

    def rebuilt(self, pieces: Iterable[tuple[str, int]]) -> Source:
        """The pieces joined, each of which stands at its offset in this text, or is what stands there decoded."""
        pieces = tuple(pieces)
        new = Source("".join(text for text, _ in pieces))
        new._origin = self
        new._starts = list(accumulate((len(text) for text, _ in pieces), initial=0))
        new._offsets = [offset for _, offset in pieces] or [0]
        return new

    def taken(self, spans: Iterable[tuple[int, int]]) -> Source:
        """What stands in the spans (start, end), joined."""
        return self.rebuilt((self.text[start:end], start) for start, end in spans)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at ``offset`` in the text that was pasted."""
        if self._origin is not None:
            piece = min(bisect_right(self._starts, offset) - 1, len(self._offsets) - 1)
            return self._origin.place(self._offsets[piece] + offset - self._starts[piece])
        if self._newlines is None:
            self._newlines = list(accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0))
        row = bisect_right(self._newlines, offset) - 1
        return row + 1, offset - self._newlines[row] + 1
