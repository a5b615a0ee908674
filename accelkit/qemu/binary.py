"""The command that starts a QEMU, and the version of that QEMU."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Sequence
from typing import Final, cast

from accelkit.errors import QemuError, brief, shown
from accelkit.qemu.output import output_of

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
    if type(target) is not str:
        raise QemuError(f"target={shown(target)}: is not text; write as in 'x86_64'")
    given: object = qemu
    match given:
        case None:
            words = [f"qemu-system-{target}"]
        case str():
            # A path may contain spaces: do not split the name of an existing program.
            text = str.__str__(given)
            words = [text] if "\0" not in text and shutil.which(text) else _words(text)
        case list() | tuple():
            words = [word for word in cast("Sequence[object]", given) if isinstance(word, str)]
            if len(words) < len(cast("Sequence[object]", given)):
                raise QemuError(f"qemu={shown(qemu)}: has a word that is not text; give text only")
            words = [str.__str__(word) for word in words]
        case _:
            raise QemuError(f"qemu={shown(qemu)}: takes a program, a command line or a list of words")
    if not words:
        raise QemuError(f"qemu={shown(qemu)}: an empty command; name a QEMU program or leave qemu out")
    if any("\0" in word for word in words):
        raise QemuError(f"qemu={shown(qemu)}: has a NUL; remove it")
    path = shutil.which(words[0])
    if path is None:
        debian, fedora = PACKAGES.get(target, EVERY_TARGET)
        raise QemuError(
            f"{brief(words[0])}: no such program; install QEMU: apt-get install {debian} (Debian, Ubuntu),"
            f" dnf install {fedora} (Fedora), brew install qemu (macOS)"
        )
    return (path, *words[1:])


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise QemuError(
            f"qemu={shown(line)}: {error}; close the quote, or give the words as a list"
        ) from None


def version(command: Sequence[str], timeout: float = 10.0) -> tuple[int, int, int]:
    """The version that ``command`` prints: major, minor, micro.

    Raises QemuError if it has not ended within ``timeout`` seconds, or prints none or far too much.

    >>> version(find())  # doctest: +SKIP
    (7, 2, 22)
    """
    line = f"{shlex.join(command)} --version"
    try:
        text = output_of([*command, "--version"], timeout).strip()
    except TimeoutError:
        raise QemuError(f"{line}: not ended within {timeout:g} s; is it a QEMU?") from None
    except OSError as error:
        raise QemuError(f"{line}: {error.strerror}; name a QEMU program") from None
    match = re.search(r"version (\d{1,4})\.(\d{1,4})\.(\d{1,4})", text)
    if match is None:
        raise QemuError(f"{line}: no QEMU version in {text[:200]!r}; is it a QEMU?")
    return int(match[1]), int(match[2]), int(match[3])
