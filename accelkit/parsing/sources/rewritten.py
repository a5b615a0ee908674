"""A text made of pieces of another one, by a dialect that replaces some before anything is read. Pure.

make and cmd.exe put in the values of their variables, and read what comes out. A value has its place where it is
assigned, so a word of it has its place there.
"""

from __future__ import annotations

from bisect import bisect_right

from accelkit.parsing.sources.places import Source


class Rewritten:
    """Pieces of one text, which grow at the end.

    >>> made = Rewritten()
    >>> made.keep("run: kvm -m 1G", 5, 8)
    >>> made.keep("run: kvm -m 1G", 11, 14)
    >>> made.text(), made.origin(4)
    ('kvm 1G', 12)
    """

    def __init__(self) -> None:
        self._pieces: list[tuple[str, int]] = []
        self._starts: list[int] = []
        self.length = 0

    def keep(self, text: str, start: int, stop: int) -> None:
        """Add the characters of ``text`` from ``start`` to ``stop``, as they stand there."""
        self.put(text[start:stop], start)

    def put(self, piece: str, origin: int) -> None:
        """Add ``piece``, for what stands at ``origin``."""
        if piece:
            self._pieces.append((piece, origin))
            self._starts.append(self.length)
            self.length += len(piece)

    def extend(self, other: Rewritten, start: int = 0, stop: int | None = None) -> None:
        """Add the characters of ``other`` from ``start`` to ``stop``, with their places."""
        stop = other.length if stop is None else stop
        for at in range(max(bisect_right(other._starts, start) - 1, 0), len(other._pieces)):
            begin = other._starts[at]
            if begin >= stop:
                break
            piece, origin = other._pieces[at]
            skip = max(start - begin, 0)
            self.put(piece[skip : stop - begin], origin + skip)

    def text(self) -> str:
        """The text made so far."""
        return "".join(piece for piece, _ in self._pieces)

    def origin(self, offset: int) -> int:
        """Where the character at ``offset`` stands in the text that the pieces are of."""
        at = bisect_right(self._starts, offset) - 1
        return self._pieces[at][1] + offset - self._starts[at] if at >= 0 else 0

    def source(self, source: Source) -> Source:
        """The text made so far, as one made of ``source``."""
        return source.rebuilt(self._pieces)
