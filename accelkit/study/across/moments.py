"""A store as one moment of a trend: the median of each cell there, alone and beside the baseline; without its trials."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from accelkit.study.across.circumstances import Circumstances
from accelkit.study.across.measured import Measured
from accelkit.study.across.unpaired import Median
from accelkit.study.across.work import work_of
from accelkit.study.model import Cell

ALPHA: Final = 0.05
"""The error of the interval of each point by itself."""


class Key(NamedTuple):
    """What a series is about; ``build`` is empty where each store has one QEMU."""

    guest: str
    configuration: str
    build: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a store says of a cell: the median of its times, and of their ratios to the baseline, as logarithms.

    ``work`` is what the guest does, with the unit of its values, and ``repetitions`` how often a slice repeats it: only values
    of the same work are compared, and times only of as many repetitions.
    """

    time: Median
    beside: Median | None
    work: str
    repetitions: frozenset[int] = frozenset({1})


@dataclass(frozen=True, slots=True)
class Moment:
    """A store: its name, its label in words and pictures, when it was begun, where it was measured, and its values."""

    store: str
    label: str
    created: float
    circumstances: Circumstances
    values: Mapping[Key, Value]
    baseline: str
    fails: frozenset[Key] = frozenset()


def moment_of(measured: Measured) -> Moment:
    """The medians of all cells of a store that gave a value."""
    plan = measured.result.plan
    several = len(plan.builds) > 1
    works = {guest.name: work_of(guest.fingerprint) for guest in plan.guests}
    values: dict[Key, Value] = {}
    fails: set[Key] = set()
    for cell in plan.cells:
        key = Key(cell.guest, cell.configuration, cell.build if several else "")
        time = measured.median(cell, ALPHA)
        if math.isnan(time.middle):
            if measured.side(cell).failed:
                fails.add(key)
            continue
        beside = None
        if cell.configuration != plan.baseline:
            median = measured.median(cell, ALPHA, Cell(cell.build, cell.guest, plan.baseline))
            beside = None if math.isnan(median.middle) else median
        values[key] = Value(
            time, beside, f"{works[cell.guest]} {measured.unit(cell.guest)}", measured.repetitions(cell.guest)
        )
    return Moment(
        measured.store,
        measured.label,
        measured.created,
        measured.circumstances,
        values,
        plan.baseline,
        frozenset(fails),
    )
