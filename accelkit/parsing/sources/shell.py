"""Words and QEMU commands of a shell's text. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from accelkit.parsing.sources.command import Command, Word
from accelkit.parsing.sources.lexer import Piece, Token
from accelkit.parsing.sources.notes import notes_of
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import target_of
from accelkit.parsing.sources.statements import Simple, Statements
from accelkit.parsing.sources.values import Inherited, Reading, Values
from accelkit.parsing.sources.wrappers import Split, reads_script, split

_MAYBE: Final = re.compile(r"qemu|kvm", re.IGNORECASE)
_DEEPEST: Final = 8
"""Shells in shells that are read: each may read its whole text anew."""
_TILDE: Final = re.compile(r"(?:[A-Za-z_]\w*=)?(~[\w.-]*)(?:/|$)", re.ASCII)
_PATTERN: Final = re.compile(
    r"(?<![^=,:\s])[^=,:\s*?]*+[*?][^=,:\s]*|(?<![^=,\s])[^=,\s\[]*+\[[^\]:,=\[]++\][^=,\s]*"
)


def shell_commands(text: str | Source, *, dialect: str = "shell") -> tuple[Command, ...]:
    """The QEMU commands in a shell's text, in order, also those in ``$(…)``, ``bash -c '…'`` and functions.

    >>> shell_commands("cd /tmp && sudo qemu-kvm -m 1G >log")[0].argv
    ('qemu-kvm', '-m', '1G')
    """
    source = text if isinstance(text, Source) else Source(text)
    found = list(_Text(source, dialect).commands(0, _nothing))
    # What bash -c "…$(…)…" has is found twice, as a text of that shell, and then of this one, which runs it.
    once = {command.words: command for command in found}
    return tuple(sorted(once.values(), key=lambda command: command.words[0][1:]))


def argument_command(source: Source, *, dialect: str = "shell") -> Command | None:
    """The first command of a text that begins with an option, which are arguments of a QEMU that is not named.

    >>> argument_command(Source("-m 1G -accel kvm")).argv
    ('-m', '1G', '-accel', 'kvm')
    """
    text = _Text(source, dialect)
    simple = next((simple for simple in text.statements.simples if simple.words), None)
    if simple is None:
        return None
    readings = text.values(_nothing).read(simple.words, simple)
    return text.command(simple, Split(command=tuple(range(len(readings)))), readings) if readings else None


def variables_of(readings: Iterable[Reading]) -> tuple[str, ...]:
    """The pieces of the words whose value only the shell knows: variables, patterns, ``~``; each once."""
    return tuple(dict.fromkeys(piece for reading in readings for piece in _unknown(reading)))


def _unknown(reading: Reading) -> Iterator[str]:
    first = reading.pieces[0] if reading.pieces else Piece("", 0)
    if first.known and not first.quoted and (tilde := _TILDE.match(first.text)) is not None:
        yield tilde[1]
    for piece in reading.pieces:
        if not piece.known:
            yield piece.text
        elif not piece.quoted and piece.text != "?":
            # A question mark alone is what QEMU lists the values for: -cpu ?, -accel ?
            yield from (found[0] for found in _PATTERN.finditer(piece.text) if found[0] != "?")


def _nothing(name: str) -> None:
    """What a shell of its own knows of the variables around it."""


def _words(readings: Iterable[Reading], source: Source) -> tuple[Word, ...]:
    return tuple(Word(reading.text, *source.place(reading.start)) for reading in readings)


class _Text:
    """One shell's text: a script, or what stands in ``$(…)`` or ``bash -c '…'`` of one."""

    def __init__(self, source: Source, dialect: str) -> None:
        self.source: Final = source
        self.dialect: Final = dialect
        self.statements: Final = Statements(source.text)

    def values(self, inherited: Inherited) -> Values:
        text = self.source.text
        # Other dialects give the words to dash, or to no shell.
        braces = self.dialect == "shell" and "{" in text
        return Values(self.statements.simples, len(text), inherited, braces=braces)

    def commands(self, depth: int, inherited: Inherited) -> Iterator[Command]:
        text, values = self.source.text, self.values(inherited)
        nested = iter(self.statements.nested if depth < _DEEPEST else ())
        inner = next(nested, None)
        for simple in self.statements.simples:
            documents = simple.heredocs or (simple.feeder.heredocs if simple.feeder else ())
            if simple.words and (documents or values.may_start(text, simple)):
                readings = values.read(simple.words, simple)
                parts = split([reading.text for reading in readings])
                if parts.command:
                    yield self.command(simple, parts, readings)
                elif depth < _DEEPEST:
                    outer = _words(
                        [readings[place] for place in parts.wrapper or range(len(readings))], self.source
                    )
                    for script in self._scripts(parts, readings, documents):
                        for command in _Text(script, self.dialect).commands(depth + 1, _nothing):
                            yield command._replace(wrapper=outer + command.wrapper)
            while inner is not None and inner[0] < simple.end:
                if _MAYBE.search(text, *inner) is not None:
                    known = partial(values.texts, at=simple)
                    yield from _Text(self.source.taken([inner]), self.dialect).commands(depth + 1, known)
                inner = next(nested, None)
            values.run(simple)

    def _scripts(
        self, parts: Split, readings: Sequence[Reading], documents: Iterable[Token]
    ) -> Iterator[Source]:
        """The texts that another shell reads: those of ``bash -c``, and the here-documents of a shell."""
        if parts.script:
            yield self.source.rebuilt(
                (text, start)
                for place in parts.script
                for text, start in (
                    *((piece.text, piece.start) for piece in readings[place].pieces),
                    (" ", readings[place].start),
                )
            )
        elif documents and reads_script([reading.text for reading in readings]):
            for document in documents:
                yield self.source.taken([(document.start, document.end)])

    def command(self, simple: Simple, parts: Split, readings: Sequence[Reading]) -> Command:
        command = [readings[place] for place in parts.command]
        wrapper = [readings[place] for place in parts.wrapper]
        open_quotes = self.statements.open
        here = open_quotes[bisect_left(open_quotes, simple.start) : bisect_left(open_quotes, simple.end)]
        return Command(
            _words(command, self.source),
            self.dialect,
            target_of(command[0].text),
            _words(wrapper, self.source),
            variables_of(command),
            tuple(notes_of(simple, wrapper, command, self.source, here)),
        )
