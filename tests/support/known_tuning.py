"""A tuning of a known response, simulated: what matters, what fails, and each guest's own best are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.known_result import wobble

from accelkit.study.model import SIMULATED, Build, Record, Trial
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.searched import Terms
from accelkit.study.standards import Standards
from accelkit.tuning.points import tuning_points
from accelkit.tuning.prepared import Measuring, PreparedTuning

SPACE = "tcg,tb-size={8,32,128,512,2048},thread={single,multi},split-wx={on,off}"


def time_of(trial: Trial) -> float:
    """``smp`` wants thread=multi, ``tb-thrash`` a tb-size of 128 or more; split-wx does nothing, and nothing else."""
    point = f"{trial.configuration},"
    time = 1.0
    if trial.guest == "smp" and "thread=multi" in point:
        time /= 1.7
    if trial.guest == "tb-thrash" and ("tb-size=8," in point or "tb-size=32," in point):
        time *= 6.0
    if "tb-size=2048," in point:
        time *= 1.05
    return time


def measured(trial: Trial) -> Record:
    """The record of a trial; a large cache takes more memory, and tb-size=2048 with thread=single dies."""
    started = 1735787045.0 + trial.position
    size = next(
        int(word[8:]) for word in f"{trial.configuration},tb-size=8".split(",") if word.startswith("tb-size")
    )
    if "tb-size=2048,thread=single" in trial.configuration:
        return Record(trial, "crashed", why="out of memory", stderr="qemu: out of memory\n", started=started)
    value = 25_000_000.0 * time_of(trial) * (1 + 0.02 * wobble(trial))
    return Record(
        trial, "ok", value=round(value), wall=0.5, user=0.45, system=0.02, max_rss=40_000 + 100 * size,
        accelerator="tcg", started=started, load=0.4,
    )  # fmt: skip


def known_tuning(
    store: Path,
    guests: Mapping[str, float] = {"smp": 2.0, "tb-thrash": 1.0},
    *,
    trials: int = 500,
    goals: Mapping[str, float] = {"time": 1.0},
    seed: int = 0,
) -> PreparedTuning:
    """The tuning, ready to run."""
    points = tuning_points(SPACE, None)
    plan = Plan(
        [Build(SIMULATED, (), SIMULATED)], [points.baseline], [StoredGuest(name, "") for name in guests],
        points.baseline.name, seed,
    )  # fmt: skip
    terms = Terms(points.code, points.size, dict(guests), dict(goals), trials=trials)
    return PreparedTuning(plan, points, terms, Measuring(measured), str(store), Standards())
