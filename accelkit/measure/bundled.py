"""One measured boot of a bundled guest: it works, reports, and stays until QEMU has been asked.

The guest is told to hold after its report. Only then QEMU is asked over QMP what it counted, and
ended: no question falls into the time of the work.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import Report, parse
from accelkit.measure.outcome import Ending
from accelkit.measure.pipes import MemoryFile
from accelkit.measure.plain_boot import MOST_OUTPUT, open_image
from accelkit.measure.supervise import Run, supervise
from accelkit.qemu.container import fd_numbers
from accelkit.qemu.counters import accelerators

LEAST: Final = 3
"""Slices, verified, of which the fastest may stand for all that were planned."""

SELDOM: Final = 0.1
"""Seconds between two looks at the report, which take CPU time from the guest; its end is rung."""


class Reading:
    """A report as it grows; ``seen`` has for each look that found slices when, and how many then.

    ``wakes`` is our end of the guest's bell; there is a look each ``pause`` seconds.
    """

    def __init__(
        self, guest: Guest, output: MemoryFile, wakes: int, enough: float | None, pause: float
    ) -> None:
        self.seen: list[tuple[float, int]] = []
        self.wakes = wakes
        self.pause = pause
        self._guest = guest
        self._output = output
        self._enough = enough

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """As :class:`accelkit.measure.supervise.Watcher` has it."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.wakes, 64)
        new = self._output.read(MOST_OUTPUT + 1)
        if len(self._output.kept) > MOST_OUTPUT:
            return "flood"
        count = self._count() if new else self.seen[-1][1] if self.seen else 0
        if new and count:
            self.seen.append((elapsed, count))
        if count >= self._guest.slices or self._is_enough(elapsed, count):
            return "told"
        return None

    def report(self) -> Report:
        """What there is of it."""
        return parse(bytes(self._output.kept))

    def whole_slices(self) -> Report:
        """What there is of it without the line that is being written."""
        kept = self._output.kept
        return parse(bytes(kept[: kept.rfind(b"\n") + 1]))

    def _count(self) -> int:
        kept = self._output.kept
        return kept.count(b"AK1 E ", 0, kept.rfind(b"\n") + 1)

    def _is_enough(self, elapsed: float, count: int) -> bool:
        if self._enough is None or elapsed < self._enough or count < LEAST:
            return False
        if self._guest.verify(self.whole_slices(), least=LEAST) is None:
            return True
        self._enough = None  # it is wrong, and stays so: let it end as it will
        return False


def run_bundled(
    command: Sequence[str],
    argv: Sequence[str],
    guest: Guest,
    *,
    timeout: float,
    enough: float | None = None,
    pause: float = SELDOM,
) -> tuple[Run, Report, Reading]:
    """How one boot of ``guest`` ran, what it reported, and when each part of that was seen.

    ``argv`` is a rendered recipe; ``enough`` and ``timeout``, in seconds, are those of
    :func:`accelkit.study.worker.measure`; ``pause`` are the seconds between two looks at the report.
    Raises OSError if the command cannot be started.
    """
    held = guest.with_work(hold=True)
    bell, theirs = socket.socketpair()
    with bell, theirs, ExitStack() as ours:
        image = open_image(held, ours)
        output = MemoryFile(ours)
        bell.setblocking(False)
        reading = Reading(held, output, bell.fileno(), enough, pause)
        keep = (image, theirs.fileno())
        image_there, bell_there = fd_numbers(command, keep)
        path = f"/proc/self/fd/{image_there}" if sys.platform == "linux" else None
        run = supervise(
            [*command, *argv, *held.argv(path, bell_there)],
            reading,
            stdout=output.writer,
            keep=keep,
            timeout=timeout,
            asked=accelerators(argv),
            graceful=False,
        )
        output.read(MOST_OUTPUT)
        report = reading.whole_slices() if run.ending == "told" else reading.report()
    return run, report, reading
