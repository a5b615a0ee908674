r"""Running processes: lines of ``ps`` and ``pgrep -a``, and /proc/PID/cmdline. Pure.

The words are what the program got, with a blank between two of them, whatever a word holds, or with a NUL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.parsing.sources.building import Raw, command_of, direct_command
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import is_plain_name, is_program

#: In each of these lines a process has a number, and a QEMU behind it. Two patterns, because one that had both
#: would try each digit of a line without a QEMU.
_DIGIT: Final = re.compile(r"\d")
_QEMU: Final = re.compile(r"qemu|kvm", re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")
_BETWEEN_NULS: Final = re.compile(r"[^\0]+")
#: Lines of ps have the time that a process took before its command, those of pgrep the process's number alone.
_TIME: Final = re.compile(r"(?:\d+-)?\d+:\d\d(?::\d\d)?(?:\.\d+)?")
_NUMBER: Final = re.compile(r"[├└│ ─|`]*\d+")
_HEADER: Final = re.compile(r"^[^\n]{0,200}\bPID\b[^\n]{0,200}\b(?:CMD|COMMAND|ARGS)\b", re.MULTILINE)
#: The branches of ps f, pstree -a and systemctl status.
_BRANCH: Final = re.compile(r"[\\_|`├└│─+-]+")
_QUOTE: Final = re.compile(r"['\"]")
_MOST_COLUMNS: Final = 20


def read_ps(source: Source) -> tuple[Command, ...]:
    """The QEMUs in lines of ps.

    >>> read_ps(Source("root 812 99.0 1.2 1234 456 ? Sl 10:00 1:23 /usr/bin/kvm -name my vm -m 1G"))[0].argv
    ('/usr/bin/kvm', '-name', 'my', 'vm', '-m', '1G')
    """
    return tuple(_of_ps(source))


def _of_ps(source: Source) -> Iterator[Command]:
    text = source.text
    has_header = _HEADER.search(text) is not None
    place = 0
    raws: list[Raw] = []
    start = -1  # the program's place among the words
    if _QEMU.search(text) is None:
        return
    for line in text.split("\n"):
        if not raws and not _has_qemu(line):
            place += len(line) + 1
            continue
        words = [Raw(word[0], place + word.start()) for word in _WORD.finditer(line)]
        if raws and words and words[0].text[0] == "-":  # a terminal has broken the line
            raws += words
        else:
            yield from _row(raws, start, source)
            start = _program(words, has_header=has_header, quoted=_QUOTE.search(line) is not None)
            raws = words if start >= 0 else []
        place += len(line) + 1
    yield from _row(raws, start, source)


def _has_qemu(line: str) -> bool:
    """Whether a QEMU stands somewhere behind a number."""
    number = _DIGIT.search(line)
    return number is not None and _QEMU.search(line, number.end()) is not None


def _row(raws: Sequence[Raw], start: int, source: Source) -> tuple[Command, ...]:
    return direct_command(raws[start:], "ps", source, before=raws[:start]) if raws else ()


def _program(words: Sequence[Raw], *, has_header: bool, quoted: bool) -> int:
    """Which of the words is the program, behind the columns; -1 for a line that is none of ps."""
    for index in range(1, min(len(words) - 1, _MOST_COLUMNS)):
        if not is_program(words[index].text):
            continue
        before = [word.text for word in words[:index]]
        while before and _BRANCH.fullmatch(before[-1]) is not None:
            del before[-1]
        if not before or any(word[0] in "-'\"$" for word in before[:-1]):
            return -1
        # Two blanks stand behind the number of a line in a shell's history.
        is_history = words[1].offset > words[0].offset + len(before[0]) + 1
        is_alone = len(before) == 1 and _NUMBER.fullmatch(before[0]) is not None
        is_pgrep = is_alone and not is_history and not quoted
        is_row = len(before) >= 2 and _TIME.fullmatch(before[-1]) is not None
        is_listed = has_header and any(word.isdecimal() for word in before)
        is_branch = _NUMBER.fullmatch(before[-1]) is not None and before[-1][0] in "├└"
        return index if is_pgrep or is_row or is_listed or is_branch else -1
    return -1


def read_cmdline(source: Source) -> tuple[Command, ...]:
    r"""The QEMUs in /proc/PID/cmdline, of one process or several.

    >>> read_cmdline(Source("/usr/bin/kvm\0-name\0my vm\0"))[0].argv
    ('/usr/bin/kvm', '-name', 'my vm')
    """
    if "\0" not in source.text:
        return ()
    commands: list[list[Raw]] = [[]]
    for found in _BETWEEN_NULS.finditer(source.text):
        word = found[0]
        if is_program(word) and not is_plain_name(word) and commands[-1]:
            previous = commands[-1][-1].text
            if not previous.startswith("-"):
                commands.append([])
        commands[-1].append(Raw(word, found.start()))
    return tuple(command for raws in commands if raws for command in command_of(raws, "proc", source))
