"""The tables of a report: the best configurations in full, the others folded, and beyond a limit only counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from accelkit.document import Block, Folded, Inline, Mono, Paragraph, Table, TableCell
from accelkit.study.analysis.analysis import MOST_SHOWN, Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import REASONS, Summary, telling_counters
from accelkit.study.model import Cell
from accelkit.study.report.labels import full_name
from accelkit.study.report.names import common, row_names, short_version
from accelkit.study.report.phrases import (
    COUNTED,
    NOTHING,
    SIGNS,
    amount,
    count,
    interval,
    percent,
    plural,
    ratio,
)

MOST_COUNTERS: Final = 3
"""Columns of counters in the table, the best reasons first."""

MOST_FOLDED: Final = 1000
"""Rows that a page holds folded; of more it says how many there are and where they can be read."""

ALL_ROWS: Final[Inline] = (
    "To see all: ", Mono('result.frame("comparisons")'), " in Python; every trial: ",
    Mono("accelkit report STORE --export trials.csv"), ".",
)  # fmt: skip

RARE: Final = "measured rarely"
"""What the table says of an undecided comparison that was not measured to the end: another one is clearly faster."""

RATIOS: Final = ("undisturbed", "mean", "CPU")
"""The columns of the three ratios beside the typical one."""


def where(result: Analysis, build: str, guest: str) -> str:
    """The guest, and the build if there are several."""
    return f"{guest}, {build}" if len(result.plan.builds) > 1 else guest


def groups(result: Analysis) -> tuple[tuple[str, str], ...]:
    """Build and guest of each part of a table, guest by guest."""
    return tuple((build.name, guest.name) for guest in result.plan.guests for build in result.plan.builds)


def shown(result: Analysis, build: str, guest: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The configurations that are shown of a build and guest, and the others; in the order of the ranking.

    Those that were never tried are in neither.
    """
    tried = tuple(
        name for name in result.ranking[build, guest] if Cell(build, guest, name) in result.summaries
    )
    return tried[: MOST_SHOWN + 1], tried[MOST_SHOWN + 1 :]


def best_shown(result: Analysis, build: str, guest: str, most: int | None) -> list[str]:
    """The configurations that are :func:`shown` there; of more than ``most`` the baseline, the pick and the fastest."""
    names = list(shown(result, build, guest)[0])
    if most is None or len(names) <= most:
        return names
    ratios = {row.configuration: row.ratio for row in result.comparisons
              if (row.build, row.guest) == (build, guest) and row.pairs}  # fmt: skip
    first = (result.plan.baseline, result.pick(guest, build).name)
    ranked = sorted(names, key=lambda name: (name not in first, ratios.get(name, math.inf)))
    return [name for name in names if name in ranked[:most]]


def tables(result: Analysis) -> Iterator[Block]:
    """A row for each configuration in each guest and build: the baseline and the best, then the others folded."""
    comparisons = {row.cell: row for row in (*result.comparisons, *result.phase_comparisons)}
    names = _first_cells(result)
    yield _shown_table(result, comparisons, names)
    others = {group: shown(result, *group)[1] for group in groups(result)}
    if not any(others.values()):
        return
    yield Paragraph((
        (f"Of each guest these are the baseline and the best {MOST_SHOWN}: the recommended configuration, if there is one,"
         " then by time."),
    ))  # fmt: skip
    most = max(1, MOST_FOLDED // len(others))
    folded = [Cell(*group, name) for group, names in others.items() for name in names[:most]]
    several = len(result.plan.builds) > 1
    table = Table(
        ("guest", *(["QEMU"] if several else []), "configuration", "verdict", "time", "interval", "blocks"),
        tuple(
            (cell.guest, *([cell.build] if several else []), names[cell.configuration],
             *verdict_cells(result, comparisons.get(cell), cell), str(_blocks(result, comparisons.get(cell), cell)))
            for cell in folded
        ),
        frozenset({3 + several, 4 + several, 5 + several}),
    )  # fmt: skip
    yield from fold(sum(map(len, others.values())), "row", table, ALL_ROWS)


def fold(total: int, noun: str, table: Table, to_see_all: Inline) -> Iterator[Block]:
    """``table``, which has the first of ``total`` rows, folded; with how many more there are, if it has not all."""
    rows = len(table.rows)
    on_page = "" if rows == total else f", of which the next {rows} are on this page"
    more = () if rows == total else (Paragraph((f"{total - rows} more are not on this page. ", *to_see_all)),)
    instead = (f"{plural(total, f'more {noun}')} not shown here. ", *to_see_all)
    yield Folded((f"{plural(total, f'other {noun}')}{on_page}",), (table, *more), instead)


def build_tables(result: Analysis) -> Iterator[Block]:
    """A row for each guest and shown configuration in each build but the first; the others folded."""
    names = {group: frozenset(shown(result, *group)[0]) for group in groups(result)}
    first = _first_cells(result)

    def table(comparisons: Sequence[Comparison]) -> Table:
        rows = tuple(
            (comparison.guest, first[comparison.configuration], comparison.build,
             *verdict_cells(result, comparison, comparison.cell), str(comparison.pairs))
            for comparison in comparisons
        )  # fmt: skip
        base = short_version(result.plan.builds[0])
        chance = f"{percent(result.confidence)} interval"
        head = ("guest", "configuration", "QEMU", "verdict", "time", chance, "blocks")
        return Table(head, rows, frozenset({4, 5, 6}), caption=f"Time beside {base}", spare=((6,),))

    parts: tuple[list[Comparison], list[Comparison]] = ([], [])
    order = {guest.name: place for place, guest in enumerate(result.plan.guests)}
    rows = (*result.build_comparisons, *result.phase_build_comparisons)
    for comparison in sorted(rows, key=lambda row: order[run_cell(row).guest]):
        parts[comparison.configuration not in names[run_cell(comparison)[:2]]].append(comparison)
    yield table(parts[0])
    if parts[1]:
        yield from fold(len(parts[1]), "row", table(parts[1][:MOST_FOLDED]), ALL_ROWS)


def _shown_table(
    result: Analysis, comparisons: Mapping[Cell, Comparison], names: Mapping[str, str | TableCell]
) -> Table:
    telling = dict.fromkeys(
        name for group in groups(result) for name in telling_counters(result.summaries, *group)
    )
    first = [name for name in REASONS if name in telling]
    counters = list(dict.fromkeys([*first, *telling]))[:MOST_COUNTERS]
    cells: dict[tuple[str, str], list[Cell]] = {}
    for build, guest in groups(result):
        names_shown = shown(result, build, guest)[0]
        for row in (guest, *(phase.row for phase in result.phases.values() if phase.guest == guest)):
            cells[build, row] = [Cell(build, row, name) for name in names_shown]
    blocks = {group: max((_blocks(result, comparisons.get(cell), cell) for cell in of), default=0)
              for group, of in cells.items()}  # fmt: skip
    uneven = any(
        _blocks(result, comparisons.get(cell), cell) != blocks[group]
        for group, of in cells.items()
        for cell in of
    )
    head = ["configuration", "verdict", "time", f"{percent(result.confidence)} interval", *(["blocks"] if uneven else []),
            *(RATIOS if comparisons else ()), *(_labelled(result, name) for name in counters), "fastest"]  # fmt: skip
    rows: list[tuple[str | TableCell, ...]] = []
    strong: set[int] = set()
    titles: dict[int, Inline] = {}
    for group, of in cells.items():
        best = None if group[1] in result.phases else result.pick(group[1], group[0])
        if of:
            titles[len(rows)] = _group_title(result, group, blocks[group])
        for cell in of:
            comparison, summary = comparisons.get(cell), result.summaries[cell]
            if comparisons and best and best.decided and cell.configuration == best.name:
                strong.add(len(rows))
            rows.append((
                names[cell.configuration], *verdict_cells(result, comparison, cell),
                *([str(_blocks(result, comparison, cell))] if uneven else []),
                *(_ratio_cells(comparison, summary) if comparisons else ()), *_measured_cells(summary, counters),
            ))  # fmt: skip
    ratios = range(4 + uneven, 4 + uneven + len(RATIOS) * bool(comparisons))
    spare = (len(head) - 1,), tuple(range(ratios.stop, len(head) - 1)), tuple(ratios), (4,) * uneven
    return Table(
        tuple(head), tuple(rows), frozenset(range(2, len(head))), frozenset(strong),
        spare=spare, groups=titles, notes=dict(_notes(result, head)),
    )  # fmt: skip


def _group_title(result: Analysis, group: tuple[str, str], blocks: int) -> Inline:
    build = next(build for build in result.plan.builds if build.name == group[0])
    return (f"{group[1]} on {short_version(build)}, {plural(blocks, 'block')}",)


def _first_cells(result: Analysis) -> dict[str, str | TableCell]:
    """The first cell of each configuration's row; its title has the whole name where the cell does not."""
    names = row_names(result.plan)
    titles = {point.name: full_name(point) or (point.name if names[point.name] != point.name else "")
              for point in result.plan.configurations}  # fmt: skip
    return {name: TableCell((Mono(text),), titles[name]) if titles[name] else Mono(text)
            for name, text in names.items()}  # fmt: skip


def _blocks(result: Analysis, comparison: Comparison | None, cell: Cell) -> int:
    """The blocks that count: those that have both sides, of the baseline those that have a value."""
    return result.summaries[cell].done if comparison is None else comparison.pairs


def verdict_cells(result: Analysis, comparison: Comparison | None, cell: Cell) -> tuple[str, str, str]:
    """Verdict, ratio and interval; without a comparison it is the baseline."""
    summary = result.summaries[cell]
    if comparison is None:
        kind = "baseline" if summary.done else "failed"
        return (f"{SIGNS[kind]} {kind}", "1" if summary.done else NOTHING, "")
    failed = f", {summary.failed} failed" if summary.failed else ""
    if not comparison.pairs and summary.failed:
        tried = summary.failed + summary.done
        return (f"{SIGNS['failed']} failed, {summary.failed} of {tried}", NOTHING, "")
    words = verdict_words(result, comparison)
    sign = NOTHING if words == RARE else SIGNS[comparison.verdict]
    return (f"{sign} {words}{failed}", ratio(comparison.ratio), interval(comparison.low, comparison.high))


def run_cell(row: Comparison) -> Cell:
    """The cell that was run: of a phase that of its guest."""
    return row.cell if row.phase is None else row.cell._replace(guest=row.phase.guest)


def verdict_words(result: Analysis, comparison: Comparison) -> str:
    """The verdict; of an undecided one also what is known: its direction so far, or that it is measured rarely, as it lost.

    It bears a star if it has doubts, which a report says below its table.
    """
    doubts = {doubt.kind for doubt in comparison.doubts} - {"failures"}
    if comparison.verdict != "undecided":
        return comparison.verdict + " *" * bool(doubts)
    if run_cell(comparison) in result.dropped:
        return RARE
    if comparison.high < 1 or comparison.low > 1:
        return f"{'faster' if comparison.high < 1 else 'slower'} so far"
    return "undecided"


def _ratio_cells(comparison: Comparison | None, summary: Summary) -> tuple[str, str, str]:
    if comparison is None:
        one = "1" if summary.done else NOTHING
        return (one, one, one)
    return (ratio(comparison.undisturbed), ratio(comparison.paid), ratio(comparison.cpu))


def _labelled(result: Analysis, counter: str) -> str:
    """The name of a counter, with its unit where that is a slice."""
    return next((label for s in result.summaries.values() if (label := s.label(counter)) != counter), counter)


def _measured_cells(summary: Summary, counters: Sequence[str]) -> list[str]:
    best = NOTHING if summary.best is None else amount(summary.best, summary.unit)
    counts = (count(summary.counters[name]) if name in summary.counters else NOTHING for name in counters)
    return [*counts, best]


def _notes(result: Analysis, head: Sequence[str]) -> Iterator[tuple[int, Inline]]:
    """What the columns mean, by their index; those that say it themselves have no note."""
    plan, same = result.plan, common(result.plan)
    if same and any(text != name for name, text in row_names(plan).items()):
        yield 0, ("what is set besides ", Mono(same), "; the baseline is ", Mono(plan.baseline))
    if result.comparisons:
        yield 1, (f"no difference of more than {percent(result.delta)}; * has a doubt, see below",)
        yield 2, ("ratio to the baseline's, in the median of the blocks; below 1 is faster",)
        right = f"in {percent(result.confidence)} of such studies all of this table are right"
        yield 3, (f"where that ratio lies; {right}. {result.why_anytime}".rstrip(". "),)
    units = dict.fromkeys(summary.unit for summary in result.summaries.values() if summary.done)
    ticks = ", in ticks of the guest's clock: on x86 the host's time stamp counter" * ("ticks" in units)
    words = {
        "blocks": "those in which both sides gave a value",
        "undisturbed": "the ratio of the fastest tenth of the runs",
        "mean": "the ratio of the means: what all runs together cost",
        "CPU": "the ratio of the CPU time that QEMU used",
        "fastest": f"the best run; of a bundled guest, its fastest slice of work{ticks}",
        **{_labelled(result, name): what for name, what in COUNTED.items()},
    }
    for column, name in enumerate(head):
        if column > 3 and name in words:
            yield column, (words[name],)
