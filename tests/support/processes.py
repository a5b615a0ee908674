"""Finding QEMU, and waiting for its processes."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from support.tools import unavailable

from accelkit.errors import QemuError
from accelkit.qemu import process
from accelkit.qemu.binary import find

Outcome = TypeVar("Outcome")


def qemu(target: str = "x86_64") -> tuple[str, ...]:
    """The command of the QEMU on PATH; without one the test fails in CI and is skipped elsewhere."""
    try:
        return find(target=target)
    except QemuError as missing:
        unavailable(str(missing))


def running(mark: str) -> list[int]:
    """The numbers of the running processes with ``-name`` and ``mark`` in their command line, without guards."""
    return [number for number, is_guard in _marked(mark) if not is_guard]


def guards(mark: str) -> list[int]:
    """The numbers of the running guards of such processes."""
    return [number for number, is_guard in _marked(mark) if is_guard]


def _marked(mark: str) -> Iterator[tuple[int, bool]]:
    for path in map("/proc/{}/cmdline".format, filter(str.isdecimal, os.listdir("/proc"))):
        try:
            words = Path(path).read_bytes().split(b"\0")
        except OSError:  # the process has ended
            continue
        if b"-name" in words and any(mark.encode() in word for word in words):
            programs = [os.fsdecode(word) for word in words[:4]]
            is_guard = programs[0].startswith(str(process.GUARDS)) or str(process.IN_PYTHON) in programs
            yield int(path.split("/")[2]), is_guard


def catches(pid: int, number: int) -> bool:
    """Whether the process has installed a handler for the signal ``number``."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    mask = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(mask, 16) >> (number - 1) & 1)


def watches_a_child(pid: int) -> bool:
    """Whether the process has a child that it watches: it holds a pidfd (:class:`accelkit.qemu.process.Child`)."""
    for path in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):  # it was closed meanwhile
            if os.readlink(path) == "anon_inode:[pidfd]":
                return True
    return False


def stopped(pid: int) -> bool:
    """Whether a SIGSTOP has reached the process; kill(2) returns before."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "\nState:\tT" in status


def soon(condition: Callable[[], object], seconds: float = 300) -> bool:
    """Whether ``condition`` comes true; the seconds only bound a hang, on however slow a host."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def long_enough(run: Callable[[float], Outcome], happened: Callable[[Outcome], object]) -> Outcome:
    """The outcome of the first run that was long enough for ``happened`` to be true of it.

    ``run`` gets the seconds that it may last; each time four times as many.
    """
    for seconds in (1, 4, 16, 64):
        outcome = run(seconds)
        if happened(outcome):
            return outcome
    return run(256)
