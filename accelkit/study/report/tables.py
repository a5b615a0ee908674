"""The tables of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accelkit.document import Mono, Table
from accelkit.study.analysis.analysis import Analysis, winner
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import REASONS, Summary, telling_counters
from accelkit.study.model import Cell
from accelkit.study.report.phrases import NOTHING, SIGNS, amount, count, interval, percent, ratio

MOST_COUNTERS: Final = 4
"""Columns of counters in the table, the best reasons first."""


def where(result: Analysis, build: str, guest: str) -> str:
    """The guest, and the build if there are several."""
    return f"{guest}, {build}" if len(result.plan.builds) > 1 else guest


def table(result: Analysis) -> Table:
    """A row for each configuration in each guest and build, the baselines' among them."""
    plan, several = result.plan, len(result.plan.builds) > 1
    found = {each.cell: each for each in result.comparisons}
    told = dict.fromkeys(
        name
        for build in plan.builds
        for guest in plan.guests
        for name in telling_counters(result.summaries, build.name, guest.name)
    )
    first = [name for name in REASONS if name in told]
    counters = list(dict.fromkeys([*first, *told]))[:MOST_COUNTERS]
    head = ["guest", *(["QEMU"] if several else []), "configuration", "time ratio", f"{percent(result.confidence)} interval",
            "verdict", "n", *counters, "fastest"]  # fmt: skip
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for guest in plan.guests:
        for build in plan.builds:
            cells = [Cell(build.name, guest.name, point.name) for point in plan.configurations]
            best = winner(plan, [found[cell] for cell in cells if cell in found])
            for cell in cells:
                summary = result.summaries.get(cell)
                if summary is None:
                    continue
                each = found.get(cell)
                if each is not None and each is best:
                    strong.append(len(rows))
                rows.append((
                    guest.name, *([build.name] if several else []), Mono(cell.configuration),
                    *_verdict_cells(each, summary), *_measured_cells(summary, counters),
                ))  # fmt: skip
    shift = 1 if several else 0
    numbers = {2 + shift, 3 + shift, *range(5 + shift, len(head))}
    return Table(tuple(head), tuple(rows), frozenset(numbers), frozenset(strong))


def _verdict_cells(each: Comparison | None, summary: Summary) -> tuple[str, str, str, str]:
    """Ratio, interval, verdict, n; without a comparison it is the baseline."""
    if each is None:
        kind = "baseline" if summary.done else "failed"
        return ("1" if summary.done else NOTHING, "", f"{SIGNS[kind]} {kind}", str(summary.done))
    failed = f", {summary.failed} failed" if summary.failed else ""
    if not each.pairs and summary.failed:
        tried = summary.failed + summary.done
        return (NOTHING, "", f"{SIGNS['failed']} failed, {summary.failed} of {tried}", "0")
    return (ratio(each.ratio), interval(each.low, each.high), f"{SIGNS[each.verdict]} {each.verdict}{failed}",
            str(each.pairs))  # fmt: skip


def _measured_cells(summary: Summary, counters: Sequence[str]) -> list[str]:
    best = NOTHING if summary.best is None else amount(summary.best, summary.unit)
    counts = (count(summary.counters[name]) if name in summary.counters else NOTHING for name in counters)
    return [*counts, best]


def build_table(result: Analysis) -> Table:
    """A row for each guest and configuration in each build but the first."""
    first = result.plan.builds[0].name
    rows = tuple(
        (each.guest, Mono(each.configuration), each.build,
         *_verdict_cells(each, result.summaries[each.cell]))
        for each in result.build_comparisons
    )  # fmt: skip
    head = ("guest", "configuration", "QEMU", f"time ratio to {first}", f"{percent(result.confidence)} interval",
            "verdict", "n")  # fmt: skip
    return Table(head, rows, frozenset({3, 4, 6}))
