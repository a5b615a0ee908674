"""A tuning of a known response, simulated: what matters, what fails, and each guest's own best are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.known_result import wobble

from accelkit.study.model import Record, Trial
from accelkit.tuning import PreparedTuning, prepare

SPACE = "tcg,tb-size={8,32,128,512,2048},thread={single,multi},split-wx={on,off}"


def time_of(trial: Trial) -> float:
    """``smp`` wants thread=multi, ``tb-thrash`` a tb-size of 128 or more; split-wx does nothing; 2048 costs 5%."""
    point = f"{trial.configuration},"
    time = 1.0
    if trial.guest == "smp" and "thread=multi" in point:
        time /= 1.7
    if trial.guest == "tb-thrash" and ("tb-size=8," in point or "tb-size=32," in point):
        time *= 6.0
    return time * (1.05 if "tb-size=2048," in point else 1.0)


def measured(trial: Trial) -> Record:
    """The record of a trial; a large cache takes more memory, and tb-size=2048 with thread=single dies."""
    started = 1735787045.0 + trial.position
    if "tb-size=2048,thread=single" in trial.configuration:
        return Record(trial, "crashed", why="out of memory", stderr="qemu: out of memory\n", started=started)
    size = next((int(word[8:]) for word in trial.configuration.split(",") if word.startswith("tb-size=")), 8)
    value = 25_000_000.0 * time_of(trial) * (1 + 0.02 * wobble(trial))
    return Record(
        trial, "ok", value=round(value), wall=0.5, user=0.45, system=0.02, max_rss=40_000 + 100 * size,
        accelerator="tcg", started=started, load=0.4,
    )  # fmt: skip


def known_tuning(
    store: Path,
    guests: Mapping[str, float] | str = {"smp": 2, "tb-thrash": 1},
    trials: int = 500,
    **options: Any,
) -> PreparedTuning:
    """The tuning, ready to run."""
    return prepare(SPACE, guests, trials=trials, store=store, measure=measured, **options)
