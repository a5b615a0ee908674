"""A machine of the user's own whose serial console is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

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
    """A machine whose serial console is read: :func:`accelkit.guests.foreign.linux` and ``disk`` make one.

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
