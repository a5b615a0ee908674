"""A content digest, so that a guest is recognised whatever the path of its files."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import Final

from accelkit.errors import GuestError

MAX_WHOLE: Final = 256 << 20
"""Size in bytes up to which a file is read from start to end."""

_MIB: Final = 1 << 20


def digest(path: str) -> str:
    """32 hexadecimal digits (BLAKE2b) for the file at ``path``; reads it again only if it has changed.

    Of a file larger than :data:`MAX_WHOLE`, such as a disk image, it reads only the first and the last
    MiB; the file's size and modification time stand for the rest. Raises GuestError if the file cannot
    be read.

    >>> digest("/nonexistent")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: '/nonexistent': No such file or directory; name a file that can be read
    """
    try:
        status = os.stat(path)
        return _digest(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise GuestError(f"{path!r}: {error.strerror}; name a file that can be read") from None


@lru_cache(maxsize=256)
def _digest(path: str, device: int, inode: int, size: int, modified: int) -> str:  # noqa: ARG001 - cache keys
    with open(path, "rb") as file:
        if size <= MAX_WHOLE:
            return hashlib.file_digest(file, _hasher).hexdigest()
        hasher = _hasher()
        hasher.update(f"{size} {modified} ".encode() + file.read(_MIB))
        file.seek(size - _MIB)
        hasher.update(file.read(_MIB))
        return hasher.hexdigest()


def _hasher() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)
