"""Which files a linter reads, and in which language they are written."""

from __future__ import annotations

import codecs
import errno
import os
import re
from collections.abc import Iterator
from typing import Final

from accelkit.host.files import open_input
from accelkit.parsing.sources.parts import is_script

#: Bytes of the longest file that is read: generated ones, images and archives are longer, scripts are not.
MOST_BYTES: Final = 8 << 20

_SUFFIXES: Final = {
    **dict.fromkeys("sh bash zsh ksh mksh command bats ebuild envrc".split(), "shell"),
    **dict.fromkeys("bat cmd".split(), "cmd"),
    **dict.fromkeys("ps1 psm1".split(), "powershell"),
}
#: Files in which the reader of pasted text finds commands.
_OTHERS: Final = frozenset(
    "py json yaml yml toml nix mk make service conf cfg ini xml dockerfile containerfile just tcl expect exp pl rb js ts "
    "rs go tf hcl robot md rst txt log in".split()
)
_NAMES: Final = frozenset(
    "makefile gnumakefile dockerfile containerfile justfile vagrantfile jenkinsfile pkgbuild .envrc .bashrc .zshrc "
    ".profile .bash_aliases".split()
)
_SHELL_NAMES: Final = frozenset("pkgbuild .envrc .bashrc .zshrc .profile .bash_aliases".split())
#: Folders that hold other people's files, or none that somebody wrote.
_PASSED_BY: Final = frozenset(
    ".git .hg .svn .jj node_modules __pycache__ .venv venv .tox .nox .mypy_cache .ruff_cache .pytest_cache".split()
)
#: What a file has to name for its reading to be worth the time.
_NAMES_QEMU: Final = re.compile(rb"q\0?e\0?m\0?u|k\0?v\0?m", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def language_of(path: str, text: str) -> str:
    """``shell``, ``cmd`` or ``powershell``; empty for a file that the reader of pasted text reads as a whole.

    >>> (
    ...     language_of("run.cmd", ""),
    ...     language_of("hooks/qemu", "#!/usr/bin/env bash"),
    ...     language_of("vm.service", ""),
    ... )
    ('cmd', 'shell', '')
    """
    name = os.path.basename(path).lower()
    if (suffix := suffix_of(name)) in _SUFFIXES:
        return _SUFFIXES[suffix]
    return "shell" if name in _SHELL_NAMES or is_script(text) else ""


def suffix_of(path: str) -> str:
    """What stands behind the last dot of a file's name, in small letters; empty without a dot.

    >>> suffix_of("a.d/CI.YML"), suffix_of("a.d/Makefile")
    ('yml', '')
    """
    name = os.path.basename(path).lower()
    return name.rpartition(".")[2] if "." in name else ""


def decoded(content: bytes) -> str:
    r"""The text of a file, without a byte order mark, each line's end a ``\n``; bytes that are no text stay as they are.

    >>> decoded(b"\xff\xfeq\0e\0m\0u\0\r\0\n\0"), decoded(b"a\r\n\xff")
    ('qemu\n', 'a\n\udcff')
    """
    encoding = "utf-8"
    for mark, name in _MARKS:
        if content.startswith(mark):
            encoding, content = name, content[len(mark) :]
            break
    text = content.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    return plain_lines(text)


def plain_lines(text: str) -> str:
    r"""The text without a byte order mark, each line's end a ``\n``: what editors show, so places are theirs.

    >>> plain_lines("\ufeffa\r\n")
    'a\n'
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def names_qemu(content: bytes) -> bool:
    """Whether a file may hold a command line of QEMU."""
    return _NAMES_QEMU.search(content) is not None


def is_text(content: bytes) -> bool:
    """Whether the file is text: it has no NUL, which every program, image and archive has in its first pages."""
    return content.startswith((_MARKS[1][0], _MARKS[2][0])) or b"\0" not in content[:8192]


def content_of(path: str) -> bytes:
    """The bytes of a file. Raises OSError for one that cannot be read, and for one that is too long to be a script."""
    with open_input(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"has more than {MOST_BYTES} bytes, which no script has", path)
    return content


def files_in(folder: str) -> Iterator[str]:
    """The files in a folder and in those below that may hold commands, in the order of their names.

    Links to folders are not followed. What cannot be read is passed by.
    """
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _PASSED_BY)
        yield from (os.path.join(root, name) for name in sorted(names) if _may_hold(root, name))


def _may_hold(folder: str, name: str) -> bool:
    lower = name.lower()
    suffix = suffix_of(lower)
    if (
        suffix in _SUFFIXES
        or suffix in _OTHERS
        or lower in _NAMES
        or lower.startswith(("makefile.", "dockerfile."))
    ):
        return True
    if "." in lower.lstrip("."):
        return False
    try:  # no suffix: a script says so in its first line
        with open_input(os.path.join(folder, name)) as file:
            return file.read(2) == b"#!"
    except OSError:
        return False
