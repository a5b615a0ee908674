"""A prepared study with a measure of the test's own; tests/qemu has those that run QEMU."""

from __future__ import annotations

from pathlib import Path

from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.setup import PreparedStudy
from accelkit.study.standards import Standards

POINTS = ("tcg,tb-size=256", "tcg,tb-size=8")
PRECISION = 0.05


def measure(trial: Trial) -> Record:
    """Steady runs, of which one phase is anything but steady."""
    wild = 10.0 ** (int(trial.id, 16) % 5 - 3)
    steady = 1.0 + int(trial.id, 16) % 7 / 1000
    return Record(trial, "ok", value=steady, unit="s", phases={"boot": steady, "shutdown": wild})


def test_a_study_is_precise_when_its_whole_runs_are_whatever_a_phase_does(tmp_path: Path) -> None:
    plan = Plan(
        [Build("7.2", ("qemu",), "7.2")],
        [stored_configuration(name, ("-accel", name)) for name in POINTS],
        [StoredGuest("linux", "")],
        POINTS[0],
    )
    standards = Standards(anytime=True)
    study = PreparedStudy(
        plan, measure, str(tmp_path / "s.sqlite"), blocks=100, precision=PRECISION, standards=standards
    )
    result = study.run()
    assert len(result.records) < 2 * 100
    assert all(row.high <= row.low * (1 + PRECISION) for row in result.comparisons)
    wild = [row for row in result.phase_comparisons if row.guest == "linux: shutdown"]
    assert wild[0].high > wild[0].low * (1 + PRECISION)
