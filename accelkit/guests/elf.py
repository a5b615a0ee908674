"""What an ELF program needs to run: its CPU, its dynamic linker and its libraries, read from its bytes. Pure.

Nothing is run: ``ldd`` may run the program that it is asked about (ldd(1)). Layout: elf(5); only 64-bit little-endian
programs, which those for x86_64 and aarch64 are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from accelkit.errors import GuestError

MACHINES: Final = {62: "x86_64", 183: "aarch64"}
"""``e_machine`` to the target that runs it."""

_LOAD, _DYNAMIC, _INTERPRETER = 1, 2, 3
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29
_HEADER: Final = struct.Struct("<4sBB10xHHIQQQIHHH")
_SEGMENT: Final = struct.Struct("<IIQQQQQQ")
_TAG: Final = struct.Struct("<QQ")
_MOST_TAGS: Final = 4096


@dataclass(frozen=True, slots=True)
class Program:
    """A program or a library: ``interpreter`` is its dynamic linker, empty for a static program and for most libraries.

    ``machine`` is the target that runs it, empty for any but those of :data:`MACHINES`; ``needed`` are the names of
    its libraries, ``folders`` where they lie besides the usual places (``$ORIGIN`` is the program's own folder).
    """

    machine: str
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def read_program(content: bytes) -> Program | None:
    """What the ELF file ``content`` needs; None for another file, such as a script. Raises GuestError for a broken one.

    >>> read_program(b"#!/bin/sh") is None
    True
    """
    if not content.startswith(b"\x7fELF"):
        return None
    try:
        _, bits, order, _, machine, _, _, offset, _, _, _, size, count = _HEADER.unpack_from(content)
        if (bits, order) != (2, 1):
            return Program("")
        segments = [_SEGMENT.unpack_from(content, offset + size * place) for place in range(count)]
        interpreter = next((_text(content, part[2]) for part in segments if part[0] == _INTERPRETER), "")
        tags = [tag for part in segments if part[0] == _DYNAMIC for tag in _tags(content, part[2])]
        strings = next((_offset_of(address, segments) for tag, address in tags if tag == _STRINGS), 0)

        def texts(*wanted: int) -> Iterator[str]:
            return (_text(content, strings + value) for tag, value in tags if tag in wanted)

        folders = tuple(folder for path in texts(_RPATH, _RUNPATH) for folder in path.split(":") if folder)
        return Program(MACHINES.get(machine, ""), interpreter, tuple(texts(_NEEDED)), folders)
    except (struct.error, ValueError, OverflowError) as error:
        raise GuestError(f"it is not a whole ELF program ({error}); build or copy it again") from None


def _tags(content: bytes, offset: int) -> Iterator[tuple[int, int]]:
    for place in range(_MOST_TAGS):
        tag, value = _TAG.unpack_from(content, offset + _TAG.size * place)
        if tag == 0:
            return
        yield tag, value


def _offset_of(address: int, segments: list[tuple[int, ...]]) -> int:
    """Where in the file lies what is at ``address`` in memory. Raises ValueError if no segment has it."""
    for kind, _, offset, start, _, size, *_ in segments:
        if kind == _LOAD and start <= address < start + size:
            return address - start + offset
    raise ValueError(f"no segment has the address {address:#x}")


def _text(content: bytes, offset: int) -> str:
    return content[offset : content.index(b"\0", offset)].decode(errors="surrogateescape")
