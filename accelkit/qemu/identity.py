"""What a command runs, by its content: another QEMU of the same version under the same path has another digest.

A command may begin with a prefix (``chroot``, ``env``, a script, ``podman run``), so its words do not say which
binary runs. So QEMU is started, stopped before any guest code, and /proc says what it is: its own binary, also
one that has been replaced on disk since or that lies in a container, and the modules of its accelerators beside
those that it has loaded (QEMU's util/module.c).
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from accelkit.qemu.capture import BARE, TIMEOUT, NotStartedError, session

ACCELERATORS: Final = (("-accel", "tcg"), ("-accel", "qtest"), ())
"""Accelerators to start with, tried in turn: Debian's QEMU has no qtest, others have no TCG."""

PROC: Final = Path("/proc")


def digest(command: Sequence[str], timeout: float = TIMEOUT) -> str:
    """32 hexadecimal digits (BLAKE2b) for the binary that ``command`` runs and its accelerators' modules.

    Empty where that cannot be seen: without /proc, or where the process belongs to another user. ``timeout``,
    in seconds, is for all of it. Raises QemuError if QEMU does not answer.

    >>> digest(["qemu-system-x86_64"])  # doctest: +SKIP
    '2f0a7c5d9be1c7a04d1f3c2b6e8a9d10'
    """
    if not (PROC / "self" / "exe").exists():
        return ""
    deadline = time.monotonic() + timeout
    for accelerator in ACCELERATORS:
        mark = f"accelkit-{uuid.uuid4().hex}"
        with suppress(NotStartedError), session([*command, *BARE, "-name", mark, *accelerator], deadline):
            process = _process(mark)
            return "" if process is None else _content(process)
    return ""


def _process(mark: str) -> Path | None:
    """The process that was started last of those that have ``mark`` among their arguments and no child that has."""
    marked: dict[int, tuple[int, int]] = {}  # parent and time of the start, by process id
    for entry in PROC.iterdir():
        with suppress(OSError, ValueError, IndexError):
            if entry.name.isdecimal() and mark.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                marked[int(entry.name)] = int(fields[1]), int(fields[19])  # proc(5): ppid, starttime
    parents = {parent for parent, _ in marked.values()}
    leaves = [number for number in marked if number not in parents]
    if not leaves:
        return None
    return PROC / str(max(leaves, key=lambda number: (marked[number][1], number)))


def _content(process: Path) -> str:
    try:
        return _digest((("", process / "exe"), *((path.name, path) for path in _modules(process))))
    except OSError:  # of another user
        return ""


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for name, path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, hashlib.blake2b)
        whole.update(name.encode("utf-8", "surrogateescape") + b"\0" + content.digest())
    return whole.hexdigest()


def _modules(process: Path) -> list[Path]:
    """The modules of accelerators in the folders from which the process has loaded one."""
    lines = (process / "maps").read_text(errors="surrogateescape").splitlines()
    mapped = {Path(words[5]) for line in lines if len(words := line.split(maxsplit=5)) == 6}
    loaded = {path for path in mapped if path.name.startswith("accel-") and path.suffix == ".so"}
    modules: set[Path] = set()
    for path in loaded:
        # The path in the process' own root, as in a container; of a chroot the kernel shows it from ours.
        inside = Path(f"{process}/root{path}")
        modules |= set((inside if inside.exists() else path).parent.glob("accel-*.so"))
    return sorted(modules, key=lambda path: path.name)
