r"""PowerShell: scripts and what is pasted from its window. Pure.

A backtick escapes a character and continues a line; ``$name = …`` and ``@( … )`` hold words, ``& program`` runs one,
and ``Start-Process`` gets its words as a list. Source: about_Parsing, about_Quoting_Rules, Start-Process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.parsing.sources.argv_windows import windows_words
from accelkit.parsing.sources.building import Raw, command_of, lost_lines
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.powershell_words import Argument, Reader

#: What only PowerShell's text has.
_OWN: Final = re.compile(
    r"""(?<=[ \t])`$ | ^[ \t]*(?:PS[ ][^\n>]*> | \.\\[^\n]*?qemu | &[ ]*["'$.\w] | \$[\w:]+[ \t]*\+?=(?!=))
    | \$env:\w | =[ \t]*@\( | ^[ \t]*(?:\$[\w:]+[ \t]*=[ \t]*)?(?:Start-Process)\b
    | \b(?-i:Get|Set|New|Test|Join|Split|Write|Out|Invoke)-(?-i:[A-Z][A-Za-z]+)\b""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_QEMU: Final = re.compile("qemu|kvm", re.IGNORECASE)
_PROMPT: Final = re.compile(r"[ \t]*PS [^\n>]*>+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"(?:[\s;{}|]|&(?=&)|(?<=&)&|#[^\n]*|<#(?:[^#]|#(?!>))*#>)+")
_ASSIGNMENT: Final = re.compile(r"(?:\[[\w.\[\]]+\][ \t]*)?\$(?:\w+:)?(\w+)[ \t]*(\+?)=(?!=)[ \t]*")
_CALL: Final = re.compile(r"[&.](?=[ \t\"'$])[ \t]*")
_STARTERS: Final = frozenset(("start-process", "saps", "start"))
#: Parameters of Start-Process without a value.
_SWITCHES: Final = frozenset("-wait -nonewwindow -passthru -loaduserprofile -usenewenvironment".split())


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in a script of PowerShell, or in lines for it.

    >>> read(Source("$opts = @('-accel', 'whpx')\n& 'C:\\qemu\\qemu-system-x86_64.exe' @opts `\n  -m 1G"))[
    ...     0
    ... ].argv
    ('C:\\qemu\\qemu-system-x86_64.exe', '-accel', 'whpx', '-m', '1G')
    """
    text = source.text
    if _QEMU.search(text) is None or _OWN.search(text) is None:
        return ()
    return tuple(_commands(Reader(text), source))


def _commands(reader: Reader, source: Source) -> Iterator[Command]:
    text = reader.text
    place = 0
    while place < len(text):
        between = _BETWEEN.match(text, place)
        if between is not None:
            place = between.end()
            reader.blocks(between[0])
        if (prompt := _PROMPT.match(text, place)) is not None:
            place = prompt.end()
            continue
        start = place
        assignment = _ASSIGNMENT.match(text, place)
        if assignment is not None:
            value = reader.value(assignment.end())
            reader.assign(assignment[1], value, more=bool(assignment[2]))
            if value.words is not None:
                place = max(value.stop, place + 1)
                continue
            start = assignment.end()  # what a command prints
        called = _CALL.match(text, start)
        arguments, place = reader.arguments(start if called is None else called.end())
        notes = lost_lines(place, "`", "PowerShell", source)
        yield from command_of(_words(arguments, reader), "powershell", source, notes)
        place = max(place, start + 1)


def _words(arguments: Sequence[Argument], reader: Reader) -> list[Raw]:
    """The words that the program gets."""
    if not arguments:
        return []
    starter = arguments[0].words[0] if arguments[0].words else None
    if starter is None or starter.text.lower() not in _STARTERS:
        return [word for argument in arguments for word in argument.native()]
    return [starter, *_started(arguments[1:], reader)]


def _started(arguments: Sequence[Argument], reader: Reader) -> Iterator[Raw]:
    """The words of ``Start-Process [-FilePath] program [-ArgumentList] words``: first the program, then its words."""
    program: Argument | None = None
    words: Argument | None = None
    rest = iter(arguments)
    for argument in rest:
        name = "" if argument.quoted or not argument.words else argument.words[0].text.lower()
        if name in _SWITCHES:
            continue
        if name.startswith(("-arg", "-a")) and len(argument.words) == 1:
            words = next(rest, None)
        elif name.startswith("-f"):
            program = next(rest, None)
        elif name.startswith("-"):
            next(rest, None)
        elif program is None:
            program = argument
        else:
            words = words or argument
    if program is not None:
        yield from program.words
    if words is not None:
        for word in words.words:  # joined by blanks, without quotes: each may hold several
            yield from reader.inside(word, windows_words)
