"""Pure parts of the supervision; runs are in tests/qemu and tests/faults."""

from __future__ import annotations

from accelkit.measure.supervise import Run


def test_a_run_without_answers_of_qemu_has_no_counters() -> None:
    run = Run("exit", 0, 1.0, 0.5, 0.1, None, 1, 2, "")
    assert (run.accelerator, run.counters, run.trouble, run.left) == ("", {}, "", ())
