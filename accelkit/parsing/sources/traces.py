r"""What a shell prints of the commands that it runs under ``set -x``. Pure.

Each command begins with plus signs; other lines are what the programs print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.shell import shell_commands

#: Of PS4, the plus signs, and the file and line that many scripts add to them.
_PLUS: Final = re.compile(
    r"[ \t]*+\+++(?:[ \t]*[\w./-]+:\d+:|\([^)\n]{0,200}\):)?(?:[ \t]*[\w:]+\(\):)?[ \t]+"
)
_TRACED: Final = re.compile(r"^[ \t]*+\+++[^\n]*?(?:qemu|kvm)", re.MULTILINE | re.IGNORECASE)


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in a trace.

    >>> read(
    ...     Source("+ [[ -e /dev/kvm ]]\n+ qemu-system-x86_64 -accel kvm -name 'my vm'\nVNC server running")
    ... )[0].argv
    ('qemu-system-x86_64', '-accel', 'kvm', '-name', 'my vm')
    """
    if _TRACED.search(source.text) is None:
        return ()
    return shell_commands(source.taken(_commands(source.text)), dialect="trace")


def _commands(text: str) -> Iterator[tuple[int, int]]:
    """Where each command stands, with the newline behind it."""
    place = 0
    goes_on = False
    for line in text.split("\n"):
        end = place + len(line)
        plus = _PLUS.match(text, place, end)
        if plus is not None or goes_on:
            start = place if plus is None else plus.end()
            yield start, min(end + 1, len(text))
            # A word that holds a newline, and a patch that was pasted, run over several lines.
            quotes = text.count("'", start, end)
            goes_on = text.endswith("\\", start, end) or (goes_on and plus is None) != (quotes % 2 == 1)
        place = end + 1
