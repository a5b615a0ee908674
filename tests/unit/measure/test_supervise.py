"""Pure parts of the supervision; runs are in tests/qemu and tests/faults."""

from __future__ import annotations

import os

from accelkit.measure.supervise import Run, _high_water


def test_a_run_without_answers_of_qemu_has_no_counters() -> None:
    run = Run("exit", 0, 1.0, 0.5, 0.1, None, 1, 2, "")
    assert (run.accelerator, run.counters, run.trouble) == ("", {}, "")


def test_the_peak_memory_of_a_process_is_read_from_proc() -> None:
    peak = _high_water(os.getpid())
    assert peak is None or peak > 1024  # None where there is no /proc


def test_a_process_that_does_not_exist_has_no_peak() -> None:
    assert _high_water(-1) is None
