"""Guests as values. The bundled ones are bare-metal programs that do one kind of work, time it and prove it.

Descriptions, command lines, predicted checksums and the parser of a guest's output. All of it is pure,
except that a fingerprint reads the guest's image. :func:`accelkit.measure.plain_boot.boot` boots a guest.
"""

from __future__ import annotations

from accelkit.guests.catalogue import GUESTS, Guest, guest
from accelkit.guests.listing import GuestList, guests
from accelkit.guests.protocol import Begin, CpuException, Report, Slice, parse
from accelkit.guests.workloads import WORKLOADS, Workload

__all__ = [  # noqa: RUF022 - grouped, in the order in which a reader needs them
    # guests
    "guests",
    "GuestList",
    "guest",
    "Guest",
    "GUESTS",
    # the output of a guest
    "parse",
    "Report",
    "Begin",
    "Slice",
    "CpuException",
    # the work of a guest
    "Workload",
    "WORKLOADS",
]
