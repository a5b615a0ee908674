"""From a result to its charts: the rows, the panels and the text around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Final

from accelkit.errors import StudyError
from accelkit.study.analysis.analysis import MOST_SHOWN, Analysis
from accelkit.study.analysis.cliffs import CliffInStudy, cliffs_in
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.settings import Keyed, label
from accelkit.study.analysis.tidy import (
    Row,
    comparison_rows,
    find_axis,
    sliced,
    telling_counters,
    trial_rows,
)
from accelkit.study.model import Cell
from accelkit.study.report.chart import Chart
from accelkit.study.report.cliff_text import unit_of
from accelkit.study.report.labels import with_labels
from accelkit.study.report.names import row_names
from accelkit.study.report.phrases import percent, ratio
from accelkit.study.report.scales import evenly, interval_row
from accelkit.study.report.tables import best_shown, shown, verdict_cells
from accelkit.study.swept import ABSENT, SweptProperty

#: A guest and a build; None stands for all.
Only = tuple[str | None, str | None]

ALL: Final[Only] = (None, None)
MOST_COUNTERS: Final = 2
"""At most this many counters are drawn below a response; more would hide it."""

MOST_VALUES: Final = 60
"""Values of a property along one axis; of more, they are taken evenly, and those beside a cliff."""

MOST_DRAWN_LINES: Final = 8
"""Lines in one chart, as many as there are colours; of more, they are taken evenly."""


def intervals(result: Analysis, only: Only = ALL, most: int | None = None) -> Chart:
    """A chart of the ratio, interval and verdict of each configuration, with a panel for each guest and build.

    With ``most`` a panel has at most so many: the baseline, the one to deploy, and those with the best ratios.
    """
    result, only = _with_labels(result, only)
    (drawn_as, _), names, fewer = modules(), row_names(result.plan), False
    panels: dict[str, list[Row]] = {}
    comparisons = {comparison.cell: comparison for comparison in result.comparisons}
    for panel, build, guest in _panels(result, only):
        drawn = best_shown(result, build, guest, most)
        fewer = fewer or len(drawn) < len(shown(result, build, guest)[0])
        cells = [Cell(build, guest, name) for name in drawn]
        panels[panel] = [
            _interval_row(result, comparisons.get(cell), cell, names[cell.configuration]) for cell in cells
        ]
    selection = [f"Drawn: the baseline and the best {(most or 1) - 1}"] if fewer else _selection(result)
    return drawn_as.intervals(
        panels, delta=result.delta, title="Time beside the baseline",
        subtitle=[f"{_promise(result)}; ▼ left of 1 is faster", *selection],
        measure="time, ratio to the baseline",
    )  # fmt: skip


def load() -> None:
    """Imports what draws charts, and draws a line with it: takes seconds the first time, no time after that.

    A process that measures calls it before it starts, so that its first chart disturbs no trial. Raises StudyError
    if a library is not installed.
    """
    row = interval_row("", "baseline", "", {"ratio": 1.0})
    modules()[0].intervals({"": [row]}, delta=0.01, title="", subtitle=[""], measure="").svg()


def builds(result: Analysis, only: Only = ALL) -> Chart:
    """A chart of each build against the first, with a panel for each guest; raises StudyError if there is one build."""
    if not result.build_comparisons:
        raise StudyError("plot_builds: the study has one build; give several with qemu=[…]")
    result, only = _with_labels(result, only)
    (drawn_as, _), first = modules(), result.plan.builds[0]
    panels: dict[str, list[Row]] = {}
    short = row_names(result.plan)
    of_panel = {
        (build, guest): frozenset(shown(result, build, guest)[0]) for _, build, guest in _panels(result, ALL)
    }
    for comparison in result.build_comparisons:
        if only[0] in (None, comparison.guest) and comparison.configuration in of_panel[comparison.cell[:2]]:
            name = f"{comparison.build}: {short[comparison.configuration]}"
            panels.setdefault(comparison.guest, []).append(
                _interval_row(result, comparison, comparison.cell, name)
            )
    return drawn_as.intervals(
        panels, delta=result.delta, title=f"QEMU builds beside {first.name}",
        subtitle=[f"{_promise(result)}; ▼ left of 1 is faster", *_selection(result)], measure=f"time, ratio to {first.name}",
    )  # fmt: skip


def _interval_row(result: Analysis, comparison: Comparison | None, cell: Cell, name: str) -> Row:
    words, *_ = verdict_cells(result, comparison, cell)
    if comparison is None:
        done = result.summaries[cell].done
        return interval_row(name, "baseline" if done else "failed", words, {"ratio": 1.0} if done else {})
    if not comparison.pairs:
        return interval_row(name, "failed", words, {})
    (row,) = comparison_rows(result.plan, [comparison])
    return interval_row(name, comparison.verdict, words, row)


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
    axes, places = _labelled_axes(result, axes, places)
    result, only = _with_labels(result, only)
    fixed, points = sliced(result.plan, [axis.name for axis in axes], places)
    names = [point.name for point in points]
    x, line = axes[0], axes[1] if len(axes) == 2 else None
    cliffs = {} if line else {
        (cliff.build, cliff.guest): cliff
        for cliff in cliffs_in(result.plan, result.comparisons, result.summaries, places)
        if cliff.axis == x and cliff.fixed == fixed
    }  # fmt: skip
    panels = {
        panel: _along_rows(result, names, x, line, Cell(build, guest, ""))
        for panel, build, guest in _panels(result, only)
    }
    ends = {str(int(end)) for cliff in cliffs.values() for end in (cliff.cliff.slow, cliff.cliff.fast)}
    used = sorted({int(row["place"] or 0) for rows in panels.values() for row in rows})
    kept = evenly(used, MOST_VALUES, keep={place for place in used if x.values[place] in ends})
    lines = () if line is None else evenly(line.values, MOST_DRAWN_LINES)
    positions = {place: number for number, place in enumerate(kept)}
    values = [x.values[place] for place in kept]
    for rows in panels.values():
        rows[:] = [
            row | {"place": positions[int(row["place"] or 0)]}
            for row in rows
            if int(row["place"] or 0) in positions and (line is None or row["line"] in lines)
        ]
    fixings = ", ".join(f"{name} {'at its default' if value == ABSENT else f'= {value}'}"
                        for name, value in fixed.items())  # fmt: skip
    subtitle = [f"{_promise(result)}", *([f"The others fixed: {fixings}"] if fixings else [])]
    subtitle += (
        [f"{len(values)} of the {len(used)} values tried are drawn"] if len(values) < len(used) else []
    )
    if line is not None and len(lines) < len(line.values):
        subtitle.append(f"{len(lines)} of the {len(line.values)} values of {line.name} are drawn")
    title = f"{x.name}{unit_of(x).replace(' ', ', in ', 1)}"
    if line is not None:
        return modules()[1].interaction(
            panels, values=values, axis_title=title, lines=lines, line_title=line.name,
            delta=result.delta, title=f"How {x.name} and {line.name} act together",
            subtitle=[*subtitle, "Parallel lines: no interaction"],
        )  # fmt: skip
    counters = {
        panel: _best_counters(result, build, guest, names) for panel, build, guest in _panels(result, only)
    }
    marks = {panel: (cliff.position(values), _mark(cliff)) for panel, build, guest in _panels(result, only)
             if (cliff := cliffs.get((build, guest)))}  # fmt: skip
    return modules()[1].response(
        panels, values=values, axis_title=title, delta=result.delta, title=f"The response to {x.name}",
        subtitle=subtitle, cliffs=marks, counters=counters,
    )  # fmt: skip


def _mark(cliff: CliffInStudy) -> str:
    step, unit = cliff.cliff, unit_of(cliff.axis)
    bound = "at least" if step.fast > step.slow else "at most"
    return f"cliff, {ratio(step.factor)} times:\n{bound} {step.fast:.0f}{unit} needed"


def _best_counters(result: Analysis, build: str, guest: str, names: Sequence[str]) -> list[str]:
    summaries = {cell: summary for cell, summary in result.summaries.items() if cell.configuration in names}
    done = [summary for cell, summary in summaries.items() if cell[:2] == (build, guest) and summary.done]
    return [done[0].label(name) for name in telling_counters(summaries, build, guest)[:MOST_COUNTERS]]


def _along_rows(
    result: Analysis, names: Sequence[str], x: SweptProperty, line: SweptProperty | None, panel: Cell
) -> list[Row]:
    settings = result.plan.settings
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
            row |= {summary.label(name): value for name, value in summary.counters.items()}
        rows.append(row)
    return sorted(rows, key=lambda row: (str(row["line"]), float(row["place"] or 0)))


def trials(result: Analysis, only: Only = ALL) -> Chart:
    """A chart of the trials of the configurations shown, in the order measured, with a panel for each guest and build."""
    result, only = _with_labels(result, only)
    rows = trial_rows(result.plan, result.trials)
    by_name = {point.name: point for point in result.plan.configurations}
    base = by_name[result.plan.baseline]
    panels: dict[str, list[Row]] = {}
    labels: dict[str, None] = {}
    for panel, build, guest in _panels(result, only):
        names = shown(result, build, guest)[0]
        short = {name: name if name == base.name else label(by_name[name], base) for name in names}
        labels |= dict.fromkeys(short.values())
        panels[panel] = [
            row | {"configuration": short[str(row["configuration"])]}
            for row in rows
            if (row["build"], row["guest"]) == (build, guest) and row["configuration"] in short
        ]
    units = ", ".join(dict.fromkeys(str(row["unit"]) for row in rows if row["value"] is not None))
    return modules()[1].trials(
        panels, names=list(labels), unit=units or "value", title="Trials of the configurations shown" if _selection(result) else "All trials",
        subtitle=["A configuration stays on one level unless the host changed; × failed", *_selection(result)],
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


def _with_labels(result: Analysis, only: Only) -> tuple[Analysis, Only]:
    """The result with the names that are drawn, and ``only`` by these names."""
    short = with_labels(result)
    guests = {old.name: new.name for old, new in zip(result.plan.guests, short.plan.guests, strict=True)}
    builds = {old.name: new.name for old, new in zip(result.plan.builds, short.plan.builds, strict=True)}
    guest, build = only
    return short, (guest and guests.get(guest, guest), build and builds.get(build, build))


def _labelled_axes(
    result: Analysis, axes: Sequence[SweptProperty], places: Mapping[str, str]
) -> tuple[list[SweptProperty], dict[str, str]]:
    """The axes, and the values at which others are fixed, with the names that are drawn."""
    before, after = list(result.plan.axes.values()), list(with_labels(result).plan.axes.values())
    named = {old.name: (old, new) for old, new in zip(before, after, strict=True)}
    fixed: dict[str, str] = {}
    for name, value in places.items():
        old, new = named[name]
        fixed[new.name] = new.values[old.values.index(value)] if value in old.values else value
    return [named[axis.name][1] for axis in axes], fixed


def _selection(result: Analysis) -> list[str]:
    """The line that says which configurations are drawn, where it is not all of them."""
    configurations = len(result.plan.configurations)
    if configurations <= MOST_SHOWN + 1:
        return []
    return [f"Drawn: the baseline and the best {MOST_SHOWN} of {configurations - 1} other configurations"]


def _promise(result: Analysis) -> str:
    return f"{percent(result.confidence)} intervals, all at once; grey band: no difference of more than {percent(result.delta)}"


def modules() -> tuple[ModuleType, ModuleType]:
    """What draws intervals, and what draws responses. Raises StudyError if Altair is not installed."""
    try:
        # Altair is heavy, and needed for drawing alone.
        from accelkit.study.report import interval_plot, plots
    except ImportError:
        raise StudyError(
            "charts need altair, which is not installed; pip install 'accelkit[study]'"
        ) from None
    return interval_plot, plots
