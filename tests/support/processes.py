"""Finding QEMU, and waiting for its processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.binary import find


def qemu(target: str = "x86_64") -> tuple[str, ...]:
    """The command of the QEMU on PATH; without one the test fails in CI and is skipped elsewhere."""
    try:
        return find(target=target)
    except QemuError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def running(mark: str) -> list[int]:
    """The numbers of the running processes with ``-name`` and ``mark`` in their command line."""
    numbers: list[int] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:  # the process has ended
            continue
        if b"-name" in words and any(mark.encode() in word for word in words):
            numbers.append(int(path.parent.name))
    return numbers


def catches(pid: int, number: int) -> bool:
    """Whether the process has installed a handler for the signal ``number``."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    mask = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(mask, 16) >> (number - 1) & 1)


def soon(condition: Callable[[], object], seconds: float = 30) -> bool:
    """Whether ``condition`` becomes true within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
