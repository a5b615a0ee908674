"""From a result to its charts: the rows, the panels and the text around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Final

from accelkit.errors import StudyError
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.cliffs import CliffInStudy, cliffs_in
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.settings import Keyed, label
from accelkit.study.analysis.tidy import (
    ABSENT,
    Row,
    SweptProperty,
    comparison_rows,
    find_axis,
    settings_of,
    sliced,
    telling_counters,
    trial_rows,
)
from accelkit.study.model import Cell
from accelkit.study.report.chart import Chart
from accelkit.study.report.cliff_text import unit_of
from accelkit.study.report.phrases import SIGNS, percent, ratio
from accelkit.study.report.scales import interval_row

#: A guest and a build; None stands for all.
Only = tuple[str | None, str | None]

ALL: Final[Only] = (None, None)
MOST_COUNTERS: Final = 2
"""At most this many counters are drawn below a response; more would hide it."""


def intervals(result: Analysis, only: Only = ALL) -> Chart:
    """A chart of the ratio, interval and verdict of each configuration, with a panel for each guest and build."""
    plots = _plots()
    panels: dict[str, list[Row]] = {}
    for panel, build, guest in _panels(result, only):
        compared = {row.configuration: row for row in result.comparisons if row.cell[:2] == (build, guest)}
        rows: list[Row] = []
        for point in result.plan.configurations:
            if point.name == result.plan.baseline:
                rows.append(interval_row(point.name, "baseline", SIGNS["baseline"], {"ratio": 1.0}))
            elif (comparison := compared.get(point.name)) is not None:
                rows.append(_interval_row(result, comparison, point.name))
        panels[panel] = rows
    return plots.intervals(
        panels, delta=result.delta, title="Time beside the baseline",
        subtitle=[f"{_promise(result)}; ▼ left of 1 is faster"], measure="time, ratio to the baseline",
    )  # fmt: skip


def load() -> None:
    """Imports what draws charts, and draws a line with it: takes seconds the first time, no time after that.

    A process that measures calls it before it starts, so that its first chart disturbs no trial. Raises StudyError
    if a library is not installed.
    """
    row = interval_row("", "baseline", SIGNS["baseline"], {"ratio": 1.0})
    _plots().intervals({"": [row]}, delta=0.01, title="", subtitle=[""], measure="").svg()


def builds(result: Analysis, only: Only = ALL) -> Chart:
    """A chart of each build against the first, with a panel for each guest; raises StudyError if there is one build."""
    if not result.build_comparisons:
        raise StudyError("plot_builds: the study has one build; give several with qemu=[…]")
    plots, first = _plots(), result.plan.builds[0]
    panels: dict[str, list[Row]] = {}
    for comparison in result.build_comparisons:
        if only[0] in (None, comparison.guest):
            name = f"{comparison.build}: {comparison.configuration}"
            panels.setdefault(comparison.guest, []).append(_interval_row(result, comparison, name))
    return plots.intervals(
        panels, delta=result.delta, title=f"QEMU builds beside {first.name}",
        subtitle=[f"{_promise(result)}; ▼ left of 1 is faster"], measure=f"time, ratio to {first.name}",
    )  # fmt: skip


def _interval_row(result: Analysis, comparison: Comparison, name: str) -> Row:
    (row,) = comparison_rows(result.plan, [comparison])
    if not comparison.pairs:
        failed = f"no value ({comparison.failed} failed)" if comparison.failed else "no value"
        return interval_row(name, "failed", SIGNS["failed"], {}) | {"says": f"{SIGNS['failed']} {failed}"}
    return interval_row(name, comparison.verdict, SIGNS[comparison.verdict], row)


def along(
    result: Analysis, properties: Sequence[str | Keyed], only: Only = ALL, at: Mapping[str, str] | None = None
) -> Chart:
    """A chart of time against one property, or against one with a line for each value of a second.

    ``at`` fixes values of other properties. Raises StudyError for a property that does not vary, for the same property
    twice, and for one that ``at`` fixes.
    """
    axes = [find_axis(result.plan, name) for name in properties]
    if len(axes) == 2 and axes[0] == axes[1]:
        raise StudyError(f"{axes[0].name}: is given twice; give two properties, or one")
    places = {find_axis(result.plan, name).name: str(value) for name, value in (at or {}).items()}
    if twice := [axis.name for axis in axes if axis.name in places]:
        raise StudyError(f"at {twice[0]}: is what is drawn; leave it out of at=")
    fixed, points = sliced(result.plan, [axis.name for axis in axes], places)
    names = [point.name for point in points]
    x, line = axes[0], axes[1] if len(axes) == 2 else None
    panels = {
        panel: _along_rows(result, names, x, line, Cell(build, guest, ""))
        for panel, build, guest in _panels(result, only)
    }
    used = sorted({int(row["place"] or 0) for rows in panels.values() for row in rows})
    values = [x.values[place] for place in used]  # those of this slice
    for rows in panels.values():
        rows[:] = [row | {"place": used.index(int(row["place"] or 0))} for row in rows]
    fixings = ", ".join(f"{name} {'at its default' if value == ABSENT else f'= {value}'}"
                        for name, value in fixed.items())  # fmt: skip
    subtitle = [f"{_promise(result)}", *([f"The others fixed: {fixings}"] if fixings else [])]
    title = f"{x.name}{unit_of(x).replace(' ', ', in ', 1)}"
    if line is not None:
        return _plots().interaction(
            panels, values=values, axis_title=title, lines=line.values, line_title=line.name,
            delta=result.delta, title=f"How {x.name} and {line.name} act together",
            subtitle=[*subtitle, "Parallel lines: no interaction"],
        )  # fmt: skip
    cliffs = {
        (cliff.build, cliff.guest): cliff
        for cliff in cliffs_in(result.plan, result.comparisons, result.summaries, places)
        if cliff.axis == x and cliff.fixed == fixed
    }
    counters = {
        panel: _best_counters(result, build, guest, names) for panel, build, guest in _panels(result, only)
    }
    marks = {panel: (cliff.position(values), _mark(cliff)) for panel, build, guest in _panels(result, only)
             if (cliff := cliffs.get((build, guest)))}  # fmt: skip
    return _plots().response(
        panels, values=values, axis_title=title, delta=result.delta, title=f"The response to {x.name}",
        subtitle=subtitle, cliffs=marks, counters=counters,
    )  # fmt: skip


def _mark(cliff: CliffInStudy) -> str:
    step, unit = cliff.cliff, unit_of(cliff.axis)
    bound = "at least" if step.fast > step.slow else "at most"
    return f"cliff, {ratio(step.factor)} times:\n{bound} {step.fast:.0f}{unit} needed"


def _best_counters(result: Analysis, build: str, guest: str, names: Sequence[str]) -> list[str]:
    summaries = {cell: summary for cell, summary in result.summaries.items() if cell.configuration in names}
    return list(telling_counters(summaries, build, guest)[:MOST_COUNTERS])


def _along_rows(
    result: Analysis, names: Sequence[str], x: SweptProperty, line: SweptProperty | None, panel: Cell
) -> list[Row]:
    settings = settings_of(result.plan)
    compared = {comparison.cell: row for comparison, row in zip(
        result.comparisons, comparison_rows(result.plan, result.comparisons), strict=True)}  # fmt: skip
    rows: list[Row] = []
    for name in names:
        cell = panel._replace(configuration=name)
        is_base = name == result.plan.baseline
        comparison = compared.get(cell, {})
        if not is_base and comparison.get("ratio") is None:
            continue
        endless = is_base or comparison.get("low") == 0 or comparison.get("high") is None
        row: Row = {
            "place": x.values.index(settings[name][x.name]),
            "line": settings[name][line.name] if line else "time",
            # The default is not a number, so no line joins it with one.
            "part": x.numeric and settings[name][x.name] == ABSENT,
            "ratio": 1.0 if is_base else comparison["ratio"],
            "low": None if endless else comparison["low"],
            "high": None if endless else comparison["high"],
        }
        if (summary := result.summaries.get(cell)) is not None:
            row |= summary.counters
        rows.append(row)
    return sorted(rows, key=lambda row: (str(row["line"]), float(row["place"] or 0)))


def trials(result: Analysis, only: Only = ALL) -> Chart:
    """A chart of every trial in the order measured, with a panel for each guest and build."""
    rows = trial_rows(result.plan, result.records)
    panels = {
        panel: [row for row in rows if (row["build"], row["guest"]) == (build, guest)]
        for panel, build, guest in _panels(result, only)
    }
    by_name = {point.name: point for point in result.plan.configurations}
    base = by_name[result.plan.baseline]
    short = {name: name if point is base else label(point, base) for name, point in by_name.items()}
    shown: dict[str, list[Row]] = {
        panel: [row | {"configuration": short[str(row["configuration"])]} for row in rows_of_panel]
        for panel, rows_of_panel in panels.items()
    }
    units = ", ".join(dict.fromkeys(str(row["unit"]) for row in rows if row["value"] is not None))
    return _plots().trials(
        shown, names=list(short.values()), unit=units or "value", title="All trials",
        subtitle=["A configuration stays on one level unless the host changed; × failed"],
    )  # fmt: skip


def _panels(result: Analysis, only: Only) -> list[tuple[str, str, str]]:
    """The title, build and guest of each panel."""
    several = len(result.plan.builds) > 1
    return [
        (f"{guest.name}, {build.name}" if several else guest.name, build.name, guest.name)
        for guest in result.plan.guests
        for build in result.plan.builds
        if only[0] in (None, guest.name) and only[1] in (None, build.name)
    ]


def _promise(result: Analysis) -> str:
    return f"{percent(result.confidence)} intervals, all at once; grey band: no difference of more than {percent(result.delta)}"


def _plots() -> ModuleType:
    try:
        from accelkit.study.report import plots  # Altair is heavy, and needed for drawing alone
    except ImportError:
        raise StudyError(
            "charts need altair, which is not installed; pip install 'accelkit[study]'"
        ) from None
    return plots
