"""How busy this host is: its load, and its steal time, which the hypervisor below it takes."""

from __future__ import annotations

import os
from typing import Final

STEAL: Final = 7
"""Index of the steal time among the numbers of the cpu line of /proc/stat.

The numbers after it are guest times, which user and nice already contain."""


def load() -> float:
    """The load average over the last minute; 0.0 where the system has none."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return 0.0


def cpu_times() -> tuple[int, ...]:
    """User, nice, system, idle, iowait, irq, softirq and steal time of all CPUs together, in clock ticks.

    Empty where there is no /proc.
    """
    try:
        with open("/proc/stat", "rb", buffering=0) as file:
            return parse_stat(file.read(512).partition(b"\n")[0])
    except OSError:
        return ()


def parse_stat(line: bytes) -> tuple[int, ...]:
    r"""The numbers in the first line of /proc/stat (proc(5)) whose sum is all CPU time.

    >>> parse_stat(b"cpu  2255 34 2290 22625563 6290 127 456 0 0 0\n")
    (2255, 34, 2290, 22625563, 6290, 127, 456, 0)
    """
    return tuple(int(word) for word in line.split()[1 : STEAL + 2])


def steal_share(before: tuple[int, ...], after: tuple[int, ...]) -> float:
    """The share of steal time in the CPU time between two :func:`cpu_times`, 0.0 to 1.0.

    >>> steal_share((10, 0, 0, 10, 0, 0, 0, 0), (20, 0, 0, 15, 0, 0, 0, 5))
    0.25
    """
    spent = [max(0, now - then) for then, now in zip(before, after, strict=False)]
    return spent[STEAL] / sum(spent) if len(spent) > STEAL and sum(spent) else 0.0
