"""Calibration: how much work a guest needs, so that a run lasts as long as wanted on this host and QEMU.

A run's value is its fastest slice. Slices are short, 1 to 2 ms, so that on a busy host, too, some of them fall into
moments in which nothing else runs: a scheduler gives a process a few milliseconds at a time. On a host with two CPUs
and a load of 13, ten runs each of half a second, the spread of their values (standard deviation of the logarithms) fell
from .24 to .008 for ``cpu``, .23 to .027 for ``memory``, .27 to .014 for ``exc``, .26 to .030 for ``smc``, .21 to .014
for ``tb-thrash``, .54 to .34 for ``smplock``, in slices of 1.5 ms in place of 10 ms; of ``mmio`` from .23 to .023. Low
quantiles of the slices, 1 to 10%, spread as much as the fastest, and more where both vCPUs must run at once, so the
value is the fastest. ``tb-thrash`` needs a whole pass over its code, which is a slice of about 2 ms.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final, TypeVar, cast

from accelkit.errors import DomainError, GuestError, QemuError
from accelkit.guests.catalogue import WORD, Guest
from accelkit.guests.makers import AnyGuest
from accelkit.measure.bundled import MIN_SLICES, run_bundled
from accelkit.measure.outcome import has_own_clock, judge

SLICE: Final = 0.0014
"""Seconds that a slice should last."""

TOLERANCE: Final = 2.0
"""A slice up to this many times longer or shorter is as good: its amount of work stays."""

MIN_COUNT, MAX_COUNT = 5, 10_000
"""Fewest and most slices of a run."""

MAX_BOOTS: Final = 4
"""Most boots of one calibration."""

TRIAL_SLICES: Final = 100
"""Slices in each of these boots."""

ENOUGH: Final = 0.3
"""Seconds after which a boot may end with fewer slices."""

LOOK_INTERVAL: Final = 0.02
"""Seconds between two looks at a report; they time a guest that does not know the frequency of its ticks."""

MIN_SPAN: Final = 0.03
"""Shortest time in seconds between looks from which a pace follows: a look is late by milliseconds."""

TIMEOUT: Final = 60.0
"""Seconds for all boots of one calibration, which takes about 1."""

SHORTEST: Final = 1e-6
"""Seconds of the shortest slice from which an amount of work follows."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a guest works: seconds of a slice, and how many more seconds the first slice takes."""

    slice: float
    first: float


AGuest = TypeVar("AGuest", bound=AnyGuest)


def calibrate(guest: AGuest, command: Sequence[str], argv: Sequence[str], *, seconds: float = 0.5) -> AGuest:
    """``guest`` with as much work as makes a run last about ``seconds`` on an idle host.

    The time that QEMU takes to start is not included, and a busy host takes longer.

    ``command`` starts the QEMU, ``argv`` is the rendered baseline: under other settings a run may be
    longer or shorter. The amount of work in a slice stays if a slice lasts 0.7 to 2.8 ms. Otherwise it
    becomes 1, 2 or 5 times a power of ten, so that two calibrations mostly agree; keep the calibrated
    guest with the results all the same. A calibration takes 1 to 4 boots. Guests that are not bundled,
    and those without work, are returned unchanged.

    Raises DomainError for seconds out of range, QemuError if the guest does not do its work,
    GuestError for a guest that never ends.

    >>> calibrate(guest("cpu"), find(), ["-accel", "tcg"], seconds=1.0).slices  # doctest: +SKIP
    700
    """
    if not 0.01 <= seconds <= 3600:
        raise DomainError(
            f"seconds={seconds!r}: a run lasts 0.01 to 3600 seconds; give a number in this range"
        )
    return cast("AGuest", _calibrate(guest, command, argv, seconds)) if isinstance(guest, Guest) else guest


def _calibrate(guest: Guest, command: Sequence[str], argv: Sequence[str], seconds: float) -> Guest:
    if guest.n == 0:
        return guest
    if guest.checksum() is None:
        raise GuestError(f"guest {guest.name!r} never reports, so it cannot be calibrated; leave it out")
    pace = None
    deadline = time.monotonic() + TIMEOUT
    for boots_left in reversed(range(MAX_BOOTS)):
        pace = _pace(guest, command, argv, max(0.0, deadline - time.monotonic()))
        n = min(10 * guest.n, WORD) if pace is None else amount(guest.n, pace.slice)
        if n == guest.n or not boots_left:
            break
        guest = guest.with_work(n=n)
    return guest.with_work(slices=count(seconds, pace or Pace(SLICE, 0.0)))


def amount(n: int, slice: float) -> int:
    """The n with which a slice lasts about 1.4 ms, given that it lasts ``slice`` seconds with ``n``.

    >>> amount(100, 0.002), amount(100, 0.01), amount(100, 0.0001), amount(3, 1.0)
    (100, 10, 1000, 1)
    """
    if SLICE / TOLERANCE <= slice <= SLICE * TOLERANCE:
        return n
    return min(max(1, round_125(n * SLICE / slice)), WORD)


def count(seconds: float, pace: Pace) -> int:
    """How many slices last ``seconds``, to one significant digit, the first slice's extra time included.

    That time takes half of ``seconds`` at most: the value of a run needs many short slices.

    >>> count(0.5, Pace(0.0104, 0.0)), count(0.5, Pace(0.01, 0.3)), count(0.5, Pace(1.0, 0.0))
    (50, 20, 5)
    """
    return min(max(MIN_COUNT, round_digit((seconds - min(pace.first, seconds / 2)) / pace.slice)), MAX_COUNT)


def round_125(x: float) -> int:
    """The nearest, by ratio, of 1, 2, 5, 10, 20, 50 and so on.

    >>> [round_125(x) for x in (0.2, 1.3, 1.5, 3, 4, 8, 1234)]
    [1, 1, 2, 2, 5, 10, 1000]
    """
    power = 10 ** max(0, floor(log10(max(x, 1.0))))
    return power * min((1, 2, 5, 10), key=lambda step: abs(log10(max(x, 1.0) / (power * step))))


def round_digit(x: float) -> int:
    """``x`` rounded to its first digit.

    >>> [round_digit(x) for x in (-1.0, 0.4, 7.2, 48, 52, 149)]
    [0, 0, 7, 50, 50, 100]
    """
    if x < 1:
        return 0
    power = 10 ** floor(log10(x))
    return power * round(x / power)


def pace_of(ticks: Sequence[int], hz: int, arrivals: Sequence[tuple[float, int]]) -> Pace | None:
    """The pace of a guest whose slices took ``ticks``, or None if it cannot be computed.

    ``hz`` is the frequency of the ticks. A guest that does not know it (0) is timed from outside, by
    ``arrivals``: pairs of seconds and the number of slices by then. If the first and the last are too
    close together, the pace is None.

    >>> pace_of([1_000_000] * 10, 0, [(0.10, 2), (0.18, 10)])
    Pace(slice=0.01, first=0.0)
    >>> pace_of([1_000_000] * 10, 0, [(0.10, 2), (0.11, 10)]) is None
    True
    """
    rate = float(hz)
    if not rate and arrivals:
        (since, before), (until, count) = arrivals[0], arrivals[-1]
        if until - since >= MIN_SPAN:
            rate = sum(ticks[before:count]) / (until - since)
    if not rate or not ticks:
        return None
    fastest = max(1, min(ticks))
    return Pace(max(SHORTEST, round(fastest / rate, 6)), round((ticks[0] - fastest) / rate, 6))


def _pace(guest: Guest, command: Sequence[str], argv: Sequence[str], timeout: float) -> Pace | None:
    short = guest.with_work(slices=TRIAL_SLICES)
    deadline = time.monotonic() + timeout
    pace, slices = _timed(short, command, argv, timeout, ENOUGH)
    if pace is None and slices < TRIAL_SLICES:
        # On a busy host the first slice of tb-thrash alone lasts longer than ENOUGH; what followed was too short to time.
        pace, _ = _timed(short, command, argv, max(0.0, deadline - time.monotonic()), None)
    return pace


def _timed(
    guest: Guest, command: Sequence[str], argv: Sequence[str], timeout: float, enough: float | None
) -> tuple[Pace | None, int]:
    """The pace in one boot, and the number of slices of which it is; None where they were too short to time."""
    try:
        run, report, watcher = run_bundled(
            command, argv, guest, timeout=timeout, enough=enough, pause=LOOK_INTERVAL
        )
    except OSError as error:
        raise QemuError(f"{command[0]}: {error.strerror}; name a QEMU that exists") from None
    least = MIN_SLICES if run.ending == "stop" else None
    wall = None if has_own_clock((*command, *argv)) else run.wall
    cause, why = judge(guest, report, run.status, run.ending, run.stderr, least, wall)
    if cause != "ok":
        raise QemuError(
            f"guest {guest.name!r} under {' '.join(argv)}: {cause}: {why}; calibrate with a baseline that works"
        )
    ticks = [part.ticks for part in report.slices]
    pace = pace_of(ticks, 0 if report.begin is None else report.begin.hz, watcher.arrivals)
    return pace, len(ticks)
