"""A shell's tokens to simple commands, each with the block that it stands in: bodies of if, for, functions. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from accelkit.parsing.sources.lexer import Lexer, Token
from accelkit.parsing.sources.wrappers import ASSIGNMENT, RESERVED


@dataclass(slots=True)
class Block:
    """A body, or the whole text, which starts at -1. What is set in it is not known outside of it."""

    start: int
    end: float = float("inf")


@dataclass(slots=True)
class Array:
    """``name=(…)``; with ``more`` it is ``name+=(…)``."""

    name: str
    more: bool
    elements: list[Token] = field(default_factory=list[Token])


@dataclass(slots=True)
class Simple:
    """A simple command: its words without redirections, its arrays, its here-documents."""

    start: int
    block: Block
    feeder: Simple | None
    """The command whose output it reads."""
    alone: bool
    """Not joined to another one by ``&&``, ``|`` or ``&``, so that what it sets stays set."""
    end: int = 0
    closer: str = ""
    """The operator that ends it; empty at the end of the text."""
    words: list[Token] = field(default_factory=list[Token])
    arrays: tuple[Array, ...] = ()
    heredocs: tuple[Token, ...] = ()
    comment: Token | None = None
    """The one behind it, by which it ends."""

    @property
    def scope(self) -> Block:
        """Where what it sets is known."""
        return self.block if self.alone else Block(self.start, self.end)


_OPENING: Final = frozenset("if while until for select case {".split())
_PARTS: Final = frozenset("then else elif do".split())
_CLOSING: Final = {"fi": ("if",), "done": ("while", "until", "for", "select"), "esac": ("case",), "}": ("{",)}
_REDIRECTIONS: Final = frozenset("< > >> >| <> <& >& &> &>> << <<- <<<".split())


#: What may start a QEMU, or may be known by a variable.
_CANDIDATE: Final = re.compile(r"qemu|kvm|\$", re.IGNORECASE)
#: Commands that set the variables that they name.
NAMING: Final = frozenset("for select read mapfile readarray getopts unset let printf local".split())
#: Commands whose words may be assignments.
DECLARING: Final = frozenset("export readonly local declare typeset".split())
#: Commands that may set anything.
SOURCING: Final = frozenset((".", "source", "eval"))
_SETTING: Final = NAMING | DECLARING | SOURCING | {"set"}


class Statements:
    """The simple commands of a text that may start a QEMU or set a variable, in order."""

    def __init__(self, text: str) -> None:
        lexer: Final = Lexer(text)
        self.simples: Final = _Reader(text).read(lexer.tokens())
        self.nested: Final = sorted(lexer.nested)
        """Where the text of each ``$(…)``, ```…``` and ``<(…)`` starts and ends."""
        self.open: Final = sorted(lexer.nesting.open)
        """Where quotes, ``$(`` and ``${`` stand that nothing closes."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.found: list[Simple] = []
        self.now: Simple | None = None
        self.begins = True  # only words of the shell's grammar stand before the next word
        self.stack: list[tuple[str, Block]] = []
        self.top: Final = Block(-1)
        self.last: Simple | None = None
        self.before = ""  # the operator before the command
        self.array: Array | None = None
        self.in_redirection = False
        self.waiting: deque[Simple] = deque()  # for their here-documents

    def read(self, tokens: Iterable[Token]) -> list[Simple]:
        last: Token | None = None
        for token in tokens:
            kind = token.kind
            if kind == "comment":
                if self.now is not None:
                    self.now.comment = token
            elif kind == "heredoc":
                if self.waiting:
                    self.waiting.popleft().heredocs += (token,)
            elif self.array is not None and (kind == "word" or kind == "\n"):
                if kind == "word":
                    self.array.elements.append(token)
            elif kind == "word":
                self._word(token)
            elif kind in _REDIRECTIONS:
                self._redirection(token, last)
            else:
                self._operator(token, last)
            last = token
        self._end(last.end if last else 0, "")
        return self.found

    def _simple(self, start: int) -> Simple:
        if self.now is None:
            feeder = self.last if self.before in ("|", "|&") else None
            block = self.stack[-1][1] if self.stack else self.top
            self.now = Simple(start, block, feeder, self.before not in ("&&", "||", "|", "|&"))
            self.begins = True
        return self.now

    def _word(self, token: Token) -> None:
        if self.in_redirection:
            self.in_redirection = False
            return
        simple, name = self.now or self._simple(token.start), token.plain
        if not self.begins and name != "{":
            simple.words.append(token)
            return
        if self.begins and name in _CLOSING:
            self._pop(_CLOSING[name], token.start)
            self.now = None  # what closes a body is no command
            return
        if self.begins and name in _PARTS:
            self._pop(("part",), token.start)
            self._push("part", token.start)
        elif (self.begins and name in _OPENING) or (name == "{" and _names_function(simple, token)):
            self._push(name, token.start)
        if name == "{" or (self.begins and name in RESERVED and name != "!"):
            self.now = None  # the command begins behind it, in the body that it opens
            return
        simple.words.append(token)
        self.begins = self.begins and name == "!"

    def _redirection(self, token: Token, last: Token | None) -> None:
        simple = self._simple(token.start)
        if (
            last is not None and last.kind == "word" and last.end == token.start and simple.words
            and simple.words[-1] is last and last.plain.isdigit()
        ):  # fmt: skip
            simple.words.pop()  # 2>file
        self.in_redirection = True
        if token.kind in ("<<", "<<-"):
            self.waiting.append(simple)

    def _operator(self, token: Token, last: Token | None) -> None:
        self.in_redirection = False
        kind = token.kind
        if self.array is not None:  # its end, or what cannot stand in it
            self.array = None
            if kind == ")":
                return
        if kind == "(" and self.now is not None and last is not None and last.kind == "word":
            name = last.plain
            if last.end == token.start and name.endswith("=") and ASSIGNMENT.fullmatch(name) is not None:
                if self.now.words and self.now.words[-1] is last:
                    self.now.words.pop()
                self.array = Array(name.rstrip("+="), name.endswith("+="))
                self.now.arrays += (self.array,)
                return
        in_pattern = bool(self.stack) and self.stack[-1][0] == "case"
        if kind == "(" and in_pattern:
            return
        if kind == "|" and in_pattern:
            self.now = None
            return
        if kind == "(":
            if self.now is not None and self.now.words:
                self.now = None  # name(): it defines a function
            self._push("(", token.start)
        elif kind == ")":
            case = next((name for name, _ in reversed(self.stack) if name != "part"), "") == "case"
            if case and self.now is not None:
                self.now = None  # a pattern of case
            self._end(token.start, kind)
            if case:
                self._push("part", token.start)
            else:
                self._pop(("(",), token.start)
            self.before = ""
            return
        self._end(token.start, kind)
        if kind in (";;", ";&", ";;&"):
            self._pop(("part",), token.start)

    def _end(self, end: int, closer: str) -> None:
        if self.now is not None:
            self.now.end, self.now.closer = end, closer
            self.now.alone = self.now.alone and closer not in ("|", "|&", "&")
            if self._matters(self.now):
                self.found.append(self.now)
            self.last = self.now
            self.now = None
            self.before = closer
        elif closer != "\n":
            self.before = closer

    def _matters(self, simple: Simple) -> bool:
        first = simple.words[0].opening if simple.words else ""
        return (
            not self.found  # the arguments of a QEMU that is not named
            or bool(simple.arrays or simple.heredocs or (simple.feeder and simple.feeder.heredocs))
            or "=" in first
            or first in _SETTING
            or _CANDIDATE.search(self.text, simple.start, simple.end) is not None
        )

    def _push(self, kind: str, start: int) -> None:
        self.stack.append((kind, Block(start)))

    def _pop(self, kinds: tuple[str, ...], end: int) -> None:
        """Closes the innermost body if it is of one of the kinds, and the part of it that is open."""
        place = len(self.stack) - 1
        if place > 0 and self.stack[place][0] == "part" and "part" not in kinds:
            place -= 1
        if place >= 0 and self.stack[place][0] in kinds:
            for _, block in self.stack[place:]:
                block.end = end
            del self.stack[place:]


def _names_function(simple: Simple, brace: Token) -> bool:
    return (
        len(simple.words) == 2 and simple.words[0].plain == "function" and simple.words[1].end < brace.start
    )
