"""What this host has to build a Linux guest from: a kernel that it boots itself, and busybox."""

from __future__ import annotations

import glob
import os
import re
from typing import Final

from accelkit.errors import GuestError
from accelkit.guests.elf import read_program
from accelkit.host.files import open_regular

KERNELS: Final = ("/boot/vmlinuz-*", "/usr/lib/modules/*/vmlinuz", "/boot/vmlinuz", "/vmlinuz")
"""Where distributions keep their kernels."""

BUSYBOXES: Final = ("/bin/busybox", "/usr/bin/busybox", "/usr/local/bin/busybox", "/bin/busybox.static")

_MAGIC: Final = {
    "x86_64": ((0x202, b"HdrS"),),
    "aarch64": ((0x38, b"ARMd"), (0, b"\x1f\x8b"), (4, b"zimg")),
}
"""Where a kernel says that it is one, and how: arch/x86/boot/header.S; arch/arm64/kernel/head.S, or it is compressed."""

_BYTES: Final = 0x206


def installed(target: str, kernel: str | None = None, busybox: str | None = None) -> tuple[str, str]:
    """The paths of a kernel and a busybox for ``target``: those given, otherwise those that this host has.

    Raises GuestError if one is missing; the message says what to install, for both at once.
    """
    missing: list[str] = []
    paths: list[str] = []
    for given, find in ((kernel, kernel_for), (busybox, busybox_for)):
        try:
            paths.append(find(target) if given is None else given)
        except GuestError as error:
            missing.append(str(error))
    if missing:
        raise GuestError(f"linux_guest: {'; and '.join(missing)}")
    return paths[0], paths[1]


def kernel_for(target: str) -> str:
    """The path of the newest kernel for ``target`` that can be read.

    Raises GuestError if there is none; the message says what to install or to do.
    """
    paths = sorted({path for pattern in KERNELS for path in glob.glob(pattern)}, key=_release, reverse=True)
    closed = ""
    for path in paths:
        try:
            beginning = _beginning(path)
        except OSError as error:
            closed = closed or f"{path}: {error.strerror}; make it readable (sudo chmod a+r {path})"
            continue
        if is_kernel(beginning, target):
            return path
    if closed:
        raise GuestError(f"{closed}, or give kernel= another one")
    package = {"x86_64": "linux-image-cloud-amd64", "aarch64": "linux-image-cloud-arm64"}[target]
    raise GuestError(
        f"no Linux kernel for {target} in /boot: install one (on Debian apt-get install {package}),"
        " or give kernel= the path of one"
    )


def busybox_for(target: str) -> str:
    """The path of a busybox for ``target``. Raises GuestError if there is none; the message says what to install."""
    for path in BUSYBOXES:
        try:
            program = read_program(_beginning(path, 1 << 24))
        except (OSError, GuestError):
            continue
        if program is not None and program.machine == target:
            return path
    raise GuestError(
        f"no busybox for {target} in /bin: install it (on Debian apt-get install busybox-static),"
        " or give busybox= the path of one"
    )


def is_kernel(beginning: bytes, target: str) -> bool:
    """Whether a file that begins so is a kernel that QEMU boots on ``target``.

    >>> is_kernel(bytes(0x202) + b"HdrS", "x86_64")
    True
    """
    return any(beginning.startswith(magic, place) for place, magic in _MAGIC[target])


def _release(path: str) -> tuple[list[int], str]:
    """The numbers in the path, by which the newest kernel is the largest; other builds of one release by their name."""
    return [int(number) for number in re.findall(r"\d{1,9}", path)], path


def _beginning(path: str, size: int = _BYTES) -> bytes:
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(size) or b""
