"""The one option that accelkit refuses everywhere: with ``-daemonize`` the command ends and QEMU runs on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from accelkit.errors import QemuError

_DAEMONIZE: Final = re.compile(r"(?<![^\s'\"=])--?daemonize(?![^\s'\";&|)])")

_FOR_THE_GUEST: Final = ("-append", "--append")


def refuse_daemonize(words: Iterable[str]) -> None:
    """Raises QemuError if ``-daemonize`` is one of ``words``, or stands in one that a shell reads.

    What follows ``-append`` is for the guest's kernel and its programs, and may have one of their own.

    >>> refuse_daemonize(["sh", "-c", "qemu -daemonize {accel}"])
    Traceback (most recent call last):
    accelkit.errors.QemuError: -daemonize: QEMU would run on when its command has ended, and no time could be measured; leave it out
    >>> refuse_daemonize(["-name", "daemonize", "-drive", "file=my-daemonize"])
    """
    before = ""
    for word in words:
        if before not in _FOR_THE_GUEST and _DAEMONIZE.search(word):
            raise QemuError(
                "-daemonize: QEMU would run on when its command has ended, and no time could be measured; leave it out"
            )
        before = word
