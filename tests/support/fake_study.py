"""A study of three configurations whose measure is a fake: exact times, no QEMU."""

from __future__ import annotations

from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest

FIGURES = {"tcg": 2.0, "tcg,thread=single": 1.0, "tcg,tb-size=1": 4.0}
PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [stored_configuration(name, ("-accel", name)) for name in FIGURES],
    [StoredGuest("cpu", "")],
    "tcg",
)


def value(trial: Trial) -> float:
    return FIGURES[trial.configuration] * (1 + 0.001 * (trial.block % 3))


def fake(trial: Trial) -> Record:
    return Record(trial, "ok", value=value(trial), started=1_700_000_000.0 + trial.position)
