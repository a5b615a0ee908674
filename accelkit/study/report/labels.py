"""What a report draws of names: short enough for a table, still distinct, and visible. Pure.

A store may hold names of any length, which a table would align and a chart would measure for minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from accelkit.errors import shortened, visible_line
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.drops import Drops
from accelkit.study.model import Cell, Configuration, Record, Trial
from accelkit.study.plan import StoredGuest

A = TypeVar("A", bound=Analysis)

MOST_NAME: Final = 120
"""Characters of a name or of a property's value, at most."""

MOST_UNIT: Final = 40
"""Characters of a unit, at most."""

MOST_REASON: Final = 500
"""Characters of what a failed trial says, at most."""

MOST_TITLE: Final = 40_000
"""Characters of the tooltip that has a name in full, at most."""


def labels(names: Iterable[str], most: int = MOST_NAME) -> dict[str, str]:
    """For each name the one to draw: itself if it can be, otherwise its beginning and end, and a number if need be.

    >>> labels(["tcg", "tcg,x=" + 9 * "a", "tcg,x=a" + 9 * "a"], 12)
    {'tcg': 'tcg', 'tcg,x=aaaaaaaaa': 'tcg,x=…aaaaa', 'tcg,x=aaaaaaaaaa': 'tcg,…aaa (2)'}
    """
    names = tuple(names)
    chosen = {name: name for name in names if len(name) <= most and visible_line(name) == name}
    taken, counts = set(chosen), Counter[str]()
    for name in names:
        if name not in chosen:
            text = first = shortened(visible_line(name), most)
            while text in taken:
                counts[first] += 1
                number = f" ({counts[first] + 1})"
                text = shortened(visible_line(name), most - len(number)) + number
            taken.add(text)
            chosen[name] = text
    return {name: chosen[name] for name in names}


def with_labels(result: A) -> A:
    """``result`` with the names, values, units and reasons that are drawn; itself where it has these already."""
    plan, records = result.plan, result.records
    builds = labels(build.name for build in plan.builds)
    guests = labels(guest.name for guest in plan.guests)
    points = labels(point.name for point in plan.configurations)
    keys = labels(dict.fromkeys(key for point in plan.configurations for key in point.settings))
    values = {
        key: labels(
            dict.fromkeys(point.settings[key] for point in plan.configurations if key in point.settings)
        )
        for key in keys
    }
    units = labels(dict.fromkeys(record.unit for record in records), MOST_UNIT)
    counted = labels(dict.fromkeys(name for record in records for name in record.counters))
    timed = labels(dict.fromkeys(name for record in records for name in record.phases))
    reasons = {record.why: shortened(record.why, MOST_REASON) for record in records if record.why}
    versions = {build.version: shortened(build.version, MOST_NAME) for build in plan.builds}
    if all(
        _same(names)
        for names in (
            builds,
            guests,
            points,
            keys,
            *values.values(),
            units,
            counted,
            timed,
            reasons,
            versions,
        )
    ):
        return result

    def point_of(point: Configuration) -> Configuration:
        renamed = replace(point, name=points[point.name])
        settings = {keys[key]: values[key][value] for key, value in point.settings.items()}
        object.__setattr__(renamed, "settings", settings)
        return renamed

    def record_of(record: Record) -> Record:
        trial = record.trial
        renamed = Trial(
            builds[trial.build], guests[trial.guest], points[trial.configuration], trial.block, trial.position
        )
        return replace(
            record, trial=renamed, unit=units[record.unit], why=reasons.get(record.why, ""),
            counters={counted[name]: value for name, value in record.counters.items()},
            phases={timed[name]: value for name, value in record.phases.items()},
        )  # fmt: skip

    return replace(
        result,
        plan=replace(
            plan,
            builds=tuple(
                replace(build, name=builds[build.name], version=versions[build.version])
                for build in plan.builds
            ),
            configurations=tuple(map(point_of, plan.configurations)),
            guests=tuple(
                StoredGuest(guests[guest.name], guest.fingerprint, guest.code) for guest in plan.guests
            ),
            baseline=points[plan.baseline],
        ),
        records=tuple(map(record_of, records)),
        drops=Drops(
            {
                Cell(builds[cell.build], guests[cell.guest], points[cell.configuration]): steps
                for cell, steps in result.drops.steps.items()
            }
        ),
    )


def _same(names: Mapping[str, str]) -> bool:
    return all(name == text for name, text in names.items())


def full_name(point: Configuration) -> str:
    """The name of a configuration before it was drawn, for a tooltip; empty where it is drawn in full.

    >>> from accelkit import tcg
    >>> full_name(Configuration(tcg()))
    ''
    """
    name = visible_line(" else ".join(point.argv[1::2]))
    return "" if len(name) <= MOST_NAME else shortened(name, MOST_TITLE)
