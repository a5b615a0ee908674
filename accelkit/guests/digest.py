"""A content digest, so that a guest is recognised whatever the path of its files."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from functools import lru_cache
from typing import Final

from accelkit.errors import GuestError
from accelkit.host.files import open_regular

MAX_WHOLE: Final = 256 << 20
"""Size in bytes up to which a file is read from start to end."""

_MIB: Final = 1 << 20


def digest(path: str, *, devices: bool = False) -> str:
    """32 hexadecimal digits (BLAKE2b) for the file at ``path``; reads it again only if it has changed.

    Of a file larger than :data:`MAX_WHOLE`, such as a disk image, it reads only the first and the last
    MiB; the file's size and modification time stand for the rest. With ``devices`` it also takes a block
    device, for which size, first and last MiB stand. Raises GuestError if the file cannot be read, and for
    a FIFO, a socket, a folder or another device.

    >>> digest("/nonexistent")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: '/nonexistent': No such file or directory; name a file that can be read
    """
    try:
        status = os.stat(path)
        if stat.S_ISBLK(status.st_mode):  # its modification time says nothing about its content
            return _digest_of(path, devices=devices)
        return _digest(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise GuestError(f"{path!r}: {error.strerror}; name a file that can be read") from None


@lru_cache(maxsize=256)
def _digest(path: str, device: int, inode: int, size: int, modified: int) -> str:  # noqa: ARG001 - cache keys
    return _digest_of(path, devices=False)


def _digest_of(path: str, *, devices: bool) -> str:
    with open(open_regular(path, devices=devices), "rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        is_device = stat.S_ISBLK(status.st_mode)
        size = file.seek(0, os.SEEK_END) if is_device else status.st_size
        file.seek(0)
        hasher = hashlib.blake2b(digest_size=16)
        if is_device or size > MAX_WHOLE:
            changed = "device" if is_device else status.st_mtime_ns
            hasher.update(f"{size} {changed} ".encode() + (file.read(_MIB) or b""))
            file.seek(max(0, size - _MIB))
            hasher.update(file.read(_MIB) or b"")
            return hasher.hexdigest()
        length = 0
        while data := file.read(_MIB):
            hasher.update(data)
            length += len(data)
            if length > MAX_WHOLE:  # it grows while it is read, or is one of /proc that has no end
                raise OSError(errno.EFBIG, f"has more than the {size} bytes that its size says")
        if data is None:
            raise OSError(errno.EAGAIN, "waits for more content, as some files of /proc do")
        return hasher.hexdigest()
