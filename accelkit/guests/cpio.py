"""A cpio archive in the form that Linux unpacks into its first file system (newc), as bytes. Pure.

Equal files give equal bytes: times, owners and the order in which the files were listed do not count. The form is
that of Documentation/driver-api/early-userspace/buffer-format.rst in Linux's sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from accelkit.errors import GuestError, shown

FOLDER: Final = 0o040755
SYMLINK: Final = 0o120777
PROGRAM: Final = 0o100755
DATA: Final = 0o100644

LARGEST: Final = (1 << 32) - 1
"""Bytes of the largest file: a size has eight hexadecimal digits."""

_END: Final = "TRAILER!!!"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, a folder or a symbolic link: its mode, and its content, which of a link is where it leads."""

    mode: int
    content: bytes = b""


def archive(entries: Mapping[str, Entry]) -> bytes:
    """The archive of ``entries`` by name, such as ``bin/sh``; folders that the names need are added.

    Raises GuestError for a name that is not a relative path without ``.`` and ``..``, and for a file of 4 GiB or more.

    >>> archive({"init": Entry(PROGRAM, b"#!/bin/sh")})[:14]
    b'07070100000001'
    """
    whole = dict(entries)
    for name in entries:
        refuse_path(name)
        whole |= {parent: Entry(FOLDER) for parent in _parents(name) if parent not in whole}
    written = bytearray()
    for inode, name in enumerate(sorted(whole), 1):
        entry = whole[name]
        if len(entry.content) > LARGEST:
            raise GuestError(
                f"{shown(name)}: has more than {LARGEST} bytes, the most for a file in an initrd"
            )
        _write(written, inode, name, entry)
    _write(written, 0, _END, Entry(0))
    return bytes(written) + bytes(-len(written) % 512)


def refuse_path(name: str) -> None:
    """Raises GuestError unless ``name`` can be that of a file in the archive: a relative path without ``.`` and ``..``.

    >>> refuse_path("data/input.txt")
    """
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or str(path) != name
        or {"", ".", ".."} & {*path.parts, name}
        or "\0" in name
        or name == _END
    ):
        raise GuestError(
            f"{shown(name)}: is not a name for a file in the guest; write a relative path such as data/input.txt"
        )


def _parents(name: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(name).parents][:-1]


def _write(written: bytearray, inode: int, name: str, entry: Entry) -> None:
    encoded = name.encode(errors="surrogateescape") + b"\0"
    links = 2 if entry.mode == FOLDER else 1
    numbers = (inode, entry.mode, 0, 0, links, 0, len(entry.content), 0, 0, 0, 0, len(encoded), 0)
    written += b"070701" + b"".join(b"%08X" % number for number in numbers) + encoded
    written += bytes(-len(written) % 4)
    written += entry.content
    written += bytes(-len(written) % 4)
