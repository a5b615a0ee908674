"""When a report is complete, long enough, or a flood."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from accelkit.guests import guest
from accelkit.measure.bundled import ReportWatcher
from accelkit.measure.plain_boot import MAX_REPORT_BYTES
from accelkit.qemu.pipes import MemoryFile

WORK = guest("exc").with_work(n=16, slices=5, seed=0)


class Report:
    """A report that a test writes, and its watcher."""

    def __init__(self, parent_ends: ExitStack, enough: float | None = None) -> None:
        self._file = MemoryFile(MAX_REPORT_BYTES, parent_ends)
        bell, self._guest_bell = os.pipe()
        parent_ends.callback(os.close, bell)
        parent_ends.callback(os.close, self._guest_bell)
        os.set_blocking(bell, False)
        self.watcher = ReportWatcher(WORK, self._file, bell, enough, 0.1)

    def write(self, text: str) -> None:
        os.write(self._file.writer, text.encode())


@pytest.fixture
def parent_ends() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def line(kind: str, *numbers: int) -> str:
    return " ".join(["AK1", kind, *(f"{number:016x}" for number in numbers)]) + "\n"


def begin() -> str:
    return line("B", WORK.workload.id, WORK.n, WORK.size, 0, WORK.seed, WORK.slices, 0)


def slice_line(number: int, checksum: int | None = None) -> str:
    return line("E", 5, WORK.checksum(number) or 0 if checksum is None else checksum)


def test_a_complete_report_stops_the_run(parent_ends: ExitStack) -> None:
    report = Report(parent_ends)
    assert report.watcher.look(0.0, last=False) is None
    report.write(begin() + slice_line(0) + slice_line(1))
    assert report.watcher.look(0.1, last=False) is None
    assert report.watcher.look(0.2, last=False) is None
    report.write(slice_line(2) + slice_line(3) + slice_line(4))
    assert report.watcher.look(0.3, last=False) == "stop"
    assert report.watcher.arrivals == [(0.1, 2), (0.3, 5)]
    assert WORK.verify(report.watcher.report()) is None


def test_three_verified_slices_are_enough_after_a_while(parent_ends: ExitStack) -> None:
    report = Report(parent_ends, enough=0.5)
    report.write(begin() + slice_line(0) + slice_line(1))
    assert report.watcher.look(0.6, last=False) is None  # too few
    report.write(slice_line(2))
    assert report.watcher.look(0.4, last=False) is None  # too early
    assert report.watcher.look(0.6, last=False) == "stop"


def test_a_wrong_slice_is_never_enough(parent_ends: ExitStack) -> None:
    report = Report(parent_ends, enough=0.5)
    report.write(begin() + slice_line(0) + slice_line(1, checksum=1) + slice_line(2))
    assert report.watcher.look(0.6, last=False) is None
    assert report.watcher.look(9.0, last=False) is None


def test_a_line_that_is_not_complete_does_not_count(parent_ends: ExitStack) -> None:
    report = Report(parent_ends)
    report.write(begin() + "".join(map(slice_line, range(5)))[:-1])
    assert report.watcher.look(0.1, last=False) is None
    assert len(report.watcher.complete_lines().slices) == 4


def test_too_many_bytes_are_a_flood(parent_ends: ExitStack) -> None:
    report = Report(parent_ends)
    report.write("x" * MAX_REPORT_BYTES)
    assert report.watcher.look(0.1, last=False) is None
    report.write("x")
    assert report.watcher.look(0.2, last=False) == "flood"
