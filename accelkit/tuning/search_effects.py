"""Which properties matter, by the trials of a search: few points of many, chosen as it went on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from accelkit.study.analysis.effects import ALL, GuestEffects, effects_of
from accelkit.study.analysis.factorial import Measured
from accelkit.study.model import Configuration, Record
from accelkit.study.searched import Terms
from accelkit.study.standards import Standards
from accelkit.study.swept import ABSENT, axes_of
from accelkit.tuning.finalists import costs_of, latest_of, reasons_of


def search_effects(
    records: Iterable[Record],
    points: Sequence[Configuration],
    baseline: Configuration,
    terms: Terms,
    build: str,
    standards: Standards,
) -> tuple[GuestEffects, ...]:
    """The effects of the properties that vary among ``points``, with each guest, and of several over all of them.

    What is compared is the cost: the time, or what the goals make of time and memory. Points that failed or break a
    constraint are left out. The averages are over all points that can be made of the values that were tried, by the
    response surface (:mod:`accelkit.study.analysis.factorial`).
    """
    known = latest_of(records)
    reasons = reasons_of(known, terms)
    usable = [point for point in points if point.name not in reasons]
    axes = axes_of([baseline, *points])
    levels = {name: axis.values for name, axis in axes.items()}

    def codes_of(point: Configuration) -> list[int]:
        return [values.index(point.settings.get(name, ABSENT)) for name, values in levels.items()]

    rows = {point.name: row for row, point in enumerate(usable)}
    codes = np.array([codes_of(point) for point in usable], dtype=np.int64).reshape(len(usable), len(levels))
    several = len(terms.weights) > 1
    alpha = (1 - standards.confidence) / (len(terms.weights) + several)

    def effects(guest: str, own: Terms) -> GuestEffects:
        costs = [
            row
            for row in costs_of((record for record in known if record.trial.guest in own.weights), own)
            if row[0] in rows
        ]
        columns = {block: place for place, block in enumerate(sorted({block for _, block, _ in costs}))}
        logs = np.full((len(usable), len(columns)), np.nan)
        for name, block, cost in costs:
            logs[rows[name], columns[block]] = cost
        seen = np.isfinite(logs).any(axis=1)
        measured = Measured(levels, codes[seen], codes_of(baseline), logs[seen], is_search=True)
        return effects_of(measured, build, guest, standards.delta, alpha)

    found = [effects(guest, replace(terms, weights={guest: 1.0})) for guest in terms.weights]
    return (*found, *([effects(ALL, terms)] if several else []))
