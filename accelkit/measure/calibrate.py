"""How much work a guest is given, so that a run lasts what is asked on this host and QEMU.

A run's figure is its fastest slice, so slices are short, about 10 ms: some of them then fall into
moments in which nothing else happened on the host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final, TypeVar, cast

from accelkit.errors import DomainError, GuestError, QemuError
from accelkit.guests.catalogue import WORD, Guest
from accelkit.guests.makers import AnyGuest
from accelkit.measure.bundled import LEAST, run_bundled
from accelkit.measure.outcome import judge

SLICE: Final = 0.010
"""Seconds that a slice is meant to last."""

NEAR: Final = 2.0
"""A slice that many times longer or shorter is as good: the amount of work then stays as it is."""

FEWEST, MOST = 5, 10_000
"""Slices of a run."""

BOOTS: Final = 4
"""Boots that a calibration takes at most."""

TRIED: Final = 20
"""Slices of each of them."""

ENOUGH: Final = 0.3
"""Seconds after which fewer slices will do."""

OFTEN: Final = 0.02
"""Seconds between two looks at a report, which tell the pace of a guest that does not know its ticks."""

SHORTEST_SPAN: Final = 0.03
"""Seconds within which looks at a report tell no pace: they are some milliseconds apart."""

PATIENCE: Final = 60.0
"""Seconds for each of them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a guest is at its work: seconds of a slice, and how many more the first one takes."""

    slice: float
    first: float


AGuest = TypeVar("AGuest", bound=AnyGuest)


def calibrated(guest: AGuest, command: Sequence[str], argv: Sequence[str], *, seconds: float = 0.5) -> AGuest:
    """``guest`` with so much work that a run of it lasts about ``seconds``, on a host with nothing else to do.

    QEMU's start is not counted, and a busy host takes longer.

    ``command`` starts the QEMU, ``argv`` is the rendered baseline: under other settings a run may
    last longer or shorter. The amount in a slice stays as it is while a slice lasts 5 to 20 ms, and
    else is 1, 2 or 5 times a power of ten, so two calibrations mostly agree; still, what was found is
    to be kept with the results. It takes 1 to 4 boots. Guests that are not bundled, and those
    without work, come back as they are.

    Raises DomainError for seconds out of range, QemuError if the guest does not do its work,
    GuestError for one that never ends.

    >>> calibrated(guest("cpu"), find(), ["-accel", "tcg"], seconds=1.0).slices  # doctest: +SKIP
    100
    """
    if not 0.01 <= seconds <= 3600:
        raise DomainError(f"seconds={seconds!r}: a run lasts 0.01 to 3600 seconds; give one of those")
    return cast("AGuest", _calibrated(guest, command, argv, seconds)) if isinstance(guest, Guest) else guest


def _calibrated(guest: Guest, command: Sequence[str], argv: Sequence[str], seconds: float) -> Guest:
    if guest.n == 0:
        return guest
    if guest.checksum() is None:
        raise GuestError(f"guest {guest.name!r} never answers, so it has no pace; leave it out")
    pace = None
    for left in reversed(range(BOOTS)):
        pace = _pace(guest, command, argv)
        n = min(10 * guest.n, WORD) if pace is None else amount(guest.n, pace.slice)
        if n == guest.n or not left:
            break
        guest = guest.with_work(n=n)
    return guest.with_work(slices=count(seconds, pace or Pace(SLICE, 0.0)))


def amount(n: int, slice: float) -> int:
    """The n by which a slice lasts about 10 ms, when it lasts ``slice`` seconds with this one.

    >>> amount(100, 0.015), amount(100, 0.1), amount(100, 0.0001), amount(3, 1.0)
    (100, 10, 10000, 1)
    """
    if SLICE / NEAR <= slice <= SLICE * NEAR:
        return n
    return min(max(1, round_125(n * SLICE / slice)), WORD)


def count(seconds: float, pace: Pace) -> int:
    """The slices that last ``seconds``, to one significant digit, the first one's extra time included.

    >>> count(0.5, Pace(0.0104, 0.0)), count(0.5, Pace(0.01, 0.3)), count(0.5, Pace(1.0, 0.0))
    (50, 20, 5)
    """
    return min(max(FEWEST, round_digit((seconds - pace.first) / pace.slice)), MOST)


def round_125(x: float) -> int:
    """The nearest, by ratio, of 1, 2, 5, 10, 20, 50, …

    >>> [round_125(x) for x in (0.2, 1.3, 1.5, 3, 4, 8, 1234)]
    [1, 1, 2, 2, 5, 10, 1000]
    """
    power = 10 ** max(0, floor(log10(max(x, 1.0))))
    return power * min((1, 2, 5, 10), key=lambda step: abs(log10(max(x, 1.0) / (power * step))))


def round_digit(x: float) -> int:
    """``x`` to its first digit.

    >>> [round_digit(x) for x in (-1.0, 0.4, 7.2, 48, 52, 149)]
    [0, 0, 7, 50, 50, 100]
    """
    if x < 1:
        return 0
    power = 10 ** floor(log10(x))
    return power * round(x / power)


def pace_of(ticks: Sequence[int], hz: int, seen: Sequence[tuple[float, int]]) -> Pace | None:
    """The pace of slices that took so many ticks; ``seen`` is when how many of them were there, in seconds.

    A guest that does not know the frequency of its ticks (``hz`` is 0) is timed from outside, between
    the first look and the last: None if that is too short a time to tell.

    >>> pace_of([1_000_000] * 10, 0, [(0.10, 2), (0.18, 10)])
    Pace(slice=0.01, first=0.0)
    >>> pace_of([1_000_000] * 10, 0, [(0.10, 2), (0.11, 10)]) is None
    True
    """
    rate = float(hz)
    if not rate and seen:
        (since, before), (until, count) = seen[0], seen[-1]
        if until - since >= SHORTEST_SPAN:
            rate = sum(ticks[before:count]) / (until - since)
    if not rate or not ticks:
        return None
    fastest = max(1, min(ticks))
    return Pace(round(fastest / rate, 6), round((ticks[0] - fastest) / rate, 6))


def _pace(guest: Guest, command: Sequence[str], argv: Sequence[str]) -> Pace | None:
    tried = guest.with_work(slices=TRIED)
    try:
        run, report, reading = run_bundled(command, argv, tried, timeout=PATIENCE, enough=ENOUGH, pause=OFTEN)
    except OSError as error:
        raise QemuError(f"{command[0]}: {error.strerror}; name a QEMU that is there") from None
    least = LEAST if run.ending == "told" else None
    cause, why = judge(tried, report, run.status, run.ending, run.stderr, least)
    if cause != "ok":
        under = " ".join(argv)
        raise QemuError(
            f"guest {guest.name!r} under {under}: {cause}: {why}; calibrate with a baseline that works"
        )
    ticks = [part.ticks for part in report.slices]
    return pace_of(ticks, 0 if report.begin is None else report.begin.hz, reading.seen)
