"""A bundled guest on a real QEMU: it rings its bell at the end, so that its report is rarely looked at."""

from __future__ import annotations

import pytest
from support.processes import qemu

from accelkit.guests import guest
from accelkit.measure.bundled import ReportWatcher, run_bundled
from accelkit.measure.outcome import Ending

TCG = ("-accel", "tcg")


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_the_guest_rings_at_the_end_of_its_work(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look takes CPU time from the guest."""
    looks: list[float] = []
    look = ReportWatcher.look

    def counted(watcher: ReportWatcher, elapsed: float, *, last: bool) -> Ending | None:
        looks.append(elapsed)
        return look(watcher, elapsed, last=last)

    monkeypatch.setattr(ReportWatcher, "look", counted)
    work = guest("cpu", target).with_work(n=100_000, slices=5)
    run, report, _ = run_bundled(qemu(target), TCG, work, timeout=600, pause=600.0)
    assert run.ending == "stop"
    assert work.verify(report) is None
    assert len(looks) == 1
