"""Opens a file for reading only after asking what it is: a FIFO, a device or a socket is refused and not waited for."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import BinaryIO, Final

KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a character device",
    stat.S_IFBLK: "a block device",
}
"""The kinds of files that have no content of a certain length (inode(7))."""

OPEN_ALREADY: Final = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
"""Paths of the descriptors of this process, as a shell writes them for ``<(virsh dumpxml NAME)``."""

MAX_FACT_BYTES: Final = 1 << 20
"""Most bytes that are read for one fact about this host; /proc/cpuinfo has some 1,500 a CPU, the first of which count."""


class SpecialFileError(OSError):
    """The path names no regular file; ``strerror`` says what it is."""


def open_regular(path: str | os.PathLike[str], *, devices: bool = False) -> int:
    """A descriptor of the regular file at ``path``, open for reading; of a block device as well if ``devices``.

    It never waits, as opening a FIFO does (fifo(7)). What is opened decides, and not what was at ``path`` before;
    the look before only spares devices, some of which act on being opened. The caller closes the descriptor.
    Raises OSError for what cannot be opened, SpecialFileError for what is no such file.

    >>> open_regular("/dev/null")
    Traceback (most recent call last):
        ...
    accelkit.host.files.SpecialFileError: [Errno 22] is a character device, not a regular file: '/dev/null'
    """
    path = os.fspath(path)
    if "\0" in path:
        raise OSError(errno.EINVAL, "has a NUL", path)
    _refuse_special(os.stat(path), path, devices=devices)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        _refuse_special(os.fstat(descriptor), path, devices=devices)
    except SpecialFileError:
        os.close(descriptor)
        raise
    return descriptor


def open_input(path: str) -> BinaryIO:
    """The regular file at ``path``, or the pipe at ``/dev/fd/N``, which the shell has opened already.

    Raises OSError for what cannot be opened, SpecialFileError for any other kind of file.

    >>> with open_input("/etc/passwd") as file:
    ...     file.readable()
    True
    """
    if path.startswith(OPEN_ALREADY) and stat.S_ISFIFO(os.stat(path).st_mode):
        return open(path, "rb")
    return os.fdopen(open_regular(path), "rb")


def read_fact(path: str, most: int = MAX_FACT_BYTES) -> str:
    """The first ``most`` bytes of the file at ``path`` as text, such as one below /proc; empty if it cannot be read.

    >>> read_fact("/nonexistent")
    ''
    """
    with suppress(OSError), os.fdopen(open_regular(path), "rb") as file:
        return (file.read(most) or b"").decode(errors="replace")
    return ""


def special_kind(path: str | os.PathLike[str]) -> str:
    """What is at ``path``, such as ``a FIFO``; empty for a regular file, and where there is nothing.

    >>> special_kind("/dev/null"), special_kind("/etc/passwd"), special_kind("/nonexistent")
    ('a character device', '', '')
    """
    try:
        return _kind(os.stat(path))
    except (OSError, ValueError):  # the second for a NUL
        return ""


def _kind(status: os.stat_result) -> str:
    return (
        "" if stat.S_ISREG(status.st_mode) else KINDS.get(stat.S_IFMT(status.st_mode), "of an unknown kind")
    )


def _refuse_special(status: os.stat_result, path: str, *, devices: bool) -> None:
    kind = _kind(status)
    if kind and not (devices and stat.S_ISBLK(status.st_mode)):
        raise SpecialFileError(errno.EINVAL, f"is {kind}, not a regular file", path)
