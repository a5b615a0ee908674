"""What a shell's variables hold where a command stands, as far as the same text says it for certain. Pure.

A variable is known where each assignment to it stands in the block of the command, or in one around it: what a body
of ``if``, a loop, a function or a subshell sets is not known outside of it. Where it is not known, it stays as it
was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from accelkit.parsing.sources.lexer import Piece, Token
from accelkit.parsing.sources.programs import is_program
from accelkit.parsing.sources.shell_braces import brace_words
from accelkit.parsing.sources.statements import DECLARING, NAMING, SOURCING, Block, Simple
from accelkit.parsing.sources.wrappers import ASSIGNMENT


class Reading(NamedTuple):
    """A word as far as it is known, and where it stands."""

    pieces: tuple[Piece, ...]
    start: int
    braces: str = ""
    """The word of whose braces the shell has made this one and others."""

    @property
    def text(self) -> str:
        """The word; what is not known stands in it as it was written."""
        return self.pieces[0].text if len(self.pieces) == 1 else "".join(piece.text for piece in self.pieces)


_NAME: Final = re.compile(
    r"\$(?:(?P<bare>\w+|@)|\{(?P<braces>\w+)(?P<all>\[@\](?:\+\"\$\{\w+\[@\]\}\")?)?(?P<default>:?-[^}]*)?\})",
    re.ASCII,
)
#: "$@", "${args[@]}", and what a shell without empty arrays wants: ${args[@]+"${args[@]}"}
_ALL: Final = re.compile(r"\$@|\$\{(\w+)\[@\](?:\+\"\$\{\1\[@\]\}\")?\}", re.ASCII)
_VARIABLE: Final = re.compile(r"\$\{?(\w+|@)", re.ASCII)
_PROGRAM: Final = re.compile("qemu|kvm", re.IGNORECASE)
_SPECIAL: Final = re.compile(r"[$`'\"\\{~*?]")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_BLANK: Final = re.compile(r"[ \t\n]+")
_GROWTH: Final = 4
"""What is expanded may become so many times as long as the text; beyond that variables stay variables."""

#: The words of a variable of the text around this one; None where they are not known.
Inherited = Callable[[str], tuple[str, ...] | None]

_NOWHERE: Final = (-1, float("inf"), -1)


class Values:
    """The variables of one text, as they are while its commands are read one after the other."""

    def __init__(
        self, simples: Iterable[Simple], length: int, inherited: Inherited, *, braces: bool = False
    ) -> None:
        self._braces: Final = braces
        """Whether the shell expands them."""
        self._now: dict[str, tuple[Reading, ...]] = {}
        self._may_be_set = False
        """Whether a file that is not here may have set variables."""
        self._programs: Final[set[str]] = set()
        """The variables that may hold a QEMU."""
        self._roots: Final[dict[str, Block]] = {}
        """Where the value of a variable begins that later commands only add to."""
        self._inherited: Final = inherited
        self._budget = _GROWTH * length + (64 << 10)
        #: By name: the innermost block that sets it, as its start and end, and where it is set last.
        self._set: Final[dict[str, tuple[float, float, int]]] = {}
        for simple in simples:
            for name in _names_set(simple):
                start, end, _ = self._set.get(name, _NOWHERE)
                scope = simple.scope
                self._set[name] = (max(start, scope.start), min(end, scope.end), simple.start)

    def run(self, simple: Simple) -> None:
        """Takes what the command sets; commands are to come in order."""
        words = simple.words
        first = words[0].opening if words else ""
        if first in SOURCING:
            self._now.clear()  # it may set anything
            self._may_be_set = True
            return
        if first in NAMING:
            for name in _names_set(simple):
                self._now.pop(name, None)
        for array in simple.arrays:
            before: tuple[Reading, ...] | None = ()
            if array.more and (array.name in self._now or self._may_be_set):
                before = self._held(array.name, simple, 0)
            else:
                self._roots[array.name] = simple.block
            if before is None:
                self._now.pop(array.name, None)
            else:
                self._keep(array.name, (*before, *self.read(array.elements, simple)))
        if first == "set" and len(words) > 1 and words[1].opening == "--":
            self._keep("@", tuple(self.read(words[2:], simple)))
            return
        if all(ASSIGNMENT.match(word.opening) is not None for word in words) or first in DECLARING:
            for word in words:
                if (name := ASSIGNMENT.match(word.opening)) is None:
                    continue
                if "[" in name[0]:
                    self._now.pop(name[0].partition("[")[0], None)
                else:
                    self._assign(name[0], word, simple)

    def may_start(self, text: str, simple: Simple) -> bool:
        """Whether a QEMU is named in the command, or in a variable that stands in it."""
        if _PROGRAM.search(text, simple.start, simple.end) is not None:
            return True
        return bool(self._programs) and any(
            variable[1] in self._programs for variable in _VARIABLE.finditer(text, simple.start, simple.end)
        )

    def texts(self, name: str, at: Simple) -> tuple[str, ...] | None:
        """The words of the variable at the command; None where one of them is not known."""
        values = self._held(name, at, 0)
        if values is None or not all(piece.known for value in values for piece in value.pieces):
            return None
        return tuple(value.text for value in values)

    def read(self, words: Iterable[Token], at: Simple) -> list[Reading]:
        """The words that the shell makes of these."""
        readings: list[Reading] = []
        assigns = True  # in an assignment before the command braces stay
        for word in words:
            if self._braces and "{" in word.text:
                assigns = assigns and ASSIGNMENT.match(word.opening) is not None
                made = [word.pieces] if assigns else brace_words(word.pieces)
                self._budget -= sum(len(piece.text) for pieces in made[1:] for piece in pieces)
                if self._budget >= 0 and made != [word.pieces]:
                    for pieces in made:
                        read = self._read(word._replace(plain="", quoted=pieces), at)
                        readings += [reading._replace(braces=word.text) for reading in read]
                    continue
            readings += self._read(word, at)
        return readings

    def _read(self, word: Token, at: Simple) -> Iterable[Reading]:
        """The words that the shell makes of one without braces."""
        if word.plain or all(piece.known for piece in word.quoted):
            return (Reading(word.pieces, word.start),)
        visible = [piece for piece in word.pieces if piece.text]
        if len(visible) == 1 and _ALL.fullmatch(visible[0].text) is not None:
            values = self._value(visible[0], at)
            is_whole = visible[0].quoted or "+" in visible[0].text
            return [
                field
                for value in ((Reading(word.pieces, word.start),) if values is None else values)
                for field in ((value,) if is_whole else _fields(_bare(value.pieces), value.start))
            ]
        pieces = self._expanded(word.pieces, at)
        is_moved = bool(pieces) and pieces[0] not in word.pieces and not word.pieces[0].quoted
        return _fields(pieces, pieces[0].start if is_moved else word.start)

    def _assign(self, prefix: str, word: Token, simple: Simple) -> None:
        first = word.pieces[0]
        rest = Piece(first.text[len(prefix) :], first.start + len(prefix))
        pieces = self._expanded((rest, *word.pieces[1:]), simple)
        name = prefix.rstrip("+=")
        if prefix.endswith("+="):
            held = self._held(name, simple, 0) or ()
            if len(held) != 1:
                self._now.pop(name, None)
                return
            pieces = (*held[0].pieces, *pieces)
        else:
            self._roots[name] = simple.block
        start = pieces[0].start if pieces else word.start + len(prefix)
        self._keep(name, (Reading(_bare(pieces), start),))

    def _keep(self, name: str, values: tuple[Reading, ...]) -> None:
        self._budget -= sum(len(piece.text) + 1 for value in values for piece in value.pieces)
        if self._budget < 0:
            self._now.pop(name, None)
        else:
            self._now[name] = values
            if any(_PROGRAM.search(piece.text) for value in values for piece in value.pieces):
                self._programs.add(name)

    def _expanded(self, pieces: Sequence[Piece], at: Simple) -> tuple[Piece, ...]:
        found: list[Piece] = []
        for piece in pieces:
            values = None if piece.known else self._value(piece, at)
            if (
                values is None
                or len(values) != 1
                or _ALL.fullmatch(piece.text) is not None
                or not _says_more(values[0])
            ):
                found.append(piece)
            else:
                if piece.quoted:
                    found.append(Piece("", piece.start, quoted=True))  # "$X" is a word, also when X is empty
                found.extend(part._replace(quoted=piece.quoted) for part in values[0].pieces)
        return tuple(found)

    def _value(self, piece: Piece, at: Simple) -> tuple[Reading, ...] | None:
        """What the variable holds at the command; None where that is not known."""
        name_of = _NAME.fullmatch(piece.text)
        if name_of is None:
            return None
        name = name_of["bare"] or name_of["braces"]
        values = self._held(name, at, piece.start)
        is_list = bool(name_of["all"]) or name == "@"
        if values is None or not (values or is_list):
            return None
        default = name_of["default"] or ""
        if default.startswith(":") and not any(value.text for value in values):
            if _SPECIAL.search(default) is not None:
                return None
            start = piece.start + name_of.start("default") + 2
            values = (Reading((Piece(default[2:], start),), start),)
        self._budget -= sum(len(part.text) for value in values for part in value.pieces)
        return values if self._budget >= 0 else None

    def _held(self, name: str, at: Simple, start: int) -> tuple[Reading, ...] | None:
        """The words that the variable holds at the command, also where parts of them are not known."""
        block_start, block_end, last = self._set.get(name, _NOWHERE)
        in_body = at.block.start >= 0
        if (
            "IFS" in self._set
            or not block_start <= at.start < block_end
            or (in_body and name == "@")  # in a function $@ is the function's own
            # What is set later counts in a body that runs again, unless the body begins by setting it anew.
            or (in_body and last >= at.start and self._roots.get(name) is not at.block)
        ):
            return None
        if name in self._set:
            return self._now.get(name)
        texts = self._inherited(name)
        return None if texts is None else tuple(Reading((Piece(text, start),), start) for text in texts)


def _says_more(value: Reading) -> bool:
    """Whether the value says more than the variable's name does: X=$1 does not, and Q=${Q:-qemu-kvm} does."""
    return (
        not value.text or any(piece.known and piece.text for piece in value.pieces) or is_program(value.text)
    )


def _names_set(simple: Simple) -> Iterator[str]:
    words = simple.words
    first = words[0].opening if words else ""
    yield from (array.name for array in simple.arrays)
    if first == "set":
        yield "@"
    is_setting = first in NAMING
    assigns = first in DECLARING or is_setting or all(ASSIGNMENT.match(word.opening) for word in words)
    for word in words if assigns else ():
        text = word.opening
        if (name := ASSIGNMENT.match(text)) is not None:
            yield name[0].rstrip("+=").partition("[")[0]
        elif is_setting and _IDENTIFIER.fullmatch(text) is not None:
            yield text


def _bare(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces as a variable holds them: the quotes are gone."""
    return tuple(piece._replace(quoted=False) for piece in pieces)


def _fields(pieces: Iterable[Piece], start: int) -> Iterator[Reading]:
    """The words that the shell splits the pieces into: at blanks that came out of a variable without quotes."""
    field: list[Piece] = []
    for piece in pieces:
        if piece.quoted or not piece.known:
            field.append(piece)
            continue
        place = 0
        for blank in _BLANK.finditer(piece.text):
            if blank.start() > place:
                field.append(
                    piece._replace(text=piece.text[place : blank.start()], start=piece.start + place)
                )
            place = blank.end()
            if field:
                yield Reading(tuple(field), start)
                field = []
            start = piece.start + place
        if place < len(piece.text):
            field.append(piece._replace(text=piece.text[place:], start=piece.start + place))
    if field:
        yield Reading(tuple(field), start)
