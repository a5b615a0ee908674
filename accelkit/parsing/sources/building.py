"""Words with their places to Commands: the last step of each dialect. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from accelkit.parsing.sources.command import Command, Note, Word
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import is_program, target_of
from accelkit.parsing.sources.shell import shell_commands
from accelkit.parsing.sources.wrappers import split
from accelkit.syntax.typography import DASHES


class Raw(NamedTuple):
    """A word, and the offset into the text at which it begins."""

    text: str
    offset: int
    variables: tuple[str, ...] = ()
    """The pieces of it whose value is not known, as written."""


def command_of(
    raws: Sequence[Raw], dialect: str, source: Source, notes: Iterable[Note] = (), before: Sequence[Raw] = ()
) -> tuple[Command, ...]:
    """The QEMU command in the words of one statement; none if it starts no QEMU.

    ``before`` are words that stand before them and are no part of what is run: the columns of ps.
    """
    found = split([raw.text for raw in raws])
    wrapper = [*before, *(raws[index] for index in found.wrapper)]
    if found.script:
        inner = [raws[index] for index in found.script]
        read = [command for raw in inner for command in shell_commands(inside(raw, source), dialect=dialect)]
        return tuple(
            command._replace(
                wrapper=(*_words(wrapper, source), *command.wrapper), notes=tuple(notes) + command.notes
            )
            for command in read
        )
    if not found.command:
        return ()
    return (_command(wrapper, [raws[index] for index in found.command], dialect, source, notes),)


def direct_command(
    raws: Sequence[Raw], dialect: str, source: Source, notes: Iterable[Note] = (), before: Sequence[Raw] = ()
) -> tuple[Command, ...]:
    """The command of words of which the first is the program, or an option of one that stands elsewhere."""
    return (_command(before, raws, dialect, source, notes),) if raws else ()


def has_options(raws: Sequence[Raw]) -> bool:
    """Whether an option follows the first word, or what may hold one: a list of names of programs has none."""
    return any(raw.text.startswith("-") or raw.variables for raw in raws[1:])


def _command(
    wrapper: Sequence[Raw], raws: Sequence[Raw], dialect: str, source: Source, notes: Iterable[Note]
) -> Command:
    first = raws[0].text
    return Command(
        _words(raws, source),
        dialect,
        target_of(first) if is_program(first) else None,
        _words(wrapper, source),
        tuple(dict.fromkeys(name for raw in raws for name in raw.variables)),
        tuple(notes),
    )


def _words(raws: Iterable[Raw], source: Source) -> tuple[Word, ...]:
    return tuple(Word(raw.text, *source.place(raw.offset)) for raw in raws)


def inside(raw: Raw, source: Source) -> Source:
    """The text of a word, as a part of ``source``: what stands in its quotes."""
    starts = range(raw.offset, raw.offset + 5)  # behind a quote, and the letters before it
    start = next((at for at in starts if source.text.startswith(raw.text, at)), None)
    if start is None:  # it was written with escapes or quotes: each part of it stands where the word does
        return source.rebuilt((character, raw.offset) for character in raw.text)
    return source.rebuilt(((raw.text, start),))


_LOST: Final = re.compile(rf"\n[ \t]*(?=[-{DASHES}][A-Za-z-])")


def lost_lines(end: int, sign: str, shell: str, source: Source) -> tuple[Note, ...]:
    """The note that the command that ends before the newline at ``end`` lacks the lines of options behind it."""
    if _LOST.match(source.text, end) is None:
        return ()
    line, column = source.place(end)
    return (
        Note(
            f"{shell} ends the command at line {line}, so QEMU never gets the lines after it; "
            f'add " {sign}" at the end of line {line}',
            line,
            column,
        ),
    )
