"""Tunings of a small space whose measure is a fake of known truth: no QEMU, no clock."""

from __future__ import annotations

import math
import random

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.study.model import Record, Trial

SPACE = tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
BEST = "tcg,tb-size=64,thread=multi"
NOISE = 0.01


def truth(name: str) -> float:
    """The undisturbed time of a configuration of SPACE: 1.0 for the best, 1.69 for the first."""
    return (1.3 if "single" in name else 1.0) * {"8": 1.3, "64": 1.0, "512": 1.1}[
        name.partition("tb-size=")[2].partition(",")[0]
    ]


def fake(trial: Trial) -> Record:
    """A trial with normal noise of 1%, the same for the same trial."""
    noise = random.Random(trial.id).gauss(0, NOISE)
    memory = 40_000 if "tb-size=8," in trial.configuration else 90_000
    return Record(trial, "ok", value=truth(trial.configuration) * math.exp(noise), max_rss=memory)


def flat(trial: Trial) -> Record:
    """A trial of a space in which nothing makes a difference."""
    return Record(trial, "ok", value=math.exp(random.Random(trial.id).gauss(0, 0.05)))


def only(trials: int) -> object:
    """A measure that interrupts, as Ctrl-C does, before trial number ``trials``."""
    left = [trials]

    def measure(trial: Trial) -> Record:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return fake(trial)

    return measure
