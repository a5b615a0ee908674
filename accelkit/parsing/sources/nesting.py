r"""Where quotes, ``$(…)``, ``${…}`` and here-documents of a shell's text end. Pure.

Each end is looked for from its beginning once. What nothing closes costs a look at the rest of the text, so that is
done a few times only: the time grows with the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

#: What means something where an end is looked for.
_MARK: Final = re.compile(
    r"""\\.|\$'(?:[^'\\]|\\.)*+'|'|"|\$[({]|[(){}`]|(?<![^\s;&|(])#|<<(?!<)""", re.DOTALL
)
_HEREDOC: Final = re.compile(r"<<-?[ \t]*(['\"\\]?)(\w+)[^\n]*")
_BACKQUOTED: Final = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL)
_MOST_OPEN: Final = 8
"""So many of what nothing closes are looked for to the end of the text; more of them are taken for plain text."""
_DEEPEST: Final = 200


class Nesting:
    """The ends of what is nested in one text.

    >>> Nesting("$(a $(b) ')' c) d").end(2, ")")
    14
    """

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.open: Final[list[int]] = []
        """Where quotes, ``$(``, ``${`` and backquotes stand that nothing closes."""
        self._lines: Final[dict[str, list[int]]] = {}
        """Each line's text, and where it stands; of a line that begins with tabs also with one tab only."""

    def line_end(self, place: int) -> int:
        """Where the line of ``place`` ends: its line feed, or the end of the text."""
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end

    def heredoc(self, start: int, delimiter: str, *, tabs: bool) -> tuple[int, int]:
        """Where the here-document starts and ends; it is empty if no line ends it. Of ``<<-`` tabs do not count."""
        if not self._lines:
            place = 0
            for line in self.text.split("\n"):
                self._lines.setdefault(line, []).append(place)
                if line[:1] == "\t":
                    self._lines.setdefault("\t" + line.lstrip("\t"), []).append(place)
                place += len(line) + 1
        ends = [
            places[index]
            for places in (self._lines.get(prefix + delimiter, []) for prefix in ("", "\t")[: 1 + tabs])
            if (index := bisect_left(places, start)) < len(places)
        ]
        return start, min(ends, default=start)

    def backquoted(self, place: int) -> int:
        """Behind the backquote that closes the one at ``place``; -1 if none does."""
        code = _BACKQUOTED.match(self.text, place) if len(self.open) < _MOST_OPEN else None
        return -1 if code is None else code.end()

    def end(self, place: int, closing: str, *, quoted: bool = False) -> int:
        """Where ``closing`` closes what was opened before ``place``, in double quotes or not; -1 if nothing does."""
        if len(self.open) >= _MOST_OPEN:
            return -1
        text, stack = self.text, ['"', closing] if quoted else [closing]
        outermost = len(stack) - 1
        while (found := _MARK.search(text, place)) is not None:
            piece, place, top = found[0], found.end(), stack[-1]
            if piece == top:
                stack.pop()
                if len(stack) == outermost:
                    return found.start()
            elif piece[0] == "\\" or top == "`":
                continue
            elif piece in ("$(", "${", "`", '"'):
                stack.append({"$(": ")", "${": "}"}.get(piece, piece))
                if len(stack) > _DEEPEST:
                    return -1
            elif top == '"' or (top == "}" and stack[-2:-1] == ['"']):
                if piece[0] == "$":  # $'…' means nothing in double quotes; the quote may be the end of these
                    place = found.start() + 1
            elif piece == "'":
                place = text.find("'", place) + 1
                if place == 0:
                    return -1
            elif top == ")":
                if piece == "(":
                    stack.append(")")
                elif piece == "#":
                    place = self.line_end(place)
                elif piece == "<<":
                    place = self._behind_heredoc(found.start(), place)
        return -1

    def _behind_heredoc(self, start: int, place: int) -> int:
        """Where to go on behind a << in ``$(…)``: at the end of its text."""
        heredoc = _HEREDOC.match(self.text, start)
        if heredoc is None:
            return place
        start, end = self.heredoc(heredoc.end() + 1, heredoc[2], tabs=True)
        return place if start == end else self.line_end(end)
