r"""Dockerfiles: ``RUN``, ``CMD`` and ``ENTRYPOINT``, as a shell's text or as a list of words. Pure.

Comment lines between continued lines are dropped before a shell reads them. The words of CMD are added to those of an
ENTRYPOINT that is a list. Source: Docker's "Dockerfile reference".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from accelkit.parsing.sources.building import Raw, command_of
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.literals import LITERAL, literal
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.rewritten import Rewritten
from accelkit.parsing.sources.shell import shell_commands

_OWN: Final = re.compile(r"^[ \t]*(?:RUN|CMD|ENTRYPOINT)[ \t]+\S", re.MULTILINE)
_INSTRUCTION: Final = re.compile(r"[ \t]*(?P<name>[A-Z]{2,})[ \t]+")
_OPTIONS: Final = re.compile(r"(?:--[a-z]+=?\S*[ \t]+)+")
_IGNORED: Final = re.compile(r"[ \t]*(?:#.*)?$")
_JOINED: Final = re.compile(r"\\[ \t]*$")
_LIST: Final = re.compile(rf"\s*\[\s*(?:{LITERAL}\s*,?\s*)*")
_LITERAL: Final = re.compile(LITERAL, re.DOTALL)
_ASSIGNED: Final = re.compile(r"(?:\w+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']*)[ \t]*)+$")
_DOCUMENT: Final = re.compile(r"<<-?[ \t]*['\"]?(\w+)['\"]?[ \t]*$")
_QEMU: Final = re.compile("qemu|kvm", re.IGNORECASE)


class _Instruction(NamedTuple):
    name: str
    value: Rewritten


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands that an image is built with, and those that its containers run.

    >>> read(Source('FROM debian\nENTRYPOINT ["qemu-system-x86_64", "-accel", "kvm"]\nCMD ["-m", "1G"]\n'))[
    ...     0
    ... ].argv
    ('qemu-system-x86_64', '-accel', 'kvm', '-m', '1G')
    """
    if _OWN.search(source.text) is None or _QEMU.search(source.text) is None:
        return ()
    shell = Rewritten()
    listed: list[Command] = []
    entry: list[Raw] | None = None  # the words of the last ENTRYPOINT that is a list
    command: list[Raw] = []
    for name, value in (*_instructions(source.text), _Instruction("FROM", Rewritten())):
        text = value.text()
        if name == "FROM":
            listed += command_of([*(entry or ()), *command], "docker", source)
            entry, command = None, []
        elif name == "ENV" and _ASSIGNED.fullmatch(text.strip()) is not None:
            shell.extend(value)
            shell.put("\n", value.origin(value.length))
        elif name in ("RUN", "CMD", "ENTRYPOINT"):
            words = _listed(value, text)
            if words is None:
                _add_script(shell, value)
            elif name == "RUN":
                listed += command_of(words, "docker", source)
            elif name == "CMD":
                command = words
            else:
                entry = words
    found = (*shell_commands(shell.source(source), dialect="docker"), *listed)
    return tuple(sorted(found, key=lambda found_command: found_command.words[0][1:]))


def _add_script(shell: Rewritten, value: Rewritten) -> None:
    """Adds what a shell of its own reads: what it sets is not known behind it."""
    options = _OPTIONS.match(value.text())
    shell.put("(", value.origin(0))
    shell.extend(value, 0 if options is None else options.end())
    shell.put("\n)\n", value.origin(value.length))


def _listed(value: Rewritten, text: str) -> list[Raw] | None:
    """The words of a list; None if it is a shell's text."""
    if not text.lstrip().startswith("["):
        return None
    return [
        Raw(literal(word).text, value.origin(word.start()))
        for word in _LITERAL.finditer(text)
        if word["quote"] == '"'
    ]


def _instructions(text: str) -> Iterator[_Instruction]:
    """Each instruction with its value: continued lines, without the comments between them."""
    name, value = "", Rewritten()
    document = ""  # the word that ends a here-document
    continued = False
    place = 0
    for line in text.split("\n"):
        end = place + len(line)
        if document:
            if line.strip() == document:
                document = ""
                yield _Instruction(name, value)
            else:
                value.keep(text, place, min(end + 1, len(text)))
        elif not (continued and _IGNORED.match(line) is not None):
            start = place
            if not continued:
                instruction = _INSTRUCTION.match(text, place, end)
                name, value = ("", Rewritten()) if instruction is None else (instruction["name"], Rewritten())
                start = end if instruction is None else instruction.end()
            joined = _JOINED.search(line)
            continued = joined is not None
            heredoc = _DOCUMENT.search(line) if name == "RUN" and not continued else None
            if joined is not None:
                value.keep(text, start, place + joined.start() + 1)
                value.put("\n", end)
            elif heredoc is not None:
                value.keep(text, start, max(start, place + heredoc.start()))
                document = heredoc[1]
            elif name:
                value.keep(text, start, end)
                yield _Instruction(name, value)
        place = end + 1
    if continued or document:
        yield _Instruction(name, value)
