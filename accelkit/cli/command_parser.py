"""CommandParser: argparse with one-line errors and what completion asks of it; the types of options' values."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from typing import Any, Final, NoReturn, cast

from accelkit.cli.output import print_error
from accelkit.errors import StudyError, nearest, shortened

MOST_QUOTED: Final = 200
"""Characters of unknown arguments that an error quotes."""


class CommandParser(argparse.ArgumentParser):
    """The parser of the command or of one subcommand; its options are the list that completion reads.

    ``qemu_words`` marks a subcommand whose last arguments are QEMU's own words.
    """

    def __init__(self, *, qemu_words: bool = False, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)
        self.qemu_words = qemu_words

    def error(self, message: str) -> NoReturn:
        """Print ``message`` as one line on stderr and exit with status 2."""
        print_error(f"{self.prog}: {message}; see {self.prog} --help")
        raise SystemExit(2)

    def arguments_of(self, words: Sequence[str]) -> argparse.Namespace:
        """What ``words`` say; ends with an error that names the nearest option where nothing takes one of them."""
        found, rest = self.parse_known_args(words)
        if rest:
            command = next((self.commands[word] for word in words if word in self.commands), self)
            option = next((word.partition("=")[0] for word in rest if word.startswith("--")), "")
            close = nearest(option, command.listed)
            meant = f"; {close}" if option and close.startswith("did") else ""
            command.error(f"unrecognized arguments: {shortened(' '.join(rest), MOST_QUOTED)}{meant}")
        return found

    @property
    def commands(self) -> dict[str, CommandParser]:
        """The subcommands by name, in the order of the help; empty for a subcommand."""
        tables = [
            cast("dict[str, object]", action.choices)
            for action in self._actions
            if action.nargs == argparse.PARSER
        ]
        return {
            name: command
            for table in tables
            for name, command in table.items()
            if isinstance(command, CommandParser)
        }

    @property
    def options(self) -> dict[str, argparse.Action]:
        """The options by their text, such as ``--json``; ``--help`` and ``-h`` among them."""
        return {text: action for action in self._actions for text in action.option_strings}

    @property
    def listed(self) -> list[str]:
        """What completion offers: the options, without those of the help."""
        return [text for text, action in self.options.items() if action.dest != "help"]

    @property
    def arguments(self) -> list[argparse.Action]:
        """The positional arguments, in order."""
        return [action for action in self._actions if not action.option_strings]


def takes_value(option: argparse.Action) -> bool:
    """Whether the word after ``option`` is its value."""
    return option.nargs != 0


def share(text: str) -> float:
    """A share of 1, from ``0.02`` or ``2%``. Raises ArgumentTypeError."""
    from accelkit.study.standards import share_of

    try:
        return share_of(text, "") or 0.0
    except StudyError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix(": ")) from None


def duration(text: str) -> float:
    """Seconds, from ``90``, ``90s``, ``10m`` or ``2h``. Raises ArgumentTypeError."""
    from accelkit.study.standards import TIMES, seconds_of

    try:
        return seconds_of(text) or 0.0
    except StudyError:
        raise argparse.ArgumentTypeError(f"got {text!r}; {TIMES}") from None


def address(text: str) -> str:
    """The address of a scheduler, such as ``tcp://host:8786``. Raises ArgumentTypeError."""
    from accelkit.study.hosts.connection import checked

    try:
        return str(checked(text))
    except StudyError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("on: ")) from None


def seconds(text: str) -> float:
    """A number of seconds above 0 and below a million. Raises ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"got {text!r}; takes seconds, more than 0")
    return number


def count(text: str) -> int:
    """A whole number from 1 to 1000000. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"got {text!r}; takes a whole number from 1 to 1000000")
    return int(text)


def whole(text: str) -> int:
    """A whole number. Raises ArgumentTypeError."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r:.60}; takes a whole number") from None


def weight(text: str) -> tuple[str, float]:
    """A guest and its weight, from ``smp=3``. Raises ArgumentTypeError."""
    guest, _, number = text.rpartition("=")
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if not guest or not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"got {text!r}; takes a guest and a number from 0 on, as smp=3")
    return guest, value
