r"""How a Windows program splits its command line: quotes, and backslashes before them. Pure.

Source: "Parsing C command-line arguments" of Microsoft's C runtime, which QEMU's builds for Windows use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from accelkit.parsing.sources.building import Raw

#: Backslashes and the quote behind them, blanks, or other text.
_PIECE: Final = re.compile(r'(\\*)"|([ \t\r\n]+)|([^ \t\r\n"\\]+|\\+(?!"))')


class Place(NamedTuple):
    """Where a word begins in the line, and the parts of the line that its characters are."""

    start: int
    spans: tuple[tuple[int, int], ...]


def windows_words(line: str, origin: Callable[[int], int]) -> Iterator[Raw]:
    r"""The words of a command line, each where ``origin`` says that its first character stood.

    >>> [word.text for word in windows_words(r'-name "my vm" -drive file=C:\a.img,id="a\"b"', int)]
    ['-name', 'my vm', '-drive', 'file=C:\\a.img,id=a"b']
    """
    for start, spans in windows_places(line):
        yield Raw("".join([line[begin:end] for begin, end in spans]), origin(start))


def windows_places(line: str) -> Iterator[Place]:
    r"""Where the words of a command line stand in it.

    Before the first option, a backslash before a quote is only a backslash: the program's word ends so where its
    folder does.

    >>> [word.spans for word in windows_places('-x "a b"c')]
    [((0, 2),), ((4, 5), (5, 6), (6, 7), (8, 9))]
    """
    spans: list[tuple[int, int]] = []
    start = -1
    quoted = options = False
    place = 0
    while (piece := _PIECE.match(line, place)) is not None:
        slashes, blank, _ = piece.groups()
        begin, place = place, piece.end()
        if start < 0 and blank is None:
            start = begin
            options = options or line.startswith("-", begin)
        if blank is not None and not quoted:
            if start >= 0:
                yield Place(start, tuple(span for span in spans if span[0] < span[1]))
                spans, start = [], -1
        elif slashes is None:
            spans.append((begin, place))
        elif not options:
            spans.append((begin, place - 1))
            quoted = not quoted
        else:
            spans.append((begin, begin + len(slashes) // 2))
            if len(slashes) % 2:
                spans.append((place - 1, place))
            elif quoted and line[place : place + 1] == '"':  # "" in quotes is one quote
                spans.append((place, place + 1))
                place += 1
            else:
                quoted = not quoted
    if start >= 0:
        yield Place(start, tuple(span for span in spans if span[0] < span[1]))
