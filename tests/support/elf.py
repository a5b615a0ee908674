"""ELF programs of a few hundred bytes, which name an interpreter, libraries and folders, and do nothing."""

from __future__ import annotations

import struct
from collections.abc import Sequence

X86_64, AARCH64 = 62, 183


def elf(
    machine: int = X86_64, interpreter: str = "", needed: Sequence[str] = (), runpath: str = "", bits: int = 2
) -> bytes:
    """A program for ``machine``; static without ``interpreter`` and ``needed``. All of it is loaded at 0x400000."""
    base, headers = 0x400000, 64 + 3 * 56
    texts = bytearray(b"\0")

    def text(word: str) -> int:
        place = len(texts)
        texts.extend(word.encode() + b"\0")
        return place

    tags = [(1, text(name)) for name in needed]
    tags += [(29, text(runpath))] if runpath else []
    name_at = text(interpreter)
    strings = headers
    dynamic = strings + len(texts)
    table = [*tags, (5, base + strings), (0, 0)]
    size = dynamic + 16 * len(table)
    segments = [(1, 5, 0, base, base, size, size, 4096)]
    if interpreter:
        segments.append((3, 4, strings + name_at, base, base, len(interpreter) + 1, 0, 1))
    if tags:
        segments.append((2, 4, dynamic, base + dynamic, 0, 16 * len(table), 0, 8))
    header = struct.pack(
        "<4sBBB9xHHIQQQIHHHHHH",
        b"\x7fELF", bits, 1, 1, 2, machine, 1, base, 64, 0, 0, 64, 56, len(segments), 64, 0, 0,
    )  # fmt: skip
    packed = b"".join(struct.pack("<IIQQQQQQ", *segment) for segment in segments)
    body = header + packed
    body += bytes(headers - len(body)) + texts
    return bytes(body + b"".join(struct.pack("<QQ", *tag) for tag in table))
