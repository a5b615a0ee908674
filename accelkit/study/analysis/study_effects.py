"""The effects in a study: of each guest on each build, and of several guests over all of them. Pure."""

from __future__ import annotations

import numpy as np

from accelkit.study.analysis.effects import ALL, GuestEffects, effects_of
from accelkit.study.analysis.factorial import Measured
from accelkit.study.analysis.panel import Panel, over_guests
from accelkit.study.analysis.verdict import MOST_FAILED
from accelkit.study.plan import Plan
from accelkit.study.standards import Standards


def table_effects(plan: Plan, table: Panel, standards: Standards) -> tuple[GuestEffects, ...]:
    """The effects in a study whose cells are in ``table``: of each guest on each build, and of several over all of them.

    Configurations that fail in more than a fifth of their trials are left out.
    """
    guests = [guest.name for guest in plan.guests]
    several = len(guests) > 1
    alpha = (1 - standards.confidence) / ((len(guests) + several) * len(plan.builds))
    found: list[GuestEffects] = []
    for build in plan.builds:
        found += [_study_effects(plan, table, build.name, guest, standards.delta, alpha) for guest in guests]
        if several:
            together = over_guests(table, build.name, dict.fromkeys(guests, 1.0), ALL)
            found.append(_study_effects(plan, together, build.name, ALL, standards.delta, alpha))
    return tuple(found)


def _study_effects(
    plan: Plan, table: Panel, build: str, guest: str, delta: float, alpha: float
) -> GuestEffects:
    rows = {cell.configuration: row for row, cell in enumerate(table.cells) if cell[:2] == (build, guest)}
    left_out: list[tuple[str, str]] = []
    names: list[str] = []
    for name in (point.name for point in plan.configurations if point.name in rows):
        values = int(np.isfinite(table.logs[rows[name]]).sum())
        failed = sum(table.causes[rows[name]].values())
        if failed > MOST_FAILED * (failed + values):
            left_out.append((name, f"{failed} of {failed + values} trials failed"))
        elif values:
            names.append(name)
    axes = plan.axes
    places = {name: {value: code for code, value in enumerate(axis.values)} for name, axis in axes.items()}

    def codes_of(name: str) -> list[int]:
        return [places[axis][plan.settings[name][axis]] for axis in axes]

    measured = Measured(
        {name: axis.values for name, axis in axes.items()},
        np.array(list(map(codes_of, names)), dtype=np.int64).reshape(len(names), len(axes)),
        codes_of(plan.baseline),
        table.logs[[rows[name] for name in names]],
    )
    return effects_of(measured, build, guest, delta, alpha, tuple(left_out))
