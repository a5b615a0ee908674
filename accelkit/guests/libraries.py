"""The shared libraries of a program, found on this host where the dynamic linker finds them; nothing is run."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from accelkit.errors import GuestError, shown
from accelkit.guests.elf import Program, read_program
from accelkit.host.files import open_regular

LARGEST: Final = 1 << 30
"""Bytes of the largest file that is put into a guest."""

_CONFIGURATION: Final = "/etc/ld.so.conf"
_LINES: Final = 1000  # of configuration that are read


def read_file(path: str) -> bytes:
    """The content of the file at ``path``. Raises OSError, and GuestError for a file of more than 1 GiB."""
    with open(open_regular(path), "rb") as file:
        content = file.read(LARGEST + 1) or b""  # None of one that waits for more, as some of /proc do
    if len(content) > LARGEST:
        raise GuestError(
            f"{shown(path)}: has more than {LARGEST >> 20} MiB; take a disk image for it: disk(path)"
        )
    return content


def libraries(path: str, content: bytes, target: str) -> dict[str, bytes]:
    """What the program at ``path`` needs besides itself: its dynamic linker by path, each library by name; {} for a script.

    Libraries that a program opens while it runs (dlopen) are not among them. Raises GuestError for a program that
    ``target`` does not run, and for a library that is not found.
    """
    program = read(path, content)
    if program is None:
        return {}
    if program.machine != target:
        made_for = program.machine or "another CPU"
        raise GuestError(
            f"{shown(path)}: is made for {made_for}, and the guest is {target}; build it for {target}"
        )
    needed: dict[str, bytes] = {}
    if program.interpreter:
        needed[program.interpreter] = _readable(program.interpreter, path)
    waiting = [(path, program)]
    while waiting:
        owner, owning = waiting.pop()
        for name in owning.needed:
            if name in needed or name == os.path.basename(program.interpreter):
                continue
            place, library = _found(name, owner, (*owning.folders, *program.folders), target)
            needed[name] = library
            if (more := read(place, library)) is not None:
                waiting.append((place, more))
    return needed


def read(path: str, content: bytes) -> Program | None:
    """What the file needs; None if it is no ELF program. Raises GuestError, with the file's name, for a broken one."""
    try:
        return read_program(content)
    except GuestError as error:
        raise GuestError(f"{shown(path)}: {error}") from None


def _readable(place: str, path: str) -> bytes:
    try:
        return read_file(place)
    except OSError as error:
        raise GuestError(
            f"{shown(path)}: its dynamic linker {shown(place)}: {error.strerror}; link the program statically (-static)"
        ) from None


def _found(name: str, owner: str, folders: tuple[str, ...], target: str) -> tuple[str, bytes]:
    own = os.path.dirname(os.path.realpath(owner))
    for folder in (*folders, *_folders(target)):
        place = os.path.join(folder.replace("${ORIGIN}", own).replace("$ORIGIN", own), name)
        with suppress(OSError):
            content = read_file(place)
            if (program := read(place, content)) is not None and program.machine == target:
                return place, content
    raise GuestError(
        f"{shown(owner)}: needs the library {shown(name)}, which is not in the places where the dynamic linker looks;"
        " install it, or link the program statically (-static)"
    )


def _folders(target: str) -> Iterator[str]:
    """Where the dynamic linker looks (ld.so(8)): what its configuration names, then its own folders."""
    yield from _configured(_CONFIGURATION)
    for folder in (f"lib/{target}-linux-gnu", "lib64", "lib"):
        yield f"/{folder}"
        yield f"/usr/{folder}"
    yield f"/usr/{target}-linux-gnu/lib"


def _configured(path: str, depth: int = 0) -> Iterator[str]:
    try:
        lines = read_file(path).decode(errors="replace").splitlines()[:_LINES]
    except (OSError, GuestError):
        return
    for line in lines:
        text = line.split("#")[0].strip()
        if text.startswith("include ") and depth < 3:
            pattern = os.path.join(os.path.dirname(path), text.removeprefix("include ").strip())
            for included in sorted(glob.glob(pattern)):
                yield from _configured(included, depth + 1)
        elif text.startswith("/"):
            yield text
