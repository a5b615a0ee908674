"""The tables of a report: the best configurations in full, the others folded, and beyond a limit only counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from accelkit.document import Block, Folded, Inline, Mono, Paragraph, Table, TableCell
from accelkit.study.analysis.analysis import MOST_SHOWN, Analysis, winner
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import REASONS, Summary, telling_counters
from accelkit.study.model import Cell
from accelkit.study.report.labels import full_name
from accelkit.study.report.phrases import NOTHING, SIGNS, amount, count, interval, percent, plural, ratio

MOST_COUNTERS: Final = 4
"""Columns of counters in the table, the best reasons first."""

MOST_FOLDED: Final = 1000
"""Rows that a page holds folded; of more it says how many there are and where they can be read."""

ALL_ROWS: Final[Inline] = (
    "To see all: ", Mono('result.frame("comparisons")'), " in Python; every trial: ",
    Mono("accelkit report STORE --export trials.csv"), ".",
)  # fmt: skip


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


def tables(result: Analysis) -> Iterator[Block]:
    """A row for each configuration in each guest and build: the baseline and the best, then the others folded."""
    comparisons = {row.cell: row for row in (*result.comparisons, *result.phase_comparisons)}
    titles = {point.name: full_name(point) for point in result.plan.configurations}
    yield _shown_table(result, comparisons, titles)
    others = {group: shown(result, *group)[1] for group in groups(result)}
    if not any(others.values()):
        return
    yield Paragraph((
        (f"Of each guest these are the baseline and the best {MOST_SHOWN}: the recommended configuration, if there is one,"
         " then by time ratio."),
    ))  # fmt: skip
    most = max(1, MOST_FOLDED // len(others))
    folded = [Cell(*group, name) for group, names in others.items() for name in names[:most]]
    several = len(result.plan.builds) > 1
    table = Table(
        ("guest", *(["QEMU"] if several else []), "configuration", "time ratio", "interval", "verdict", "n"),
        tuple(
            (*_names(cell, several, titles), *_verdict_cells(comparisons.get(cell), result.summaries[cell]))
            for cell in folded
        ),
        frozenset({2 + several, 3 + several, 5 + several}),
    )
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
    first = result.plan.builds[0].name
    names = {group: frozenset(shown(result, *group)[0]) for group in groups(result)}

    def table(comparisons: Sequence[Comparison]) -> Table:
        rows = tuple(
            (comparison.guest, Mono(comparison.configuration), comparison.build,
             *_verdict_cells(comparison, result.summaries[comparison.cell]))
            for comparison in comparisons
        )  # fmt: skip
        head = ("guest", "configuration", "QEMU", f"time ratio to {first}", f"{percent(result.confidence)} interval",
                "verdict", "n")  # fmt: skip
        return Table(head, rows, frozenset({3, 4, 6}))

    parts: tuple[list[Comparison], list[Comparison]] = ([], [])
    order = {guest.name: place for place, guest in enumerate(result.plan.guests)}
    rows = (*result.build_comparisons, *result.phase_build_comparisons)
    for comparison in sorted(rows, key=lambda row: order[run_cell(row).guest]):
        parts[comparison.configuration not in names[run_cell(comparison)[:2]]].append(comparison)
    yield table(parts[0])
    if parts[1]:
        yield from fold(len(parts[1]), "row", table(parts[1][:MOST_FOLDED]), ALL_ROWS)


def run_cell(row: Comparison) -> Cell:
    """The cell that was run: of a phase that of its guest."""
    return row.cell if row.phase is None else row.cell._replace(guest=row.phase.guest)


def _shown_table(
    result: Analysis, comparisons: Mapping[Cell, Comparison], titles: Mapping[str, str]
) -> Table:
    several = len(result.plan.builds) > 1
    telling = dict.fromkeys(
        name for group in groups(result) for name in telling_counters(result.summaries, *group)
    )
    first = [name for name in REASONS if name in telling]
    counters = list(dict.fromkeys([*first, *telling]))[:MOST_COUNTERS]
    head = ["guest", *(["QEMU"] if several else []), "configuration", "time ratio", f"{percent(result.confidence)} interval",
            "verdict", "n", *counters, "fastest"]  # fmt: skip
    rows: list[tuple[str | TableCell, ...]] = []
    strong: list[int] = []

    def row(cell: Cell) -> tuple[str | TableCell, ...]:
        summary = result.summaries[cell]
        verdict = _verdict_cells(comparisons.get(cell), summary)
        return (*_names(cell, several, titles), *verdict, *_measured_cells(summary, counters))

    for group in groups(result):
        cells = [Cell(*group, name) for name in shown(result, *group)[0]]
        best = winner(result.plan, [comparisons[cell] for cell in cells if cell in comparisons])
        strong += [place for place, cell in enumerate(cells, len(rows)) if best and best.cell == cell]
        rows += map(row, cells)
        for phase in (phase for phase in result.phases.values() if phase.guest == group[1]):
            rows += (row(cell._replace(guest=phase.row)) for cell in cells)
    numbers = {2 + several, 3 + several, *range(5 + several, len(head))}
    return Table(tuple(head), tuple(rows), frozenset(numbers), frozenset(strong))


def _names(cell: Cell, several: bool, titles: Mapping[str, str]) -> tuple[str | TableCell, ...]:
    name, title = Mono(cell.configuration), titles[cell.configuration]
    return (cell.guest, *([cell.build] if several else []), TableCell((name,), title) if title else name)


def _verdict_cells(comparison: Comparison | None, summary: Summary) -> tuple[str, str, str, str]:
    """Ratio, interval, verdict, n; without a comparison it is the baseline."""
    if comparison is None:
        kind = "baseline" if summary.done else "failed"
        return ("1" if summary.done else NOTHING, "", f"{SIGNS[kind]} {kind}", str(summary.done))
    failed = f", {summary.failed} failed" if summary.failed else ""
    if not comparison.pairs and summary.failed:
        tried = summary.failed + summary.done
        return (NOTHING, "", f"{SIGNS['failed']} failed, {summary.failed} of {tried}", "0")
    return (ratio(comparison.ratio), interval(comparison.low, comparison.high),
            f"{SIGNS[comparison.verdict]} {comparison.verdict}{failed}", str(comparison.pairs))  # fmt: skip


def _measured_cells(summary: Summary, counters: Sequence[str]) -> list[str]:
    best = NOTHING if summary.best is None else amount(summary.best, summary.unit)
    counts = (count(summary.counters[name]) if name in summary.counters else NOTHING for name in counters)
    return [*counts, best]
