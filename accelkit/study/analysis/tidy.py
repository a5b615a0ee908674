"""Results as tidy rows, for charts and frames: a column for each variable, a row for each observation. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median
from typing import Final, Literal

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
    """The last record of each trial, in the order measured."""
    last = {(*record.trial.cell, record.trial.block): record for record in records}
    return tuple(sorted(last.values(), key=lambda record: (record.started, record.trial.position)))


def trial_rows(plan: Plan, records: Iterable[Record]) -> list[Row]:
    """A row for each trial, in the order measured: what was run, the result, and what QEMU counted.

    All rows have the same columns. Properties that vary have QEMU's names, counters their own, phases are
    ``phase NAME``; what a trial does not have is None.
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
"""Fields of a record that rows have unchanged."""


def comparison_rows(plan: Plan, comparisons: Iterable[Comparison]) -> list[Row]:
    """A row for each comparison, with the properties that vary; unknown numbers are None.

    Of a phase ``guest`` is the guest, and ``phase`` the phase, which is None for whole runs.
    """
    axes, settings = plan.axes, plan.settings
    rows: list[Row] = []
    for comparison in comparisons:
        setting = settings.get(comparison.configuration, {})
        guest, phase = comparison.phase or (comparison.guest, None)
        row: Row = {"build": comparison.build, "guest": guest, "phase": phase}
        row["configuration"] = comparison.configuration
        row |= {name: axis.cell(setting.get(name, ABSENT)) for name, axis in axes.items()}
        names = (field.name for field in fields(comparison) if field.name not in (*row, "doubts"))
        row |= {name: finite(getattr(comparison, name)) for name in names}
        row["doubts"] = "; ".join(doubt.text for doubt in comparison.doubts)
        rows.append(row)
    return rows


def finite(value: Scalar) -> Scalar:
    """The value; None for NaN and infinities, which neither JSON nor an axis can hold."""
    if isinstance(value, float) and not -1e300 < value < 1e300:
        return None
    return value


@dataclass(frozen=True, slots=True)
class Summary:
    """A cell's trials summed up: how many succeeded and failed, the best value, the median of each counter.

    A run may end before it has done all of its slices, so what QEMU counted is that of a slice (``per``), where runs have
    slices; else that of a run. The counters :data:`PRESENT` are what there is at the end of a run.
    """

    done: int
    failed: int
    best: float | None
    unit: str
    counters: Mapping[str, float]
    per: Literal["slice", "run"] = "run"

    def label(self, counter: str) -> str:
        """The name of a counter, with its unit where that is a slice."""
        return f"{counter} a slice" if self.per == "slice" and counter not in PRESENT else counter


def summaries(records: Iterable[Record]) -> dict[Cell, Summary]:
    """The summary of each cell that has trials."""
    by_cell: dict[Cell, list[Record]] = defaultdict(list)
    for record in latest(records):
        by_cell[record.trial.cell].append(record)
    return {cell: _summary(trials) for cell, trials in by_cell.items()}


def _summary(trials: Sequence[Record]) -> Summary:
    successes = [record for record in trials if record.ok]
    counts: dict[str, list[float]] = defaultdict(list)
    for record in successes:
        slices = max(1, len(record.slices))
        for name, value in record.counters.items():
            counts[name].append(value if name in PRESENT else value / slices)
    results = [record.value for record in successes if record.value is not None]
    return Summary(
        done=len(successes),
        failed=len(trials) - len(successes),
        best=min(results, default=None),
        unit=(successes or trials)[0].unit,
        counters={name: median(values) for name, values in counts.items()},
        per="slice" if any(record.slices for record in successes) else "run",
    )


REASONS: Final = ("tb-flushes", "tb-invalidations")
"""The counters that explain most, in this order."""

PRESENT: Final = frozenset({"buffer-bytes", "code-bytes", "tbs"})
"""Counters of what there is when QEMU is asked, not of what happened until then."""

ECHOES: Final = PRESENT
"""Counters that only repeat a setting, or how much of it was used: they explain nothing."""

TELLING: Final = 2
"""A counter is telling where one configuration has more than so many times as much as another: less explains nothing."""


def telling_counters(summaries: Mapping[Cell, Summary], build: str, guest: str) -> tuple[str, ...]:
    """The counters that differ much between configurations of ``build`` with ``guest``, the best reason first."""
    of_guest = [
        summary.counters for cell, summary in summaries.items() if cell[:2] == (build, guest) and summary.done
    ]
    names = dict.fromkeys(name for counters in of_guest for name in counters if name not in ECHOES)
    spans = {name: [counters[name] for counters in of_guest if name in counters] for name in names}
    far = [name for name, counts in spans.items() if max(counts) > max(0, min(counts)) * TELLING]

    def rank(name: str) -> tuple[int, float]:
        known = REASONS.index(name) if name in REASONS else len(REASONS)
        return known, -max(spans[name]) / max(1, min(spans[name]))

    return tuple(sorted(far, key=rank))


def find_axis(plan: Plan, name: str | Keyed) -> SweptProperty:
    """The property of that name. Raises StudyError if it does not vary in this study."""
    axes = plan.axes
    known = property_name(name, axes)
    if known is None:
        shown = name if isinstance(name, str) else name.key
        if not axes:
            raise StudyError(f"{shown}: no property varies in this study; sweep one with each(…)")
        raise StudyError(f"{shown}: does not vary in this study; {nearest(shown, axes)}")
    return axes[known]


def sliced(
    plan: Plan, free: Sequence[str], at: Mapping[str, str] | None = None
) -> tuple[dict[str, str], tuple[Configuration, ...]]:
    """The values of the other properties, and the configurations that differ in the properties ``free`` only.

    ``at`` sets some of the others. The rest take the values with which most configurations were planned, and of
    equals those nearest to the baseline. Raises StudyError if there are no configurations at ``at``.
    """
    settings = plan.settings
    base = settings[plan.baseline]
    groups: dict[tuple[tuple[str, str], ...], list[Configuration]] = defaultdict(list)
    for point in plan.configurations:
        others = tuple((name, value) for name, value in settings[point.name].items() if name not in free)
        if all(dict(others).get(name, value) == value for name, value in (at or {}).items()):
            groups[others].append(point)
    if not groups:
        wanted = ", ".join(f"{name}={value}" for name, value in (at or {}).items())
        raise StudyError(f"at {wanted}: nothing was measured there; leave at= out, or give other values")

    def rank(others: tuple[tuple[str, str], ...]) -> tuple[int, int]:
        return len(groups[others]), -sum(base[name] != value for name, value in others)

    best = max(groups, key=rank)  # of equals the first in the plan
    return dict(best), tuple(groups[best])
