"""Results of all kinds, each from a seed: decided or not, with failures, measured rarely, of several guests and builds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from support.known_result import HOST
from support.simulate import HOSTS, study

from accelkit.study.analysis.racing import lost
from accelkit.study.drops import Drops
from accelkit.study.model import Build, Damage, Record, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.result import Result

EFFECTS = (1.0, 1.0, 0.99, 0.95, 0.8, 0.5, 0.03, 1.01, 1.05, 1.5, 30.0)
SIZES = (1, 8, 32, 64, 512)


def any_result(seed: int) -> Result:
    """One of the results; what a report says of it must hold whatever it is."""
    rng = np.random.default_rng(seed)

    def some(most: int) -> int:
        return int(rng.integers(1, most + 1))

    names = [
        "tcg",
        *(f"tcg,tb-size={size}" for size in SIZES),
        "tcg,tb-size=8,thread=multi",
        "tcg,thread=multi",
    ]
    names = names[: some(len(names))]
    guests = [f"guest{k}" for k in range(some(3))]
    builds = {"7.2.22": 1.0} if rng.random() < 0.7 else {"7.2.22": 1.0, "11.1.0": float(rng.choice(EFFECTS))}
    blocks = int(rng.choice([1, 2, 5, 8, 9, 12, 20, 40]))
    noise = list(HOSTS.values())[int(rng.integers(len(HOSTS)))]
    records: list[Record] = []
    for guest in guests:  # each has effects of its own
        truth = {name: float(rng.choice(EFFECTS)) for name in names}
        records += study(truth, blocks, noise, rng, guests=[guest], builds=builds)
    failing = {
        cell: float(rng.choice([0, 0, 0, 0.05, 0.4, 1]))
        for cell in dict.fromkeys(record.trial.cell for record in records)
    }
    flushes = {name: float(rng.integers(0, 3)) for name in names}
    records = [
        replace(record, cause="crashed", value=None, why="it died", stderr="qemu: died\n")
        if rng.random() < failing[record.trial.cell]
        else replace(record, counters={"tb-flushes": flushes[record.trial.configuration], "code-bytes": 2e7})
        for record in records
    ]
    plan = Plan(
        [Build(name, (f"qemu-{name}",), name) for name in builds],
        [stored_configuration(name, ("-accel", name)) for name in names],
        [StoredGuest(name, "") for name in guests],
        "tcg",
    )
    drops = Drops()
    if rng.random() < 0.5:
        half = max(1, blocks // 2)
        losers = lost([r for r in records if r.trial.block < half], "tcg")
        drops = Drops({cell: ((half, loss.every),) for cell, loss in losers.items()})
        records = [r for r in records if r.trial.cell not in drops.resting(plan.seed, r.trial.block)]
    damage = (Damage("trial 3", "its checksum is another"),) if rng.random() < 0.1 else ()
    return Result(plan, tuple(records), {}, HOST, drops=drops, damage=damage)
