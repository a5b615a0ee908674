"""The user's own guests: a machine whose serial console accelkit reads, and a command that it times."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from accelkit.guests.digest import digest


@dataclass(frozen=True, slots=True)
class File:
    """A file that QEMU reads: ``option`` takes it; ``before`` is the text before the path in a suboption.

    ``device``: it may also be a block device.
    """

    option: str
    path: str
    before: str = ""
    device: bool = False

    def words(self, path: str) -> tuple[str, str]:
        """The two words of the command line for the file at ``path``."""
        return (self.option, self.before + path.replace(",", ",,") if self.before else path)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialGuest:
    """A machine whose serial console accelkit reads; :func:`accelkit.guests.makers.linux` and ``disk`` make one.

    The run ends at the first line that matches ``until``; without it, when the machine ends with one of
    the exit statuses in ``passing``. ``phases`` are names and patterns, in their order: a phase lasts from the
    first match of its pattern (an empty one: from the start of QEMU) to that of the next, the last one to the
    end of the run. A match of ``fails`` ends the run as failed. Patterns are Python regular expressions,
    searched for in each line. ``code`` is the Python expression that makes the same guest.
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

    def argv(self, path_in_qemu: Callable[[str], str] = str) -> tuple[str, ...]:
        """QEMU's arguments without the accelerator's; ``path_in_qemu`` maps a path to the one QEMU opens."""
        files = (word for file in self.files for word in file.words(path_in_qemu(file.path)))
        return (
            *self.options, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", *files,
            "-chardev", "stdio,id=ak,signal=off", "-serial", "chardev:ak",
        )  # fmt: skip

    @property
    def fingerprint(self) -> str:
        """Text that changes when a file or a setting changes; reads the files.

        Raises GuestError if a file cannot be read.
        """
        # A mapping: stores in which phases are a list have a record of when each began, not of how long it lasted.
        settings = (self.target, self.options, self.until, dict(self.phases), self.fails, self.passing)
        files = [(file.option, file.before, digest(file.path, devices=file.device)) for file in self.files]
        return json.dumps([self.name, *settings, files])


QEMU: Final = "{qemu}"
ACCEL: Final = "{accel}"
PLACEHOLDERS: Final = (QEMU, ACCEL)
"""They stand for the build's command and for the configuration's arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGuest:
    """A command line that accelkit times from start to end; :func:`accelkit.guests.makers.command` makes one.

    ``code`` is the Python expression that makes the same guest.
    """

    name: str
    words: tuple[str, ...]
    passing: tuple[int, ...]
    code: str = field(default="", compare=False)

    @property
    def is_qemu(self) -> bool:
        """Whether ``words`` are QEMU's arguments only, to append to the build's and the configuration's."""
        return not any(name in word for word in self.words for name in PLACEHOLDERS)

    def line(self, qemu: Sequence[str], accel: Sequence[str]) -> tuple[str, ...]:
        """The whole command for the build ``qemu`` and the configuration ``accel``.

        >>> from accelkit.guests.makers import command
        >>> command(["sh", "-c", "{qemu} {accel} -M none; true"]).line(["qemu"], ["-accel", "tcg"])
        ('sh', '-c', 'qemu -accel tcg -M none; true')
        >>> command(["-M", "none"]).line(["qemu"], ["-accel", "tcg"])
        ('qemu', '-accel', 'tcg', '-M', 'none')
        """
        if self.is_qemu:
            return (*qemu, *accel, *self.words)
        words: list[str] = []
        for word in self.words:
            if word in PLACEHOLDERS:
                words += qemu if word == QEMU else accel
            else:
                words.append(word.replace(QEMU, shlex.join(qemu)).replace(ACCEL, shlex.join(accel)))
        return tuple(words)

    @property
    def fingerprint(self) -> str:
        """Text that changes when the words change, but not when the files that they name do."""
        return json.dumps([self.name, self.words, self.passing])
