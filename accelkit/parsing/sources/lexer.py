r"""A shell's text to tokens: words in their pieces, operators, ends of lines, comments, here-documents. Pure.

Quotes, ``\``, comments and here-documents are read as bash reads them. No text is refused: what a shell would wait
for the end of (a quote left open) ends at the end of its line, and the rest is read on. The time grows with the
length of the text only, whatever stands in it: nothing is read anew but after a few of such quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from accelkit.errors import ArgvError
from accelkit.parsing.sources.nesting import Nesting
from accelkit.syntax.shell_words import decoded


class Piece(NamedTuple):
    """A part of a word."""

    text: str
    """Decoded; as written where only the shell knows it."""
    start: int
    known: bool = True
    quoted: bool = False
    """What the shell neither splits at blanks nor takes for a pattern."""


class Token(NamedTuple):
    """A word, or what stands between words."""

    kind: str
    r"""``word``, ``comment``, ``heredoc`` (its text), ``\n``, or the operator itself."""
    start: int
    end: int
    plain: str = ""
    """The text of a word of plain characters, of which most are: it has no pieces yet."""
    quoted: tuple[Piece, ...] = ()
    """The pieces of any other word."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The parts of a word."""
        return (Piece(self.plain, self.start),) if self.plain else self.quoted

    @property
    def text(self) -> str:
        """The word; what only the shell knows stands in it as it was written."""
        return self.plain or "".join(piece.text for piece in self.quoted)

    @property
    def opening(self) -> str:
        """The plain characters that the word begins with."""
        if self.plain:
            return self.plain
        first = self.quoted[0] if self.quoted else None
        return first.text if first is not None and first.known and not first.quoted else ""


_SIMPLE: Final = re.compile(r"(?:[ \t]|\\\n)*+([^ \t\n'\"\\$`|&;()<>#][^ \t\n'\"\\$`|&;()<>]*+)(?!['\"\\$`])")
"""A word of plain characters, with the blanks before it."""
_PLAIN: Final = re.compile(r"[^ \t\n'\"\\$`|&;()<>]+")
_BLANKS: Final = re.compile(r"(?:[ \t]|\\\n)+")
_OPERATOR: Final = re.compile(r"\|\||&&|;;&|;;|;&|\|&|&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||[|&;()<>]")
_ARITHMETIC: Final = re.compile(r"\([^\n]{1,1000}?(?=\)\))")
_DOUBLE: Final = re.compile(r'"(?:([^"\\$`]*+)|(\$(?:[A-Za-z_]\w*|@|\{\w++(?:\[@\])?\})))"', re.ASCII)
"""Double quotes around plain characters, or around one variable: most are such."""
_IN_DOUBLE: Final = re.compile(r'[^"\\$`]+')
_PARAMETER: Final = re.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])", re.ASCII)
#: ``${{ matrix.accel }}``: a workflow puts a text there before any shell reads the script.
_EXPRESSION: Final = re.compile(r"\$\{\{[^{}\n]*+\}\}")
_CODED: Final = re.compile(r"\$'((?:[^'\\]|\\.)*+)'", re.DOTALL)


class Lexer:
    r"""Reads one text.

    >>> lexer = Lexer("A=1 kvm -m '1 G'; # end")
    >>> [(token.kind, token.text) for token in lexer.tokens()]
    [('word', 'A=1'), ('word', 'kvm'), ('word', '-m'), ('word', '1 G'), (';', ''), ('comment', '')]
    """

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.nesting: Final = Nesting(text)
        self.nested: Final[list[tuple[int, int]]] = []
        """Where the text of each ``$(…)``, ```…``` and ``<(…)`` starts and ends."""
        self._no_more_single = len(text)
        """From here on no single quote stands in the text."""

    def tokens(self) -> Iterator[Token]:
        """The tokens, in order; ``nested`` and ``nesting.open`` grow while they are read."""
        text, place = self.text, 0
        delimiters: list[tuple[str, bool]] = []  # of the here-documents that begin at the end of this line
        expected = ""  # the operator << before its delimiter
        while place < len(text):
            character = text[place]
            if character == "\n":
                end = place + 1
                for delimiter, tabs in delimiters:
                    body = Token("heredoc", *self.nesting.heredoc(end, delimiter, tabs=tabs))
                    yield body
                    end = end if body.start == body.end else self.nesting.line_end(body.end) + 1
                delimiters, expected = [], ""
                yield Token("\n", place, place + 1)
                place = min(end, len(text))
            elif not expected and (simple := _SIMPLE.match(text, place)) is not None:
                start, place = simple.span(1)
                yield Token("word", start, place, simple[1])
            elif (blanks := _BLANKS.match(text, place)) is not None:
                place = blanks.end()
            elif character == "#":
                end = self.nesting.line_end(place)
                yield Token("comment", place, end)
                place = end
            elif character in "|&;()<>" and (operator := self._operator(place)) is not None:
                yield operator
                place = operator.end
                expected = operator.kind if operator.kind in ("<<", "<<-") else ""
                if operator.kind == "(" and text.startswith("(", place):
                    place = self._arithmetic(place)
            else:
                word = self._word(place)
                if expected:
                    delimiters.append((word.text, expected == "<<-"))
                    expected = ""
                yield word
                place = word.end

    def _operator(self, place: int) -> Token | None:
        found = _OPERATOR.match(self.text, place)
        if found is None or (found[0] in ("<", ">") and self.text.startswith("(", found.end())):
            return None  # <(…) is a word
        return Token(found[0], place, found.end())

    def _arithmetic(self, place: int) -> int:
        """Where the tokens go on behind ``((``: << in it begins no here-document."""
        arithmetic = _ARITHMETIC.match(self.text, place)
        return place if arithmetic is None else arithmetic.end()

    def _word(self, start: int) -> Token:
        """The word at ``start``, which is at least one character long."""
        text, place, pieces = self.text, start, list[Piece]()
        while place < len(text):
            if (plain := _PLAIN.match(text, place)) is not None:
                pieces.append(Piece(plain[0], place))
                place = plain.end()
                continue
            character = text[place]
            if character == "\\":
                if text.startswith("\n", place + 1):
                    place += 2
                elif place + 1 == len(text):  # cut off where the line would have gone on
                    place += 1
                else:
                    pieces.append(Piece(text[place + 1], place + 1, quoted=True))
                    place += 2
            elif character == "'":
                place = self._single(place, pieces)
            elif character == '"':
                place = self._double(place, pieces)
            elif character == "$":
                place = self._dollar(place, pieces, quoted=False)
            elif character == "`":
                place = self._backquoted(place, pieces, quoted=False)
            elif character in "<>" and text.startswith("(", place + 1):
                place = self._nested(place, 2, pieces, quoted=False)
            else:
                break
        return Token("word", start, place, quoted=tuple(pieces))

    def _single(self, place: int, pieces: list[Piece]) -> int:
        text = self.text
        end = text.find("'", place + 1) if place < self._no_more_single else -1
        if end < 0:
            self._no_more_single = min(self._no_more_single, place)
        within = text[place - 1 : place].isalnum() and text[place + 1 : place + 2].isalnum()
        if within and (end < 0 or "\n" in text[place:end]):  # the apostrophe of: it doesn't start
            pieces.append(Piece("'", place))
            return place + 1
        if end < 0:
            self.nesting.open.append(place)
            end = self.nesting.line_end(place)
        pieces.append(Piece(text[place + 1 : end], place + 1, quoted=True))
        return min(end + 1, len(text)) if text.startswith("'", end) else end

    def _double(self, place: int, pieces: list[Piece]) -> int:
        start, count, text = place, len(pieces), self.text
        if (whole := _DOUBLE.match(text, place)) is not None:
            pieces.append(Piece(whole[1] or whole[2] or "", place + 1, known=whole[2] is None, quoted=True))
            return whole.end()
        # The end first: a quote left open must not take the rest of the text.
        end = self.nesting.end(place + 1, '"')
        stop = end if end >= 0 else self.nesting.line_end(place)
        place += 1
        pieces.append(Piece("", place, quoted=True))
        while place < stop:
            if (plain := _IN_DOUBLE.match(text, place, stop)) is not None:
                pieces.append(Piece(plain[0], place, quoted=True))
                place = plain.end()
            elif text[place] == "\\":
                follows = text[place + 1 : place + 2]
                if follows != "\n":
                    is_escape = follows != "" and follows in '"\\$`'
                    pieces.append(
                        Piece(follows, place + 1, quoted=True)
                        if is_escape
                        else Piece("\\" + follows, place, quoted=True)
                    )
                place += 2
            elif text[place] == "$":
                place = self._dollar(place, pieces, quoted=True)
            elif text[place] == "`":
                place = self._backquoted(place, pieces, quoted=True)
            else:  # a quote that closes nothing, in a line that ends before its quote does
                pieces.append(Piece('"', place, quoted=True))
                place += 1
        if len(pieces) == count + 2:  # one piece: the empty one, which keeps "" a word, says nothing more
            del pieces[count]
        if end < 0:
            self.nesting.open.append(start)
            return max(place, stop)
        return max(place, end + 1)

    def _dollar(self, place: int, pieces: list[Piece], *, quoted: bool) -> int:
        text = self.text
        follows = text[place + 1 : place + 2]
        if follows == "{" and (expression := _EXPRESSION.match(text, place)) is not None:
            pieces.append(Piece(expression[0], place, known=False, quoted=quoted))
            return expression.end()
        if follows == "(" or follows == "{":
            return self._nested(place, 2, pieces, quoted=quoted)
        if (parameter := _PARAMETER.match(text, place)) is not None:
            pieces.append(Piece(parameter[0], place, known=False, quoted=quoted))
            return parameter.end()
        if not quoted and follows == '"':  # translated, and the same but for that
            return self._double(place + 1, pieces)
        if not quoted and follows == "'" and (coded := _CODED.match(text, place)) is not None:
            try:
                pieces.append(Piece(decoded(coded[1]), place + 2, quoted=True))
            except ArgvError:  # a code that is no character
                pieces.append(Piece(coded[1], place + 2, quoted=True))
            return coded.end()
        pieces.append(Piece("$", place, quoted=quoted))
        return place + 1

    def _nested(self, place: int, opening: int, pieces: list[Piece], *, quoted: bool) -> int:
        """``$(…)``, ``${…}``, ``<(…)``: its value is not known, and what stands in parentheses has commands."""
        text = self.text
        closing = "}" if text[place + 1] == "{" else ")"
        end = self.nesting.end(place + opening, closing, quoted=quoted)
        if end < 0:
            self.nesting.open.append(place)
            pieces.append(Piece(text[place : place + opening], place, quoted=quoted))
            return place + opening
        if closing == ")" and not text.startswith("$((", place):
            self.nested.append((place + opening, end))
        pieces.append(Piece(text[place : end + 1], place, known=False, quoted=quoted))
        return end + 1

    def _backquoted(self, place: int, pieces: list[Piece], *, quoted: bool) -> int:
        end = self.nesting.backquoted(place)
        if end < 0:
            self.nesting.open.append(place)
            pieces.append(Piece("`", place, quoted=quoted))
            return place + 1
        self.nested.append((place + 1, end - 1))
        pieces.append(Piece(self.text[place:end], place, known=False, quoted=quoted))
        return end
