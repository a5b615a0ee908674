"""The log of a store whose writer was killed, SQLite's ``-wal`` file: what of it SQLite no longer takes.

SQLite reads a log up to the first frame whose checksum is wrong and ignores the rest, without a word: it cannot
tell a damaged frame from one that was being written (sqlite.org/fileformat2.html, 4). But frames behind it that
end a transaction were complete once, and their trials are lost.
"""

from __future__ import annotations

import os
import struct
from typing import Final

from accelkit.host.files import open_regular

HEADER: Final = 32
FRAME_HEADER: Final = 24

PAGE_SIZES: Final = frozenset(1 << power for power in range(9, 17))
"""Bytes of a page that SQLite uses (sqlite.org/fileformat2.html, 1.3.2)."""

MAGIC: Final = {0x377F0682: "<", 0x377F0683: ">"}
"""The first word of a log, and in which byte order its checksums take words."""


def log_damage(real: str) -> str:
    """What is wrong with the log of the store at ``real`` that nobody writes; empty if nothing is, or there is none."""
    try:
        descriptor = open_regular(f"{real}-wal")
    except FileNotFoundError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        header = file.read(HEADER)
        if len(header) < HEADER or not (first := file.read(FRAME_HEADER)):
            return ""
        magic, _, page_size, _, *salts_and_sums = struct.unpack(">8I", header)
        order = MAGIC.get(magic)
        checked = tuple(salts_and_sums[2:])
        if order is None or page_size not in PAGE_SIZES or _sum(header[: HEADER - 8], order) != checked:
            return "the header of the log (-wal) is damaged: what was stored last is lost"
        salts, broken, ended, number = tuple(salts_and_sums[:2]), 0, 0, 0
        while len(frame := first + file.read(page_size)) == FRAME_HEADER + page_size:
            number += 1
            _, pages, *rest = struct.unpack(">6I", frame[:FRAME_HEADER])
            is_of_this_log = tuple(rest[:2]) == salts
            if not broken:
                if is_of_this_log:
                    checked = _sum(frame[FRAME_HEADER:], order, _sum(frame[:8], order, checked))
                if not is_of_this_log or checked != tuple(rest[2:]):
                    broken = number
            elif pages and is_of_this_log:
                ended += 1
            first = file.read(FRAME_HEADER)
    if not ended:
        return ""
    return f"the log (-wal) is damaged at frame {broken}: {ended} transactions that were stored after it are lost"


def _sum(data: bytes, order: str, before: tuple[int, ...] = (0, 0)) -> tuple[int, ...]:
    first, second = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, two in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second
