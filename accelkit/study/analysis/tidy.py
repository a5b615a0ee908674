"""Results as rows: one fact a column, one observation a row; what charts draw and frames hold. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median
from typing import Final

from accelkit.errors import StudyError, nearest
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.settings import Keyed, property_name
from accelkit.study.columns import RECORD
from accelkit.study.model import Cell, Configuration, Record
from accelkit.study.plan import Plan
from accelkit.study.swept import ABSENT, SweptProperty

Scalar = str | int | float | bool | None
Row = dict[str, Scalar]


def latest(records: Iterable[Record]) -> tuple[Record, ...]:
    """Of each trial the last record, in the order in which they were measured."""
    last = {(*record.trial.cell, record.trial.block): record for record in records}
    return tuple(sorted(last.values(), key=lambda record: (record.started, record.trial.position)))


def trial_rows(plan: Plan, records: Iterable[Record]) -> list[Row]:
    """A row a trial, in the order measured: what was asked, what came of it, what QEMU counted.

    Every row has the same columns. Those that vary are properties by QEMU's name; counters come
    under their own names, phases as ``phase NAME``; what a trial lacks is None.
    """
    axes, settings = plan.axes, plan.settings
    ordered = latest(records)
    counters = dict.fromkeys(name for record in ordered for name in record.counters)
    phases = dict.fromkeys(name for record in ordered for name in record.phases)
    rows: list[Row] = []
    for order, record in enumerate(ordered, 1):
        trial = record.trial
        setting = settings.get(trial.configuration, {})
        row: Row = {"order": order, "build": trial.build, "guest": trial.guest}
        row["configuration"] = trial.configuration
        row |= {name: axis.cell(setting.get(name, ABSENT)) for name, axis in axes.items()}
        row |= {"block": trial.block, "cause": record.cause, "value": record.value if record.ok else None}
        row |= {name: getattr(record, name) for name in MEASURED}
        row["why"] = record.why
        for name in counters:
            row[name if name not in row else f"counter {name}"] = record.counters.get(name)
        row |= {f"phase {name}": record.phases.get(name) for name in phases}
        rows.append(row)
    return rows


MEASURED: Final = tuple(column.name for column in RECORD if column.framed)
"""Fields of a record that are columns as they are."""


def comparison_rows(plan: Plan, comparisons: Iterable[Comparison]) -> list[Row]:
    """A row a comparison, with the properties that vary; numbers that are not known are None."""
    axes, settings = plan.axes, plan.settings
    rows: list[Row] = []
    for each in comparisons:
        setting = settings.get(each.configuration, {})
        row: Row = {"build": each.build, "guest": each.guest, "configuration": each.configuration}
        row |= {name: axis.cell(setting.get(name, ABSENT)) for name, axis in axes.items()}
        names = (field.name for field in fields(each))
        row |= {name: finite(getattr(each, name)) for name in names if name not in row}
        rows.append(row)
    return rows


def finite(value: Scalar) -> Scalar:
    """None for what is no number or has no end: no JSON holds it, and no axis."""
    if isinstance(value, float) and not -1e300 < value < 1e300:
        return None
    return value


@dataclass(frozen=True, slots=True)
class Summary:
    """What an cell's trials have in common: how many there are, the best figure, median counts."""

    done: int
    failed: int
    best: float | None
    unit: str
    counters: Mapping[str, float]


def summaries(records: Iterable[Record]) -> dict[Cell, Summary]:
    """Of each cell that was tried, the summary."""
    by_arm: dict[Cell, list[Record]] = defaultdict(list)
    for record in latest(records):
        by_arm[record.trial.cell].append(record)
    return {cell: _summary(tried) for cell, tried in by_arm.items()}


def _summary(tried: Sequence[Record]) -> Summary:
    done = [record for record in tried if record.ok]
    counts: dict[str, list[float]] = defaultdict(list)
    for record in done:
        for name, value in record.counters.items():
            counts[name].append(value)
    figures = [record.value for record in done if record.value is not None]
    return Summary(
        done=len(done),
        failed=len(tried) - len(done),
        best=min(figures, default=None),
        unit=(done or tried)[0].unit,
        counters={name: median(values) for name, values in counts.items()},
    )


REASONS: Final = ("tb-flushes", "tb-invalidations")
"""The counters that explain most, first."""

ECHOES: Final = frozenset({"buffer-bytes", "code-bytes"})
"""Counters that say what was set, and how much of it was used: no reasons."""

TELLING: Final = 1.1
"""How far apart counts must be to say why times differ: a few more or less are in every run."""


def telling_counters(found: Mapping[Cell, Summary], build: str, guest: str) -> tuple[str, ...]:
    """The counters that are far from the same in all configurations of ``build`` with ``guest``; the best reason first."""
    here = [each.counters for cell, each in found.items() if cell[:2] == (build, guest) and each.done]
    names = dict.fromkeys(name for counters in here for name in counters if name not in ECHOES)
    spans = {name: [counters[name] for counters in here if name in counters] for name in names}
    far = [name for name, found in spans.items() if max(found) > max(0, min(found)) * TELLING]

    def rank(name: str) -> tuple[int, float]:
        known = REASONS.index(name) if name in REASONS else len(REASONS)
        return known, -max(spans[name]) / max(1, min(spans[name]))

    return tuple(sorted(far, key=rank))


def find_axis(plan: Plan, asked: str | Keyed) -> SweptProperty:
    """The property that was meant; StudyError if it does not vary in this study."""
    axes = plan.axes
    name = property_name(asked, axes)
    if name is None:
        shown = asked if isinstance(asked, str) else asked.key
        if not axes:
            raise StudyError(f"{shown}: no property varies in this study; sweep one with each(…)")
        raise StudyError(f"{shown}: does not vary in this study; {nearest(shown, axes)}")
    return axes[name]


def sliced(
    plan: Plan, free: Sequence[str], at: Mapping[str, str] | None = None
) -> tuple[dict[str, str], tuple[Configuration, ...]]:
    """The configurations that differ in the properties ``free`` only, and where the others stand.

    ``at`` sets some of the others; what it leaves open is where most values of ``free`` were
    tried, then what is nearest to the baseline. StudyError if nothing was tried there.
    """
    settings = plan.settings
    base = settings[plan.baseline]
    groups: dict[tuple[tuple[str, str], ...], list[Configuration]] = defaultdict(list)
    for each in plan.configurations:
        others = tuple((name, value) for name, value in settings[each.name].items() if name not in free)
        if all(dict(others).get(name, value) == value for name, value in (at or {}).items()):
            groups[others].append(each)
    if not groups:
        wanted = ", ".join(f"{name}={value}" for name, value in (at or {}).items())
        raise StudyError(f"at {wanted}: nothing was measured there; leave at= out, or give other values")

    def rank(others: tuple[tuple[str, str], ...]) -> tuple[int, int]:
        return len(groups[others]), -sum(base[name] != value for name, value in others)

    best = max(groups, key=rank)  # of equals the first, as in the plan
    return dict(best), tuple(groups[best])
