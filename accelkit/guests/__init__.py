"""Bundled guests: bare-metal programs that do one kind of work, time it and prove it was done.

Descriptions, command lines, predictions and the parser of what a guest writes, all pure; only a
fingerprint reads the image. What boots them is :func:`accelkit.measure.plain_boot.boot`.
"""

from __future__ import annotations

from accelkit.guests.catalogue import GUESTS, Guest, guest
from accelkit.guests.protocol import Begin, CpuException, Report, Slice, parse
from accelkit.guests.workloads import WORKLOADS, Workload

__all__ = [  # noqa: RUF022 - in groups, what is met first comes first
    # what to boot
    "guest",
    "Guest",
    "GUESTS",
    # what a guest wrote
    "parse",
    "Report",
    "Begin",
    "Slice",
    "CpuException",
    # what it can do
    "Workload",
    "WORKLOADS",
]
