"""Guests from users: a machine whose serial console is read, and a command that is timed as a whole."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from accelkit.guests.digest import digest


@dataclass(frozen=True, slots=True)
class File:
    """A file that QEMU reads: ``option`` and, for a suboption, what stands before the path."""

    option: str
    path: str
    before: str = ""

    def words(self, path: str) -> tuple[str, str]:
        """The two words of the command line, the file being at ``path``."""
        return (self.option, self.before + path.replace(",", ",,") if self.before else path)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialGuest:
    """A machine whose serial console is read: :func:`accelkit.guests.makers.linux` and ``disk`` make one.

    The run ends at the first line that matches ``until``; without it, when the machine does, with
    one of the exit statuses in ``passing``. ``phases`` are names and patterns: each is timed at its
    first match. A match of ``fails`` ends the run, and it has failed. Patterns are Python's, and
    are searched for in each line. ``code`` is the Python that makes it again.
    """

    name: str
    target: str
    options: tuple[str, ...]
    files: tuple[File, ...]
    until: str | None
    phases: tuple[tuple[str, str], ...]
    fails: str
    passing: tuple[int, ...]
    code: str = field(default="", compare=False)

    def argv(self, opened: Callable[[str], str] = str) -> tuple[str, ...]:
        """QEMU's arguments but for the accelerator's; ``opened`` says under which path QEMU finds a file."""
        files = (word for file in self.files for word in file.words(opened(file.path)))
        return (
            *self.options, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", *files,
            "-chardev", "stdio,id=ak,signal=off", "-serial", "chardev:ak",
        )  # fmt: skip

    @property
    def fingerprint(self) -> str:
        """Text that changes when a file or what is asked does; reads the files. GuestError if it cannot."""
        said = (self.target, self.options, self.until, self.phases, self.fails, self.passing)
        files = [(file.option, file.before, digest(file.path)) for file in self.files]
        return json.dumps([self.name, *said, files])


QEMU: Final = "{qemu}"
ACCEL: Final = "{accel}"
PLACES: Final = (QEMU, ACCEL)
"""What stands for the build's command and the configuration's arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGuest:
    """A command line that is timed as a whole: :func:`accelkit.guests.makers.command` makes one.

    ``code`` is the Python that makes it again.
    """

    name: str
    words: tuple[str, ...]
    passing: tuple[int, ...]
    code: str = field(default="", compare=False)

    @property
    def is_qemu(self) -> bool:
        """Whether the words are only what follows QEMU and its accelerator."""
        return not any(place in word for word in self.words for place in PLACES)

    def line(self, qemu: Sequence[str], accel: Sequence[str]) -> tuple[str, ...]:
        """The whole command.

        >>> from accelkit.guests.makers import command
        >>> command(["sh", "-c", "{qemu} {accel} -M none; true"]).line(["qemu"], ["-accel", "tcg"])
        ('sh', '-c', 'qemu -accel tcg -M none; true')
        >>> command(["-M", "none"]).line(["qemu"], ["-accel", "tcg"])
        ('qemu', '-accel', 'tcg', '-M', 'none')
        """
        if self.is_qemu:
            return (*qemu, *accel, *self.words)
        found: list[str] = []
        for word in self.words:
            if word in PLACES:
                found += qemu if word == QEMU else accel
            else:
                found.append(word.replace(QEMU, shlex.join(qemu)).replace(ACCEL, shlex.join(accel)))
        return tuple(found)

    @property
    def fingerprint(self) -> str:
        """Text that changes when the words do; what files they name is not known."""
        return json.dumps([self.name, self.words, self.passing])
