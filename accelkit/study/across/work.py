"""What a guest does, by its fingerprint, without what each study calibrates for itself. Pure.

A bundled guest's value is the ticks of its fastest slice. How often a slice repeats the work, and how many slices a run has,
follows from how fast the host and its QEMU are: two studies of one guest may have others. So values are compared for one
repetition. On a quiet host a slice's time is in proportion to its repetitions. On a busy one a shorter slice finds a quiet
moment more easily: with three times the repetitions, one took up to 1.22 times as long on a host with a load of 10 on 2 CPUs
(``cpu``; ``exc`` 1.04). So where the repetitions differ, the interval of a ratio of times is wider by :data:`UNLIKE` on both sides.
Ratios within a block have the same on both sides.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_WORDS: Final = re.compile(r"(?<= )(\d+),(\d+),(\d+,\d+,\d+,\d+),(\d+)(?= )")
"""In the fingerprint of a bundled guest: workload, repetitions, size, vCPUs, seed, hold, slices."""


UNLIKE: Final = 1.25
"""By this factor an interval is wider on both sides if the repetitions differ."""


class Amount(NamedTuple):
    """How often a slice repeats the work, and how many slices a run has; 1 and 0 for a guest without slices."""

    repetitions: int
    slices: int


def work_of(fingerprint: str) -> str:
    """What the guest does, whatever the amount.

    >>> work_of("cpu x86_64 q35 64 MiB 1 vCPUs 1,1000,0,0,0,0,357 5f") == work_of(
    ...     "cpu x86_64 q35 64 MiB 1 vCPUs 1,3000,0,0,0,0,340 5f"
    ... )
    True
    """
    return _WORDS.sub(r"\1,*,\3,*", fingerprint)


def amount_of(fingerprint: str) -> Amount:
    """How much of it a run does.

    >>> amount_of("cpu x86_64 q35 64 MiB 1 vCPUs 1,1000,0,0,0,0,357 5f"), amount_of("mine")
    (Amount(repetitions=1000, slices=357), Amount(repetitions=1, slices=0))
    """
    match = _WORDS.search(fingerprint)
    return Amount(max(1, int(match[2])), int(match[4])) if match else Amount(1, 0)
