"""Which QEMU: the command that starts it, and its version."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from typing import Final

from accelkit.errors import QemuError
from accelkit.qemu import container

PACKAGES: Final = {
    "x86_64": ("qemu-system-x86", "qemu-system-x86-core"),
    "i386": ("qemu-system-x86", "qemu-system-x86-core"),
    "aarch64": ("qemu-system-arm", "qemu-system-aarch64-core"),
    "arm": ("qemu-system-arm", "qemu-system-arm-core"),
}
"""Target to the packages of Debian and of Fedora that hold its QEMU."""

EVERY_TARGET: Final = ("qemu-system", "qemu")


def find(qemu: str | Sequence[str] | None = None, target: str = "x86_64") -> tuple[str, ...]:
    """The command that starts QEMU, its first word resolved to a path.

    ``qemu`` is a program, a command line, or the words of one: a prefix counts, as in ``chroot ROOT
    qemu-system-x86_64``, and only the first word is looked for. Without it: ``qemu-system-TARGET``
    on PATH. Raises QemuError, which names the package to install.

    >>> find("env qemu-system-x86_64")  # doctest: +SKIP
    ('/usr/bin/env', 'qemu-system-x86_64')
    """
    match qemu:
        case None:
            words = [f"qemu-system-{target}"]
        case str():
            # A path may hold spaces: what exists as it stands is not split.
            words = [qemu] if "\0" not in qemu and shutil.which(qemu) else _words(qemu)
        case _:
            words = list(qemu)
    if not words:
        raise QemuError(f"qemu={qemu!r}: an empty command; name a QEMU program, or leave it out")
    if any("\0" in word for word in words):
        raise QemuError(f"qemu={qemu!r}: has a NUL, which no command can; remove it")
    path = shutil.which(words[0])
    if path is None:
        debian, fedora = PACKAGES.get(target, EVERY_TARGET)
        raise QemuError(
            f"{words[0]}: no such program; install QEMU: apt-get install {debian} (Debian, Ubuntu),"
            f" dnf install {fedora} (Fedora), brew install qemu (macOS)"
        )
    return (path, *words[1:])


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise QemuError(f"qemu={line!r}: {error}; close the quote, or give the words as a list") from None


def version(command: Sequence[str], timeout: float = 10.0) -> tuple[int, int, int]:
    """The version that ``command`` says it has: major, minor, micro.

    Raises QemuError if it does not say one within ``timeout`` seconds.

    >>> version(find())  # doctest: +SKIP
    (7, 2, 22)
    """
    line = f"{shlex.join(command)} --version"
    try:
        done = subprocess.run(
            container.line([*command, "--version"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,  # what it says counts
        )
    except subprocess.TimeoutExpired:
        raise QemuError(f"{line}: no answer within {timeout} s") from None
    except OSError as error:
        raise QemuError(f"{line}: {error.strerror}") from None
    text = (done.stdout + done.stderr).decode(errors="replace").strip()
    found = re.search(r"version (\d+)\.(\d+)\.(\d+)", text)
    if found is None:
        raise QemuError(f"{line}: no QEMU version in {text[:200]!r}; is it a QEMU?")
    return int(found[1]), int(found[2]), int(found[3])
