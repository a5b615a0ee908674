"""The checksum of a row: by it a store knows that a row is as it was written."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Final

from accelkit.study.columns import RECORD, TRIAL

_TRIAL: Final = ("number", *(column.name for column in (*TRIAL, *RECORD)), "session", "stored")

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "study": (
        "id", "created", "seed", "baseline", "fingerprint", "command", "accelkit", "host", "machine", "kernel",
        "cpu", "cpus", "governor", "delta", "confidence", "anytime",
    ),
    "build": ("number", "name", "version", "command", "digest"),
    "guest": ("number", "name", "fingerprint", "code"),
    "configuration": ("number", "name", "argv", "code"),
    "session": ("number", "started", "ended", "pid", "governor", "command", "accelkit"),
    "race": ("build", "guest", "configuration", "block", "every"),
    "budget": ("number", "session", "blocks", "seconds", "precision", "trials", "ended"),
    "host": ("number", "name", "machine", "kernel", "cpu", "cpus", "governor"),
    "trial": _TRIAL,
    "tuning": (
        "id", "space", "size", "weights", "goals", "max_rss", "trials", "seconds", "sampler", "first", "blocks",
    ),
    "point": ("number", "place", "name", "argv", "code", "ratio", "spread", "dropped"),
    "search_block": ("number", "position", "points"),
    "search": _TRIAL,
}  # fmt: skip
"""Each table of a study and of a search with the columns that its checksums cover: all but ``checksum``, in this order."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    **{table: columns[:1] for table, columns in TABLES.items()},
    "race": TABLES["race"][:4],
}
"""The columns that tell the rows of a table apart; they stand first."""


def checksum(table: str, row: Sequence[object]) -> int:
    """The checksum of a row of ``table`` with the columns of :data:`TABLES`: 64 bits, as a signed integer.

    It is BLAKE2b of the table's name and the row as a JSON array, which keeps types apart and is the same on
    every machine. Of damaged rows one in 2**64 has the right checksum by chance, however many bits are wrong;
    with a CRC of 32 bits it would be one in 4 billion. Raises TypeError for a blob, which no column holds.

    >>> checksum("guest", (1, "cpu", "cpu 1000", ""))
    -5288051264740785960
    """
    text = json.dumps((table, *row))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def is_whole(table: str, row: Sequence[object]) -> bool:
    """Whether a row, with its checksum as the last column, is as it was written."""
    try:
        return checksum(table, row[:-1]) == row[-1]
    except TypeError:
        return False


def corrected(table: str, row: Sequence[object]) -> tuple[object, ...] | None:
    """A damaged row without its checksum, as it was written, if one bit of it or of the checksum is wrong; else None."""
    cells, kept = tuple(row[:-1]), row[-1]
    if not isinstance(kept, int) or any(isinstance(cell, bytes) for cell in cells):
        return None
    for place, cell in enumerate(cells):
        for candidate in _one_bit_off(cell):
            changed = (*cells[:place], candidate, *cells[place + 1 :])
            if checksum(table, changed) == kept:
                return changed
    return cells if (checksum(table, cells) ^ kept).bit_count() == 1 else None


def _one_bit_off(cell: object) -> Iterator[object]:
    if isinstance(cell, str):
        # A byte that is no longer UTF-8 has been read as \xff: its highest bit is the wrong one.
        for match in re.finditer(r"\\x([89a-f][0-9a-f])", cell):
            yield f"{cell[: match.start()]}{chr(int(match[1], 16) & 0x7F)}{cell[match.end() :]}"
        data = bytearray(cell.encode())
        for place, bit in product(range(len(data)), range(7)):
            data[place] ^= 1 << bit
            with suppress(UnicodeDecodeError):
                yield data.decode()
            data[place] ^= 1 << bit
    elif isinstance(cell, int):
        yield from (cell ^ (1 << bit) for bit in range(63))
    elif isinstance(cell, float):
        (word,) = struct.unpack("<Q", struct.pack("<d", cell))
        yield from (struct.unpack("<d", struct.pack("<Q", word ^ 1 << bit))[0] for bit in range(64))
