"""The command that starts a QEMU, and the version of that QEMU."""

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
"""Target to the packages of Debian and Fedora that contain its QEMU."""

EVERY_TARGET: Final = ("qemu-system", "qemu")


def find(qemu: str | Sequence[str] | None = None, target: str = "x86_64") -> tuple[str, ...]:
    """The command that starts QEMU, its first word resolved to a path.

    ``qemu`` is a program, a command line or a list of words. It may begin with a prefix, as in ``chroot
    ROOT qemu-system-x86_64``: only the first word is looked up. The default is ``qemu-system-TARGET`` on
    PATH. Raises QemuError, which names the package to install.

    >>> find("env qemu-system-x86_64")  # doctest: +SKIP
    ('/usr/bin/env', 'qemu-system-x86_64')
    """
    match qemu:
        case None:
            words = [f"qemu-system-{target}"]
        case str():
            # A path may contain spaces: do not split the name of an existing program.
            words = [qemu] if "\0" not in qemu and shutil.which(qemu) else _words(qemu)
        case _:
            words = list(qemu)
    if not words:
        raise QemuError(f"qemu={qemu!r}: an empty command; name a QEMU program or leave qemu out")
    if any("\0" in word for word in words):
        raise QemuError(f"qemu={qemu!r}: has a NUL; remove it")
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
    """The version that ``command`` prints: major, minor, micro.

    Raises QemuError if it prints none within ``timeout`` seconds.

    >>> version(find())  # doctest: +SKIP
    (7, 2, 22)
    """
    line = f"{shlex.join(command)} --version"
    try:
        process = subprocess.run(
            container.renumbering([*command, "--version"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,  # the output decides, not the status
        )
    except subprocess.TimeoutExpired:
        raise QemuError(f"{line}: no answer within {timeout} s") from None
    except OSError as error:
        raise QemuError(f"{line}: {error.strerror}") from None
    text = (process.stdout + process.stderr).decode(errors="replace").strip()
    match = re.search(r"version (\d+)\.(\d+)\.(\d+)", text)
    if match is None:
        raise QemuError(f"{line}: no QEMU version in {text[:200]!r}; is it a QEMU?")
    return int(match[1]), int(match[2]), int(match[3])
