"""Which QEMUs this host has: the programs on PATH whose names are those of a system emulator, with their versions."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from accelkit.errors import QemuError
from accelkit.qemu.binary import version

TIMEOUT: Final = 10.0
"""Seconds for asking all of them; each answers in about 0.04."""

#: Where RHEL and its kin have their QEMU, which is on no PATH.
BESIDE_PATH: Final = ("/usr/libexec",)
_NAME: Final = re.compile(r"qemu-system-(?P<target>[a-z0-9_]+)(\.exe)?|qemu-kvm|kvm")
Version = tuple[int, int, int]


class Installed(NamedTuple):
    """A program that is a QEMU. ``target`` is empty where its name has none; ``version`` is None if it tells none."""

    path: str
    target: str
    version: Version | None


def installed(
    path: str | None = None,
    *,
    version: Callable[[Sequence[str], float], Version] = version,
    timeout: float = TIMEOUT,
) -> tuple[Installed, ...]:
    """The QEMUs in the folders of ``path`` (default: PATH), in its order: the first of a name is the one that runs.

    A second name of the same file is left out. ``version`` asks one for its version and may raise QemuError;
    ``timeout``, in seconds, is for all of them: what is not asked in time has none.

    >>> installed("/nonexistent")
    ()
    """
    folders = os.environ.get("PATH", os.defpath) if path is None else path
    deadline, seen, found = time.monotonic() + timeout, set[str](), list[Installed]()
    for folder in dict.fromkeys((*folders.split(os.pathsep), *(BESIDE_PATH if path is None else ()))):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        # qemu-system-x86_64 comes before kvm, which is another name of it.
        for name in sorted(names, key=lambda name: not name.startswith("qemu-system-")):
            program = os.path.join(folder, name)
            match = _NAME.fullmatch(name)
            if match is None or name in seen or not os.access(program, os.X_OK):
                continue
            real = os.path.realpath(program)
            if real in seen:
                continue
            seen |= {name, real}
            found.append(Installed(program, match["target"] or "", _told(program, version, deadline)))
    return tuple(found)


def _told(program: str, ask: Callable[[Sequence[str], float], Version], deadline: float) -> Version | None:
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    try:
        return ask((program,), min(left, 2.0))
    except QemuError:
        return None
