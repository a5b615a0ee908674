"""Studies whose truth is known: records as a real one would give, from hosts as real ones are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accelkit.study.analysis.panel import Panel
from accelkit.study.analysis.racing import lost
from accelkit.study.drops import Drops
from accelkit.study.model import Cell, Record, Trial


@dataclass(frozen=True)
class Noise:
    """What a host does to a run's value, in natural logarithms: all adds up."""

    sigma: float = 0.003  # of normal noise in every run
    tail: float = 0.0  # degrees of freedom: Student's t instead of the normal
    reach: float = 1.0  # share of runs that are not disturbed by neighbours
    slowdown: float = 0.25  # mean of the exponential that hits the others
    burst: float = 0.0  # share of slots in which something begins that lasts for eight runs
    outliers: float = 0.0  # share of runs that take ten times as long
    drift: float = 0.0  # from the first run of the study to the last
    modes: float = 0.0  # by how much a run of the slower of two kinds, half of all, is slower
    skew: float = (
        0.0  # mean of an exponential in every run, less its median: half of the runs are faster than usual
    )
    wander: float = 0.0  # standard deviation of what slows neighbouring blocks alike, for each cell by itself
    alike: float = 0.8  # its correlation from a block to the next


QUIET = Noise()
BUSY = Noise(sigma=0.004, reach=0.5)
HOSTS = {
    "quiet": QUIET,
    "noisy": Noise(sigma=0.03),
    "heavy tails": Noise(sigma=0.01, tail=2),
    "busy": BUSY,
    "very busy": Noise(reach=0.15, slowdown=0.5),
    "bursts": Noise(burst=0.03),
    "drift": Noise(drift=0.6),
    "outliers": Noise(outliers=0.1),
    "all at once": Noise(sigma=0.004, reach=0.8, burst=0.02, outliers=0.03, drift=0.4),
}

INDEPENDENT = {
    **HOSTS,
    "normal 1%": Noise(sigma=0.01),
    "normal 10%": Noise(sigma=0.1),
    "two modes": Noise(modes=0.1),
    "skewed": Noise(sigma=0.005, skew=0.05),
    "one side skewed": (Noise(sigma=0.005), Noise(sigma=0.005, skew=0.1)),
    "one side heavy": (QUIET, Noise(sigma=0.01, tail=2)),
}
"""Kinds in which a block says nothing of the next, by the noise of both sides."""
WANDERING = {f"wandering {alike}": Noise(sigma=0, wander=0.02, alike=alike) for alike in (0.2, 0.5, 0.8, 0.9)}
"""Kinds in which neighbouring blocks are alike."""


def slots(shape, rng):
    """(…, blocks, cells) when each cell's turn is: blocks one after the other, random order in each."""
    *_, blocks, cells = shape
    turns = rng.random(shape).argsort(axis=-1)
    return np.arange(blocks)[:, None] * cells + turns


def disturb(noise: Noise, shape, rng, turns=None):
    """(…, blocks, cells) logarithms by which runs take longer than they would undisturbed."""
    *studies, blocks, cells = shape
    turns = slots(shape, rng) if turns is None else turns
    logs = noise.sigma * (rng.standard_t(noise.tail, shape) if noise.tail else rng.standard_normal(shape))
    if noise.reach < 1:
        logs = logs + np.where(rng.random(shape) < noise.reach, 0, rng.exponential(noise.slowdown, shape))
    if noise.burst:
        strength = np.zeros((*studies, blocks * cells + 8))
        begun = np.where(rng.random((*studies, blocks * cells)) < noise.burst, 1.0, 0.0)
        begun *= rng.exponential(0.5, begun.shape)
        for after in range(8):
            strength[..., after : after + blocks * cells] += begun
        hit = np.take_along_axis(strength, turns.reshape(*studies, -1), axis=-1).reshape(shape)
        logs = logs + hit * rng.random(shape)
    if noise.outliers:
        logs = logs + np.where(rng.random(shape) < noise.outliers, np.log(10), 0)
    if noise.modes:
        logs = logs + np.where(rng.random(shape) < 0.5, noise.modes, 0)
    if noise.skew:
        logs = logs + rng.exponential(noise.skew, shape) - noise.skew * np.log(2)
    if noise.wander:
        step = rng.standard_normal(shape)
        for block in range(1, blocks):
            before = step[..., block - 1, :]
            step[..., block, :] = noise.alike * before + math.sqrt(1 - noise.alike**2) * step[..., block, :]
        logs = logs + noise.wander * step
    return logs + noise.drift * turns / (blocks * cells)


def differences(sides, studies, blocks, rng, effect=0.0):
    """(studies, blocks) logarithms of the ratios of a configuration, slower by the share ``effect``, to the baseline.

    ``sides`` is the noise of both, or that of the baseline and that of the other.
    """
    shape = (studies, blocks, 2)
    turns = slots(shape, rng)
    if isinstance(sides, Noise):  # what begins in one side's turn may last into the other's
        logs = disturb(sides, shape, rng, turns)
    else:
        logs = np.stack(
            [disturb(noise, shape, rng, turns)[..., side] for side, noise in enumerate(sides)], -1
        )
    base, other = logs[..., 0], logs[..., 1]
    return other - base + math.log1p(effect)


def study(
    truth: Mapping[str, float],
    blocks: int,
    noise: Noise | Mapping[str, Noise],
    rng,
    *,
    guests: Sequence[str] = ("cpu",),
    builds: Mapping[str, float] = {"7.2": 1.0},
    slices: int = 0,
    base: float = 1e7,
) -> list[Record]:
    """Records in the order run; ``truth`` and ``builds`` are factors of time, for every guest the same.

    With ``slices`` a run has so many, each somewhat longer than it need be, and its value is the fastest.
    """
    cells = [Cell(build, guest, name) for build in builds for guest in guests for name in truth]
    shape = (blocks, len(cells))
    turns = slots(shape, rng)
    if isinstance(noise, Noise):
        logs = disturb(noise, shape, rng, turns)
    else:
        logs = np.empty(shape)
        for column, cell in enumerate(cells):
            logs[:, column] = disturb(noise[cell.configuration], shape, rng, turns)[:, column]
    ticks = base * np.exp(logs) * [truth[cell.configuration] * builds[cell.build] for cell in cells]
    figures = ticks.tolist()
    records = []
    for block, column in ((b, c) for b in range(blocks) for c in np.argsort(turns[b]).tolist()):
        value, pieces = figures[block][column], ()
        if slices:
            times = value * (1 + rng.exponential(0.02, slices))
            pieces = tuple(times.astype(int).tolist())
            value = float(min(pieces))
        trial = Trial(*cells[column], block, len(records))
        wall = value / 1e9 * max(slices, 1)
        records.append(Record(trial, "ok", value=value, slices=pieces, wall=wall, user=wall, load=1.0))
    return records


def records_of(
    values: Mapping[str, Sequence[float | None]], build: str = "7.2", guest: str = "cpu"
) -> list[Record]:
    """Records of configurations by name, with a value for each block; None stands for a failure."""
    return [
        Record(Trial(build, guest, name, block, 0), "ok" if value else "crashed", value=value)
        for name, column in values.items()
        for block, value in enumerate(column)
    ]


def at_most(rate: float, studies: int) -> float:
    """The share of ``studies`` that an error of at most ``rate`` may have by chance: three standard errors above it."""
    return rate + 3 * math.sqrt(rate * (1 - rate) / studies)


def race(truth: Mapping[str, float], blocks: int, noise, rng, *, guests=("cpu",), values=None, **options):
    """The records of a race with retries, and of each cell that is dropped at its end since which block.

    ``values`` replaces what is simulated: the values of each configuration, one for each block.
    """
    everything = records_of(values) if values else study(truth, blocks, noise, rng, guests=guests)
    by_block: dict[int, list[Record]] = {}
    for record in everything:
        by_block.setdefault(record.trial.block, []).append(record)
    others = [record.trial.cell for record in by_block[0] if record.trial.configuration != "tcg"]
    kept: list[Record] = []
    drops = Drops()
    for block in range(blocks):
        resting = drops.resting(0, block)
        kept += [record for record in by_block[block] if record.trial.cell not in resting]
        losers = {cell: loss.every for cell, loss in lost(kept, "tcg", **options).items()}
        drops = drops.changed(block + 1, drops.changes(losers, others, block + 1))
    return kept, drops


def panel_of(truth: Sequence[float], blocks: int, sides, rng) -> Panel:
    """The table of a study of configurations c0, c1 and so on, whose times are ``truth``; c0 is the baseline.

    ``sides`` is the noise of all, or that of the baseline and that of the others.
    """
    shape = (blocks, len(truth))
    turns = slots(shape, rng)
    if isinstance(sides, Noise):
        logs = disturb(sides, shape, rng, turns)
    else:
        logs = np.hstack([
            disturb(sides[0], shape, rng, turns)[:, :1], disturb(sides[1], shape, rng, turns)[:, 1:]
        ])  # fmt: skip
    values = (logs + np.log(truth)).T.copy()
    return Panel(
        tuple(Cell("7.2", "cpu", f"c{place}") for place in range(len(truth))), tuple(range(blocks)), values,
        np.full(values.shape, np.nan), np.ones(values.shape, dtype=np.bool_), tuple(Counter() for _ in truth),
    )  # fmt: skip
