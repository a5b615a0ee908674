"""A paste to its QEMU commands: a line, the arguments alone, a terminal's session, a script. Pure."""

from __future__ import annotations

import re
from typing import Final

from accelkit.parsing.sources.command import Command, Note
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.prompts import has_root_prompt, without_prompts
from accelkit.parsing.sources.shell import argument_command, shell_commands
from accelkit.syntax.typography import BLANKS, DASHES

_QEMU: Final = re.compile(r"qemu|kvm", re.IGNORECASE)
_ARGUMENTS: Final = re.compile(rf"\s*(?:--?|[{DASHES}])[A-Za-z]")
_LONGEST_PROMPT: Final = 300
_JOINED: Final = re.compile(r"\\[ \t]*$", re.MULTILINE)
_BLANK: Final = re.compile(f"[{BLANKS}]")
_NEXT_OPTION: Final = re.compile(rf"\n[ \t]*(?=(?:--?|[{DASHES}])[A-Za-z])")


def pasted_commands(marked: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in what was pasted; of a text that begins with an option these arguments first.

    Options on lines of their own that nothing joins, as some programs show them, are one command: no shell had them.

    >>> [command.argv for command in pasted_commands(Source("-M virt\n-accel hvf\n"))]
    [('-M', 'virt', '-accel', 'hvf')]
    """
    text = marked.text
    if _QEMU.search(text) is None and not _begins_with_option(text[:_LONGEST_PROMPT]):
        return ()
    source = without_prompts(marked, root=False)
    if _ARGUMENTS.match(source.text) is not None:
        return _with_arguments(source)
    found = shell_commands(source)
    if not found and has_root_prompt(text):
        found = shell_commands(without_prompts(marked, root=True))
    return found or _of_divided(marked)


def _of_divided(source: Source) -> tuple[Command, ...]:
    """The commands of a text in which typographic blanks stand between the words, each with a note."""
    blanks = list(_BLANK.finditer(source.text))
    if not blanks:
        return ()
    plain = _BLANK.sub(" ", source.text)
    places = [source.place(blank.start()) for blank in blanks]
    found: list[Command] = []
    for command in pasted_commands(source.rebuilt(((plain, 0),))):
        start = command.words[0][1:]
        at = next((number for number, place in enumerate(places) if place > start), -1)
        sign = f"U+{ord(blanks[at][0]):04X}"
        why = (
            f"a blank ({sign}) stands between words and divides none for a shell, which finds no such program"
        )
        found.append(
            command._replace(
                notes=(*command.notes, Note(f"{why}; write a plain blank", *places[at], "fatal"))
            )
        )
    return tuple(found)


def _begins_with_option(text: str) -> bool:
    return _ARGUMENTS.match(without_prompts(Source(text), root=False).text) is not None


def _with_arguments(source: Source) -> tuple[Command, ...]:
    if _JOINED.search(source.text) is None:
        source = _on_one_line(source)
    arguments = argument_command(source)
    return ((arguments,) if arguments is not None else ()) + shell_commands(source)


def _on_one_line(source: Source) -> Source:
    """The text with a blank for each end of line that an option follows."""
    pieces: list[tuple[str, int]] = []
    place = len(source.text) - len(source.text.lstrip())
    for end in _NEXT_OPTION.finditer(source.text, place):
        pieces += [(source.text[place : end.start()], place), (" ", end.start())]
        place = end.end()
    return source.rebuilt([*pieces, (source.text[place:], place)])
