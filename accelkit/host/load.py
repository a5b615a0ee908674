"""How busy this host is: its load, and the CPU time that a hypervisor below it takes."""

from __future__ import annotations

import os
from typing import Final

STEAL: Final = 7
"""Place of the stolen time in the cpu line of /proc/stat; guest time, from 8 on, is within others."""


def load() -> float:
    """The load average over a minute; 0.0 where there is none."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return 0.0


def cpu_times() -> tuple[int, ...]:
    """User, nice, system, idle, iowait, irq, softirq, steal, in clock ticks over all CPUs; () without /proc."""
    try:
        with open("/proc/stat", "rb", buffering=0) as file:
            return parse_stat(file.read(512).partition(b"\n")[0])
    except OSError:
        return ()


def parse_stat(line: bytes) -> tuple[int, ...]:
    r"""The numbers in the first line of /proc/stat (proc(5)) that add up to all time.

    >>> parse_stat(b"cpu  2255 34 2290 22625563 6290 127 456 0 0 0\n")
    (2255, 34, 2290, 22625563, 6290, 127, 456, 0)
    """
    return tuple(int(word) for word in line.split()[1 : STEAL + 2])


def stolen(before: tuple[int, ...], after: tuple[int, ...]) -> float:
    """The share of all CPU time between the two that was stolen, 0.0 to 1.0.

    >>> stolen((10, 0, 0, 10, 0, 0, 0, 0), (20, 0, 0, 15, 0, 0, 0, 5))
    0.25
    """
    spent = [max(0, now - then) for then, now in zip(before, after, strict=False)]
    return spent[STEAL] / sum(spent) if len(spent) > STEAL and sum(spent) else 0.0
