"""The QEMU commands among all commands of a script, with the words that each gets on each way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from accelkit.lint.expansion import joined
from accelkit.lint.flow import Found
from accelkit.lint.given import given_in
from accelkit.lint.paths import Decided
from accelkit.lint.script import Parts, Text, Use, text_of
from accelkit.parsing.sources import Command, Note, Word
from accelkit.parsing.sources.programs import target_of
from accelkit.parsing.sources.wrappers import split


class Chosen(NamedTuple):
    """A QEMU command as it is on one way through a script."""

    command: Command
    decided: tuple[Decided, ...] = ()
    """What was decided on each of the paths to it."""
    parts: tuple[Parts, ...] = ()
    """The pieces of the command's words, which may come from several places; none where each is in one piece."""

    def place(self, number: int, character: int) -> tuple[int, int]:
        """Line and column of a character of a word, by the numbers of both."""
        word = self.command.words[number]
        for piece in self.parts[number] if self.parts else ():
            length = len(piece.text if isinstance(piece, Text) else piece.written)
            if character < length:
                return piece.line, piece.column + (character if isinstance(piece, Text) else 0)
            character -= length
        return word.line, word.column + character


def qemu_commands(
    found: Sequence[Found], dialect: str, pasted: Iterable[Command]
) -> Iterator[tuple[Chosen, ...]]:
    """Each QEMU command of a script, as it is on each way: what is found in one place stays together.

    ``pasted`` are the commands as the reader of pasted text finds them, whose notes count here too.
    """
    notes = {
        (word.line, word.column): command.notes
        for command in pasted
        if command.notes
        for word in (*command.words, *command.wrapper)
    }
    for one in found:
        if one.given is not None:
            yield (Chosen(one.given.command, parts=one.given.parts),)
            continue
        ways: dict[int, list[Chosen]] = {}  # a text for another shell may hold several commands
        for words, decided in one.ways:
            for number, way in enumerate(_of_words(words, dialect)):
                noticed = _noticed(way.command, (one.line, one.column), notes) if notes else ()
                command = way.command._replace(notes=way.command.notes or noticed)
                ways.setdefault(number, []).append(way._replace(command=command, decided=decided))
        yield from map(tuple, ways.values())


def _noticed(
    command: Command, place: tuple[int, int], notes: Mapping[tuple[int, int], tuple[Note, ...]]
) -> tuple[Note, ...]:
    """The notes on the command that is written at a place; the program may have its own where it is assigned."""
    places = ((word.line, word.column) for word in command.words)
    here = (place, *(other for other in places if other > place))
    return next((notes[other] for other in here if other in notes), ())


def _of_words(parts: Sequence[Parts], dialect: str) -> Iterator[Chosen]:
    """The QEMU command that the words are; those in a text that they give to another shell."""
    words = [word_of(word) for word in parts]
    places = split([word.text for word in words])
    if places.command:
        mine = tuple(parts[place] for place in places.command)
        command = tuple(words[place] for place in places.command)
        variables = dict.fromkeys(piece.written for word in mine for piece in word if isinstance(piece, Use))
        wrapper = tuple(words[place] for place in places.wrapper)
        yield Chosen(
            Command(command, dialect, target_of(command[0].text), wrapper, tuple(variables)), parts=mine
        )
    elif places.script:
        for found in given_in(joined([parts[place] for place in places.script])):
            yield Chosen(found.command, parts=found.parts)


def word_of(parts: Parts) -> Word:
    """The word that the pieces make, at the place of the first that has characters.

    >>> word_of((Text("tcg", 1, 8), Use("", "$(nproc)", 1, 11)))
    Word(text='tcg$(nproc)', line=1, column=8)
    """
    first = next((piece for piece in parts if isinstance(piece, Use) or piece.text), parts[0])
    return Word(text_of(parts), first.line, first.column)
