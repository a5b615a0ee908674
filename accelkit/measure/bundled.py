"""One measured boot of a bundled guest: it does its work, reports, and waits until QEMU's counters are read.

The guest holds after its report (``hold`` of :meth:`accelkit.guests.catalogue.Guest.with_work`). Only
then QEMU is queried over QMP and ended, so that no query falls into the time of the work.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import Report, parse
from accelkit.measure.outcome import Ending
from accelkit.measure.plain_boot import MAX_REPORT_BYTES, open_image
from accelkit.measure.supervise import Run, supervise
from accelkit.qemu.container import fd_numbers
from accelkit.qemu.pipes import MemoryFile

MIN_SLICES: Final = 3
"""Fewest verified slices of which the fastest may stand for all that were planned."""

LOOK_INTERVAL: Final = 0.1
"""Seconds between two looks at the report. A look takes CPU time from the guest, so the guest rings a bell at its end."""


class ReportWatcher:
    """Watches a report as it grows, and ends the run when it is complete or long enough.

    ``arrivals`` has, for each look that found new slices, the seconds since the start and the number of
    slices by then. ``wakes`` is our end of the guest's bell; there is a look every ``pause`` seconds.
    After ``enough`` seconds (None: never) the first 3 verified slices end the run.
    """

    def __init__(
        self, guest: Guest, output: MemoryFile, wakes: int, enough: float | None, pause: float
    ) -> None:
        self.arrivals: list[tuple[float, int]] = []
        self.wakes = wakes
        self.pause = pause
        self._guest = guest
        self._output = output
        self._enough = enough

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """See :meth:`accelkit.measure.supervise.Watcher.look`."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.wakes, 64)
        new = self._output.read()
        if self._output.floods:
            return "flood"
        count = self._count() if new else self.arrivals[-1][1] if self.arrivals else 0
        if new and count:
            self.arrivals.append((elapsed, count))
        if count >= self._guest.slices or self._is_enough(elapsed, count):
            return "stop"
        return None

    def report(self) -> Report:
        """The report so far."""
        return parse(bytes(self._output.kept))

    def complete_lines(self) -> Report:
        """The report so far, without a line that the guest has only begun."""
        kept = self._output.kept
        return parse(bytes(kept[: kept.rfind(b"\n") + 1]))

    def _count(self) -> int:
        kept = self._output.kept
        return kept.count(b"AK1 E ", 0, kept.rfind(b"\n") + 1)

    def _is_enough(self, elapsed: float, count: int) -> bool:
        if self._enough is None or elapsed < self._enough or count < MIN_SLICES:
            return False
        if self._guest.verify(self.complete_lines(), least=MIN_SLICES) is None:
            return True
        self._enough = None  # a wrong answer stays wrong: let the run end without us
        return False


def run_bundled(
    command: Sequence[str],
    argv: Sequence[str],
    guest: Guest,
    *,
    accelerators: Sequence[str] = (),
    timeout: float,
    enough: float | None = None,
    pause: float = LOOK_INTERVAL,
) -> tuple[Run, Report, ReportWatcher]:
    """One boot of ``guest``: how it ran, its report, and the watcher, which has when each slice arrived.

    ``argv`` is a rendered recipe, ``accelerators`` are those that it asks for, in order (empty if
    unknown); ``timeout`` and ``enough``, in seconds, are those of
    :func:`accelkit.study.worker.measure`; ``pause`` is the number of seconds between two looks at the
    report. Raises OSError if the command cannot be started, GuestError if the image cannot be read.
    """
    holding = guest.with_work(hold=True)
    bell, guest_bell = socket.socketpair()
    with bell, guest_bell, ExitStack() as parent_ends:
        image = open_image(holding, parent_ends)
        output = MemoryFile(MAX_REPORT_BYTES, parent_ends)
        bell.setblocking(False)
        watcher = ReportWatcher(holding, output, bell.fileno(), enough, pause)
        keep = (image, guest_bell.fileno())
        child_image, child_bell = fd_numbers(command, keep)
        path = f"/proc/self/fd/{child_image}" if sys.platform == "linux" else None
        run = supervise(
            [*command, *argv, *holding.argv(path, child_bell)],
            watcher,
            stdout=output.writer,
            keep=keep,
            timeout=timeout,
            accelerators=accelerators,
            graceful=False,
        )
        output.read()
        if output.floods:  # maybe only after its report, while QEMU was queried
            run = replace(run, ending="flood")
        report = watcher.complete_lines() if run.ending == "stop" else watcher.report()
    return run, report, watcher
