"""Where QEMU's own words begin in a command line of accelkit, and which of them belong together: they need no quoting. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from accelkit.cli.command_parser import CommandParser, takes_value
from accelkit.errors import ArgvError, nearest
from accelkit.recipes.table import ACCELERATORS

Subject = str | list[str]


def arranged(words: list[str], top: CommandParser) -> list[str]:
    """``words`` with ``--`` before the first QEMU word that looks like an option; ``top`` parses the command.

    So ``accelkit check --version 10.0 -machine q35,accel=kvm -m 1G`` needs no quoting: from
    ``-machine`` on, everything is QEMU's. Raises ArgvError for an unknown command or option.

    >>> from accelkit.cli.parser import parser
    >>> arranged(["check", "--json", "-accel", "kvm"], parser())
    ['check', '--json', '--', '-accel', 'kvm']
    """
    first = words[0]
    if first in top.options:
        return words
    command = top.commands.get(first)
    if command is None:
        if first.startswith("-"):
            raise ArgvError(f"unknown option {first!r}; {nearest(first, ['--help', *top.listed])}")
        raise ArgvError(f"unknown command {first!r}; {nearest(first, top.commands)}")
    if not command.qemu_words:
        return words
    # An option of another such command is a usage error, and argparse says so; it is not QEMU's word.
    own = {
        text: option
        for known in top.commands.values()
        if known.qemu_words
        for text, option in known.options.items()
    }
    place = 1
    while place < len(words):
        text, equals, _ = words[place].partition("=")
        if words[place] == "--":
            return words
        if text in own:
            place += 2 if takes_value(own[text]) and not equals else 1
        elif words[place].startswith("-") and words[place] != "-":
            _refuse_strays(first, command.listed, words[place:])
            return [*words[:place], "--", *words[place:]]
        else:
            place += 1
    return words


def subjects(words: Sequence[str]) -> list[Subject]:
    """What the words are about: each by itself, or all together one QEMU command, whatever stands before its program.

    From the first option of QEMU's on, the rest is one command line. Raises ArgvError for a ``-``.

    >>> subjects(["kvm", "-accel", "tcg", "-m", "1G"])
    ['kvm', ['-accel', 'tcg', '-m', '1G']]
    >>> subjects(["sudo", "qemu-kvm", "-m", "1G"])
    [['sudo', 'qemu-kvm', '-m', '1G']]
    """
    from accelkit.parsing.sources.programs import typographic_dash

    if "-" in words:
        raise ArgvError(
            "'-' stands for the lines of standard input; only check takes it, as its sole argument"
        )
    options = (
        place
        for place, word in enumerate(words)
        if (word.startswith("-") or typographic_dash(word)) and not any(map(str.isspace, word))
    )
    start = next(options, len(words))
    before = words[:start]
    if not all(map(_by_itself, before)) and _is_command(words):
        return [list(words)]
    return [*before, *([list(words[start:])] if start < len(words) else [])]


def _by_itself(word: str) -> bool:
    """Whether the word is a whole text: an accelerator that there is, a quoted line, or notation with brackets."""
    first = word.partition(",")[0].removeprefix("accel=")
    return first in ACCELERATORS or any(mark.isspace() or mark in "{(<" for mark in word)


def _is_command(words: Sequence[str]) -> bool:
    from accelkit.parsing.understanding import understand_words

    try:
        return bool(understand_words(words).commands)
    except ArgvError:
        return False


def _refuse_strays(command: str, own: Sequence[str], words: Sequence[str]) -> None:
    """Raise ArgvError for a word among QEMU's that is one of accelkit's options, or a misspelt one."""
    from accelkit.parsing.sources.programs import is_plain_name, is_program
    from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED

    # Words before the program are those of sudo, timeout or docker.
    programs = (number for number, word in enumerate(words) if is_program(word) and not is_plain_name(word))
    place = next(programs, 0)
    while place < len(words):
        text = words[place].partition("=")[0]
        plain = text.lstrip("-") if text.startswith("-") else ""
        if text in own and plain not in (VALUED | FLAGS):
            raise ArgvError(f"{text}: is an option of accelkit; give it before QEMU's words")
        close = nearest(text, own) if text.startswith("--") else ""
        if close.startswith("did") and plain not in (VALUED | FLAGS | REMOVED.keys()):
            raise ArgvError(f"{text!r}: neither accelkit {command} nor QEMU has this option; {close}")
        place += 2 if plain in VALUED else 1
