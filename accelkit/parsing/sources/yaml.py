r"""YAML: lists of words, and lines for a shell: workflows, Compose files, manifests of pods. Pure.

The program and its words may stand under two keys of one mapping: entrypoint and command of Compose, command and args
of Kubernetes. Source: "Compose file reference", ``entrypoint`` and ``command``; Kubernetes, "Define a Command and
Arguments for a Container".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from accelkit.parsing.sources.building import Raw, command_of, direct_command, has_options
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.lists import are_options
from accelkit.parsing.sources.lists import read as read_lists
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import is_program
from accelkit.parsing.sources.rewritten import Rewritten
from accelkit.parsing.sources.shell import shell_commands
from accelkit.parsing.sources.yaml_values import block_lines, block_text, divided, flow_words, scalar

_ITEM: Final = re.compile(r"(?P<indent>[ ]*)-[ ]+(?P<value>\S.*?)[ \t]*$")
_KEY: Final = re.compile(
    r"(?P<indent>[ ]*(?:-[ ]+)*)(?P<key>[\w.-]+(?:[ ][\w.-]+){0,3}|\"[\w.-]+\"):(?:[ ]+(?P<value>\S.*?))?[ \t]*$"
)
_BLOCK: Final = re.compile(r"(?P<style>[|>])[-+0-9]*(?:[ ]+#.*)?$")
_OWN: Final = re.compile(
    r"^[ ]*(?:-[ ]+)*[\w.-]+(?:[ ][\w.-]+){0,3}:(?:[ ]+[^\n]*(?:qemu|kvm)[^\n]*|[ ]*(?:[|>\[][-+0-9]*)?[ \t]*(?:\#[^\n]*)?)$"
    r"|^[ ]*-[ ]+[\"']?(?:\S*qemu|\S*kvm)[\w.-]*[\"']?[ \t]*$|^[ ]*-[ ]+[\"']?--?(?:accel|machine)[\"']?[ \t]*$",
    re.MULTILINE,
)
_QEMU: Final = re.compile("qemu|kvm|-accel|-machine", re.IGNORECASE)
#: Keys of the program, those of what is run first before those of its words.
_PROGRAMS: Final = ("entrypoint", "command", "cmd", "program", "path", "qemu_binary", "binary")
_WORDS: Final = frozenset(
    "args arguments argv options command extraargs extra_args qemuargs qemu_args".split()
)
#: Keys whose value is run, also where it is a program's name alone.
_RUN: Final = frozenset((*_PROGRAMS[:3], "run", "script", "shell", "exec", "command line"))


@dataclass(slots=True, eq=False)
class _Entry:
    """A key and its value; of a list without a key the items."""

    mapping: int
    key: str = ""
    words: list[Raw] = field(default_factory=list[Raw])
    text: Rewritten | None = None
    """The value, where it is one that a shell may read."""
    lists: tuple[Command, ...] = ()
    """The commands in brackets inside of brackets."""


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in lists and in the values of keys.

    >>> read(Source("command: [qemu-system-x86_64]\nargs:\n  - -accel\n  - kvm\n"))[0].argv
    ('qemu-system-x86_64', '-accel', 'kvm')
    """
    text = source.text
    if _QEMU.search(text) is None or _OWN.search(text) is None:
        return ()
    mappings: dict[int, list[_Entry]] = {}
    for entry in _Reader(source).entries():
        if entry is None:
            return ()
        mappings.setdefault(entry.mapping, []).append(entry)
    found = [command for entries in mappings.values() for command in _commands(entries, source)]
    return tuple(sorted(found, key=lambda command: command.words[0][1:]))


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source: Final = source
        self.open: list[tuple[int, int]] = []  # of the mappings that are not ended: indent and number
        self.mappings = 0

    def entries(self) -> Iterator[_Entry | None]:
        """Each key, and each list without one; None at a line that no YAML has."""
        text = self.source.text
        lines = text.split("\n")
        number = place = 0
        now = _Entry(0)
        while number < len(lines):
            line = lines[number]
            item, key = _ITEM.match(line), _KEY.match(line)
            if item is not None and (
                key is None or (key["value"] is not None and not _is_key(item["value"]))
            ):
                if item["value"][0] == "[" and (words := flow_words(text, place + item.start("value"))[0]):
                    now.words += words
                else:
                    now.words.append(scalar(item["value"], place + item.start("value")))
            elif line.strip() and not line.lstrip().startswith("#"):
                yield now
                now = _Entry(0)
                if key is not None:
                    now = _Entry(self._mapping(key["indent"]), key["key"].strip('"').lower())
                    number, place = self._value(now, key, lines, number, place)
                    continue
                if line[0] not in " ]}" and line.strip() not in ("---", "..."):
                    yield None  # prose, or a program's text
            place += len(line) + 1
            number += 1
        yield now

    def _mapping(self, indent: str) -> int:
        """The number of the mapping that a key behind this indent belongs to."""
        while self.open and self.open[-1][0] >= len(indent) + (indent[-2:] != "- "):
            self.open.pop()
        if not self.open or self.open[-1][0] < len(indent):
            self.mappings += 1
            self.open.append((len(indent), self.mappings))
        return self.open[-1][1]

    def _value(
        self, entry: _Entry, key: re.Match[str], lines: Sequence[str], number: int, place: int
    ) -> tuple[int, int]:
        """Takes the value behind a key; the number and the place of the next line."""
        text, value = self.source.text, key["value"] or ""
        start, behind = place + key.start("value"), place + len(lines[number]) + 1
        if (block := _BLOCK.match(value)) is not None:
            spans, number, behind = block_lines(lines, number + 1, behind, len(key["indent"]))
            entry.text = block_text(text, spans, folded=block["style"] == ">")
            return number, behind
        if value[:1] in ("[", "{"):
            words, end = flow_words(text, start)
            if words is None and _QEMU.search(text, start, end) is not None:
                entry.lists = read_lists(self.source.taken([(start, end)]))
            entry.words = words or []
            end = min(max(end, behind - 1), len(text))
            rows = text.count("\n", place, end)
            return number + rows + 1, text.find("\n", end) + 1 or len(text) + 1
        if value and not value.endswith("\\"):  # no YAML, but a shell's text that looks like it
            raw = scalar(value, start)
            entry.text = Rewritten()
            entry.text.put(raw.text, start + (raw.text != value and value[0] in "\"'"))
        return number + 1, behind


def _is_key(value: str) -> bool:
    return _KEY.match(value) is not None and not value.startswith("-")


def _commands(entries: Sequence[_Entry], source: Source) -> Iterator[Command]:
    """The commands of one mapping."""
    programs = [
        (entry, words)
        for key in _PROGRAMS
        for entry in entries
        if entry.key == key and (words := _words(entry)) and is_program(words[0].text)
    ]
    arguments = [
        (entry, words)
        for entry in entries
        if entry.key in _WORDS and (words := _words(entry)) and words[0].text[:1] in ("-", "$")
    ]
    joined: list[_Entry] = []
    if programs and arguments:
        (program, first), (rest, more) = programs[0], arguments[0]
        joined = [program, rest]
        yield from direct_command([*first, *more], "yaml", source)
    for entry in entries:
        yield from entry.lists
        if entry in joined:
            continue
        if entry.text is not None and _QEMU.search(entry.text.text()) is not None:
            for command in shell_commands(entry.text.source(source), dialect="yaml"):
                if entry.key in _RUN or len(command.words) > 1:
                    yield command
        elif entry.words:
            yield from _of_list(entry, source)


def _words(entry: _Entry) -> list[Raw]:
    """The words of a value that is a list, or is divided into one."""
    if entry.text is None:
        return entry.words
    return divided(entry.text)


def _of_list(entry: _Entry, source: Source) -> tuple[Command, ...]:
    words = entry.words
    begins = words[0].text
    is_arguments = are_options(words) or (entry.key in _WORDS and begins.startswith("-"))
    if (len(words) > 1 and is_arguments) or (is_program(begins) and has_options(words)):
        return direct_command(words, "yaml", source)
    return command_of(words, "yaml", source) if has_options(words) else ()
