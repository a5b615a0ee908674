"""What is in a file, as a short text: by it a guest is known again, wherever the file lies."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import Final

from accelkit.errors import GuestError

WHOLE: Final = 256 << 20
"""Bytes up to which a file is read from end to end."""

_ENDS: Final = 1 << 20


def digest(path: str) -> str:
    """32 hexadecimal digits (BLAKE2b) of the file at ``path``, read again only once it has changed.

    Of a file of more than :data:`WHOLE` bytes, as of a disk, only the first and the last MiB are
    read; its length and the time it was last written stand for the rest. Raises GuestError if it
    cannot be read.

    >>> digest("/nonexistent")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: '/nonexistent': No such file or directory; name a file that can be read
    """
    try:
        seen = os.stat(path)
        return _digest(path, seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)
    except OSError as error:
        raise GuestError(f"{path!r}: {error.strerror}; name a file that can be read") from None


@lru_cache(maxsize=256)
def _digest(path: str, device: int, inode: int, size: int, written: int) -> str:  # noqa: ARG001 - keys
    with open(path, "rb") as file:
        if size <= WHOLE:
            return hashlib.file_digest(file, _hash).hexdigest()
        found = _hash()
        found.update(f"{size} {written} ".encode() + file.read(_ENDS))
        file.seek(size - _ENDS)
        found.update(file.read(_ENDS))
        return found.hexdigest()


def _hash() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)
