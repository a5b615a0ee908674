"""A command line of the user's own that is timed as a whole."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

QEMU: Final = "{qemu}"
ACCEL: Final = "{accel}"
PLACES: Final = (QEMU, ACCEL)
"""What stands for the build's command and the configuration's arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGuest:
    """A command line that is timed as a whole: :func:`accelkit.guests.foreign.command` makes one.

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

        >>> from accelkit.guests.foreign import command
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
