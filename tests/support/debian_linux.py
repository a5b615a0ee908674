"""Debian's kernel and busybox, for tests that boot Linux: the installed ones, or unpacked from Debian's packages."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.tools import PACKAGES, unavailable

from accelkit.errors import GuestError
from accelkit.guests.installed import installed

KERNEL, BUSYBOX = PACKAGES["vmlinuz"], PACKAGES["busybox"]


def kernel_and_busybox(folder: Path) -> tuple[str, str]:
    """Their paths; where one is not installed, both are downloaded into ``folder`` and nothing is installed."""
    __tracebackhide__ = True
    try:
        return installed("x86_64")
    except GuestError:
        return _downloaded(folder)


def need_installed() -> None:
    """Needs both installed, as what a user runs finds them."""
    __tracebackhide__ = True
    try:
        installed("x86_64")
    except GuestError as missing:
        unavailable(str(missing))


def _downloaded(folder: Path) -> tuple[str, str]:
    __tracebackhide__ = True

    def packages(*words: str) -> str:
        try:
            process = subprocess.run(
                words, cwd=folder, capture_output=True, text=True, timeout=120, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            unavailable(f"{words[0]}: {error}: no Debian kernel to boot: apt-get install {KERNEL} {BUSYBOX}")
        if process.returncode:
            unavailable(f"{' '.join(words)}: {process.stderr.strip()}: apt-get install {KERNEL} {BUSYBOX}")
        return process.stdout

    depends = packages("apt-cache", "depends", KERNEL)
    image = next(word for word in depends.split() if word.startswith("linux-image-") and word != KERNEL)
    packages("apt-get", "download", image, BUSYBOX)
    for package in folder.glob("*.deb"):
        packages("dpkg-deb", "-x", str(package), str(folder / "root"))
    kernel, busybox = next(folder.glob("root/boot/vmlinuz-*")), next(folder.glob("root/**/bin/busybox"))
    return str(kernel), str(busybox)
