"""Text and commands to command lines, as far as they are about accelerators: read, line_of. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from accelkit.errors import AccelkitError, ArgvError, brief, shown
from accelkit.parsing.command_line import CommandLine, id_faults, read_accel
from accelkit.parsing.reader import read_words
from accelkit.parsing.sources.command import Command, Note
from accelkit.parsing.understanding import one_command, understand, understand_words
from accelkit.syntax.limits import refuse_long_line


def line_of(command: Command) -> CommandLine:
    """What a command says about accelerators. What no shell starts, and a word that is too long, is a fault."""
    words = command.argv
    try:
        refuse_long_line(words)
    except ArgvError as error:
        return CommandLine((), faults=(str(error),))
    line = read_words(words, command.variables)
    if not command.notes:
        return line
    return line._replace(faults=(*faults_of(command), *line.faults))


def faults_of(command: Command) -> dict[str, tuple[int, int]]:
    """What keeps a shell from starting the command as it was meant, with its word; and the place of each."""
    faults: dict[str, tuple[int, int]] = {}
    for note in command.notes:
        if note.effect == "fatal":
            place = note.line, note.column
            words = [word.text for word in command.words if (word.line, word.column) <= place]
            about = f"{brief(words[-1])}: " if words and "braces" not in note.text else ""
            faults[about + note.text] = place
    return faults


def lost(command: Command) -> tuple[Note, ...]:
    """The notes of what never gets to QEMU, or is nothing to it: it starts, otherwise than was meant."""
    return tuple([note for note in command.notes if note.effect == "lost"])


def line_of_accel(text: str, variables: tuple[str, ...] = ()) -> CommandLine:
    """The command line that has nothing but ``-accel text``; ``variables`` are pieces of it that a shell replaces."""
    if variables:
        return read_words(("-accel", text), variables)
    try:
        accel = read_accel(text)
    except ArgvError as error:
        return CommandLine((), faults=(str(error),))
    return CommandLine((accel,), faults=tuple(id_faults((accel,))))


def read(text: str | Sequence[str]) -> CommandLine:
    """The one command line in ``text``: an ``-accel`` argument, a whole line, or a list of words.

    ``faults`` lists everything that every QEMU refuses; a text that is none of it is one fault, and is not read.
    """
    try:
        understood = understand(text) if isinstance(text, str) else understand_words(text)
        command = None if understood.kind == "accel" or understood.swept else one_command(understood)
    except AccelkitError as error:
        return CommandLine((), faults=(str(error),))
    if command is not None:
        return line_of(command)
    if understood.swept:
        return CommandLine((), faults=(f"{shown(text)}: is a recipe and no command line; give it to sweep",))
    return line_of_accel(understood.text, understood.variables)
