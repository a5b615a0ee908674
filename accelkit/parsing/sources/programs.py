r"""Which word is a QEMU that emulates a machine, and of which target. Pure.

The names are those that QEMU's own build, Debian (``kvm``), Red Hat (``qemu-kvm``) and the builds for Windows
(``qemu-system-x86_64w.exe``) have; of variables those that speak of QEMU.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from accelkit.syntax.typography import DASHES

#: What Debian and Ubuntu call packages; no program has these names.
_PACKAGES: Final = frozenset("common data gui misc modules native x86".split())

#: What every text has in which a QEMU is started.
NAMES_QEMU: Final = re.compile("qemu|kvm", re.IGNORECASE)

#: A path, then the name. Targets that QEMU will have one day are targets too.
_SYSTEM: Final = re.compile(
    r"(?:.*[/\\])?qemu-system-(?P<target>[a-z][a-z0-9_]*?)"
    r"(?:w(?=\.exe$|$)|[-.](?:\d[\w.]*|spice|microvm|kvm|unsigned|real|bin|wrapped|headless))?(?:\.exe)?",
    re.IGNORECASE,
)
#: qemu-system-$ARCH, qemu-system-${ARCH:-x86_64}, qemu-system-%i
_SYSTEM_OF_VARIABLE: Final = re.compile(
    r"(?:.*[/\\])?qemu-system-(?:\$\{\w+:?[-=](?P<target>[a-z0-9_]+)\}|[$%@{`\x00].*)", re.IGNORECASE
)
#: /dev/kvm and /etc/qemu are none.
_NAMED_KVM: Final = re.compile(
    r"(?!/(?:dev|sys|proc|etc)/)(?:.*[/\\])?(?:qemu-)?kvm(?:-spice)?(?:\.exe)?", re.IGNORECASE
)
_NAMED_QEMU: Final = re.compile(r"(?:.*[/\\]bin[/\\]|\./)?qemu(?:\.exe)?", re.IGNORECASE)
#: $QEMU ${QEMU} $(QEMU) %QEMU% $env:QEMU
_VARIABLE: Final = re.compile(
    r"\$(?:env:)?(?P<bare>\w+)|\$\{(?:env:)?(?P<braces>\w+)\}|\$\((?P<make>\w+)\)|%(?P<cmd>\w+)%"
)
#: ${QEMU:-qemu-system-x86_64}, also where the default is $(which qemu-system-x86_64)
_DEFAULT: Final = re.compile(r"\$\{(?P<name>\w+):?[-=](?P<default>[^}]+)\}", re.DOTALL)
_WHICH: Final = re.compile(r"(?:\$\(|`)\s*(?:which|type\s+-p|command\s+-v)\s+(?P<program>[^\s)`]+)\s*[)`]")
#: Variables that speak of QEMU and hold a file that is not it, or words for it.
_OTHER_USE: Final = re.compile(
    r"IMG|NBD|STORAGE|(?:_|\b)IO\b|OPT|ARG|FLAG|PARAM|DIR\b|LOG|PID|SOCK|URL|VERSION|EXTRA|USER|GROUP",
    re.IGNORECASE,
)
_LONGEST: Final = 4096
"""The longest path that Linux has; a longer word is no program, and is not looked at."""


@lru_cache(maxsize=256)
def is_program(word: str) -> bool:
    """Whether the word, as a shell has read it, is a QEMU that emulates a machine.

    ``kvm`` and ``qemu`` are, though they mean more than that; :func:`is_plain_name` tells them. No tool is
    (qemu-img, qemu-nbd, qemu-io), and no QEMU that runs single programs (qemu-aarch64).

    >>> [
    ...     is_program(word)
    ...     for word in ("/usr/bin/qemu-kvm", "$(QEMU)", "qemu-img", "$QEMU_OPTS", "qemu-system-gui")
    ... ]
    [True, True, False, False, False]
    """
    if len(word) > _LONGEST:
        return False
    word = word.lstrip("@")  # make: do not print the line
    if (system := _SYSTEM.fullmatch(word)) is not None:
        return system["target"].lower() not in _PACKAGES
    if any(name.fullmatch(word) is not None for name in (_SYSTEM_OF_VARIABLE, _NAMED_KVM, _NAMED_QEMU)):
        return True
    if (variable := _VARIABLE.fullmatch(word)) is not None:
        return _speaks_of_qemu(next(name for name in variable.groups() if name is not None))
    if (default := _DEFAULT.fullmatch(word)) is not None:
        return is_program(default["default"].strip("\"'")) or _speaks_of_qemu(default["name"])
    return (found := _WHICH.fullmatch(word)) is not None and is_program(found["program"])


def _speaks_of_qemu(name: str) -> bool:
    return re.search("qemu|kvm", name, re.IGNORECASE) is not None and _OTHER_USE.search(name) is None


def is_plain_name(word: str) -> bool:
    """Whether the word is ``kvm`` or ``qemu``, which are programs only where options follow.

    >>> is_plain_name("kvm"), is_plain_name("/usr/bin/kvm")
    (True, False)
    """
    return word.lower() in ("kvm", "qemu")


def target_of(word: str) -> str | None:
    """What the program's name says that it emulates; None where it does not say it, as ``qemu-kvm``.

    >>> target_of("./build/qemu-system-aarch64"), target_of("${QEMU:-qemu-system-x86_64}"), target_of("kvm")
    ('aarch64', 'x86_64', None)
    """
    if not is_program(word):
        return None
    word = word.lstrip("@")
    for form in (_SYSTEM, _SYSTEM_OF_VARIABLE):
        if (system := form.fullmatch(word)) is not None:
            return system["target"].lower() if system["target"] else None
    if (default := _DEFAULT.fullmatch(word)) is not None:
        return target_of(default["default"].strip("\"'"))
    if (found := _WHICH.fullmatch(word)) is not None:
        return target_of(found["program"])
    return None


def starts_qemu(words: Sequence[str], place: int = 0) -> bool:
    """Whether the words from ``place`` on are a program and its arguments, and no sentence about one.

    >>> (
    ...     starts_qemu(["kvm", "-m", "1G"]),
    ...     starts_qemu(["kvm"]),
    ...     starts_qemu("qemu-kvm is slow on my host".split()),
    ... )
    (True, False, False)
    """
    program = words[place]
    if not is_program(program):
        return False
    follows = words[place + 1] if place + 1 < len(words) else ""
    if is_plain_name(program):
        return is_option(follows)
    # QEMU takes words without a dash for disk images, and no line has many of them.
    return len(words) - place <= 4 or any(is_option(word) for word in words[place + 1 :])


_DASHES: Final = frozenset("-" + DASHES)


def is_option(word: str) -> bool:
    """Whether the word begins with a dash of any kind, or is a variable that may hold options.

    >>> is_option("-accel"), is_option("–accel"), is_option("$OPTS"), is_option("disk.img")
    (True, True, True, False)
    """
    return word[:1] in _DASHES or word[:1] == "$"


def typographic_dash(word: str) -> str:
    """The typographic dash that the word begins with; empty where it begins with none.

    >>> typographic_dash("–accel"), typographic_dash("-accel")
    ('–', '')
    """
    return (
        word[0] if word[:1] in _DASHES and word[0] != "-" and word.lstrip("-" + DASHES)[:1].isalpha() else ""
    )
