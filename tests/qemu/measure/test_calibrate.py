"""A calibrated guest runs as long as wanted on a real QEMU."""

from __future__ import annotations

import pytest
from support.processes import qemu

from accelkit.errors import QemuError
from accelkit.guests import guest
from accelkit.measure.bundled import run_bundled
from accelkit.measure.calibrate import MIN_COUNT, calibrate

pytestmark = pytest.mark.qemu

TCG = ("-accel", "tcg")


def test_a_calibrated_run_lasts_about_as_long_as_wanted() -> None:
    tiny = guest("exc").with_work(n=20, slices=3)
    work = calibrate(tiny, qemu(), TCG, seconds=0.4)
    assert work == tiny.with_work(n=work.n, slices=work.slices)
    assert work.n > 1000
    run, report, _ = run_bundled(qemu(), TCG, work, timeout=600)
    assert run.ending == "stop"
    assert work.verify(report) is None
    assert work.slices >= MIN_COUNT


def test_a_guest_that_knows_its_ticks_is_calibrated_by_them() -> None:
    work = calibrate(guest("exc", "aarch64").with_work(n=20), qemu("aarch64"), TCG, seconds=0.1)
    assert work.n > 1000


def test_a_baseline_that_does_not_work_cannot_calibrate() -> None:
    with pytest.raises(QemuError, match=r"guest 'cpu' under -accel tcg,x=1: refused: "):
        calibrate(guest("cpu"), qemu(), ("-accel", "tcg,x=1"))


def test_a_qemu_that_does_not_exist_cannot_calibrate() -> None:
    with pytest.raises(QemuError, match="no-such-qemu: no such program"):
        calibrate(guest("cpu"), ("no-such-qemu",), TCG)
