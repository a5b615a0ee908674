"""The details of a report, each folded: why something is undecided, doubts, what was dropped, cautions, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.document import Block, Bullets, Code, Folded, Inline, Mono, Paragraph, Table
from accelkit.errors import shortened, visible
from accelkit.study.analysis.analysis import MOST_SHOWN, Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.replay import MOST_BLOCKS
from accelkit.study.model import Cell, Record
from accelkit.study.report.answers import answers
from accelkit.study.report.cost import cost, cost_words
from accelkit.study.report.hosts import host_details
from accelkit.study.report.labels import MOST_REASON
from accelkit.study.report.names import row_names
from accelkit.study.report.phrases import plural
from accelkit.study.report.tables import ALL_ROWS, MOST_FOLDED, fold, groups, run_cell, where

MOST_WORDS: Final = 12
"""Lines of what QEMU printed that a report shows, the last ones; each as long as a reason may be."""

SETTLED: Final = ("change", "replace", "keep", "only")
"""The kinds of answers that leave nothing open."""

FEW_NAMES: Final = 5
"""Configurations that one sentence names in a study of many."""


def details(result: Analysis) -> Iterator[Block]:
    """All of them, in the order in which they matter."""
    yield from _undecided(result)
    yield from _doubts(result)
    yield from _dropped(result)
    yield from _cautions(result)
    yield from _failures(result)
    yield from host_details(result)


def _undecided(result: Analysis) -> Iterator[Block]:
    """The configurations without a verdict, and why, by reason; those that were dropped are told as such."""
    reasons: dict[tuple[str, str, str], list[Comparison]] = {}
    beside_builds = (*result.build_comparisons, *result.phase_build_comparisons)
    for kind, rows in (("", _beside_baseline(result)), ("build", beside_builds)):
        for row in rows:
            if (
                row.verdict == "undecided"
                and (row.pairs or not row.failed)
                and run_cell(row) not in result.dropped
            ):
                place = where(result, row.build, row.guest) + (f" beside {row.baseline}" if kind else "")
                reasons.setdefault((place, row.why, kind), []).append(row)
    if not reasons:
        return
    names = row_names(result.plan)
    # The headline says what it costs to know what to deploy; another number for another question would only confuse.
    priced = {(answer.build.name, answer.guest) for answer in answers(result) if answer.kind not in SETTLED}
    items: list[Inline] = []
    for (place, why, kind), group in reasons.items():
        told = not kind and (group[0].build, group[0].guest) in priced
        price = None if told else cost(result, group)
        ends = f". {cost_words(price)}" if price else "."
        items.append(
            (*_listed(result, [names[row.configuration] for row in group]), f" on {place}: {why}{ends}")
        )
    settled = all(result.pick(guest, build).decided for build, guest in groups(result))
    note = "What to deploy does not depend on these."
    yield Folded(
        (f"Undecided: {plural(sum(map(len, reasons.values())), 'comparison')}",),
        (*([Paragraph((note,))] if settled else []), *_bullets(items, "reason", ALL_ROWS)),
    )


def _beside_baseline(result: Analysis) -> tuple[Comparison, ...]:
    return (*result.comparisons, *result.phase_comparisons)


def _doubts(result: Analysis) -> Iterator[Block]:
    """The configurations with a verdict that bears doubts, by doubt."""
    seen: dict[tuple[str, str], list[str]] = {}
    names = row_names(result.plan)
    for comparison in _beside_baseline(result):
        for doubt in comparison.doubts:
            place = where(result, comparison.build, comparison.guest)
            seen.setdefault((place, doubt.text), []).append(names[comparison.configuration])
    if not seen:
        return
    items = [(*_listed(result, group), f" on {place}: {text}") for (place, text), group in seen.items()]
    yield Folded((f"Doubts: {len(seen)}",), tuple(_bullets(items, "doubt", ALL_ROWS)))


def _dropped(result: Analysis) -> Iterator[Block]:
    """The configurations that lost to another one early, and how rarely each is measured since."""
    if not result.dropped:
        return
    names = row_names(result.plan)
    groups: dict[str, list[str]] = {}
    for cell, since in result.dropped.items():
        place = where(result, cell.build, cell.guest)
        every = result.drops.every(cell, since)
        # A store of an earlier format has those that were dropped for good: once in more blocks than there can be.
        often = "no more" if every >= MOST_BLOCKS else f"in one of {every} blocks"
        groups.setdefault(f" on {place}: {often} since block {since + 1}", []).append(
            names[cell.configuration]
        )
    items = [
        (*_listed(result, group), f"{rarely}, as slower than others or always failing")
        for rarely, group in groups.items()
    ]
    yield Folded(
        (f"Measured rarely: {plural(len(result.dropped), 'configuration')}",),
        tuple(_bullets(items, "configuration", ("The store's view ", Mono("measured_rarely"), " has all."))),
    )


def _bullets(items: Sequence[Inline], noun: str, to_see_all: Inline) -> Iterator[Block]:
    """The first items, and how many more there are."""
    yield Bullets(tuple(items[:MOST_SHOWN]))
    if (more := len(items) - MOST_SHOWN) > 0:
        yield Paragraph((f"{plural(more, f'more {noun}')} not shown here. ", *to_see_all))


def _listed(result: Analysis, names: Sequence[str]) -> Iterator[str]:
    """The names, commas between; in a study that is not shown whole the first few."""
    most = len(names) if len(result.plan.configurations) <= MOST_SHOWN + 1 else FEW_NAMES
    for place, name in enumerate(names[:most]):
        yield from (", ",) if place else ()
        yield Mono(name)
    if len(names) > most:
        yield f" and {len(names) - most} more"


def _cautions(result: Analysis) -> Iterator[Block]:
    cautions = result.cautions
    if cautions:
        kinds = ", ".join(caution.kind for caution in cautions)
        yield Folded((f"Cautions: {kinds}",), (
            Bullets(tuple(
                (f"{caution.kind}: {caution.observation}. To do: {caution.remedy}.",) for caution in cautions
            )),
        ))  # fmt: skip


def _failures(result: Analysis) -> Iterator[Block]:
    """The configurations that failed, by what was seen: how many trials, why, and what QEMU printed last."""
    cells: dict[tuple[Cell, str], list[Record]] = {}
    for record in result.failures:
        cells.setdefault((record.trial.cell, record.failure), []).append(record)
    if not cells:
        return
    tried = Counter(record.trial.cell for record in result.trials)
    kinds: dict[tuple[str, str], list[str]] = {}
    for (cell, cause), records in cells.items():
        last = records[-1]
        why = f": {last.why}" if last.why else ""
        text = (
            f" on {where(result, cell.build, cell.guest)}: {cause}, {len(records)} of"
            f" {plural(tried[cell], 'trial')}{why}"
        )
        printed = "" if last.stderr.strip() == last.why else _last_lines(last.stderr)
        kinds.setdefault((text, printed), []).append(cell.configuration)
    title = f"Failures: {len(result.failures)} of {plural(len(result.trials), 'trial')}"
    yield Folded((title,), tuple(_failure_blocks(result, list(kinds.items()))))


def _failure_blocks(
    result: Analysis, items: Sequence[tuple[tuple[str, str], Sequence[str]]]
) -> Iterator[Block]:
    for (text, printed), names in items[:MOST_SHOWN]:
        yield Paragraph((*_listed(result, names), text))
        if printed:
            yield Code(printed)
    if rest := items[MOST_SHOWN:]:
        rows = tuple(
            ("".join(_listed(result, names)), text.removeprefix(" on "), printed.rpartition("\n")[2])
            for (text, printed), names in rest[:MOST_FOLDED]
        )
        table = Table(("configurations", "where, and what happened", "printed last"), rows)
        yield from fold(len(rest), "reason", table, ("The store's view ", Mono("failures"), " has all."))


def _last_lines(stderr: str) -> str:
    lines = [shortened(line, MOST_REASON) for line in visible(stderr.strip()).split("\n")]
    cut = [f"… {len(lines) - MOST_WORDS} lines before"] if len(lines) > MOST_WORDS else []
    return "\n".join([*cut, *lines[-MOST_WORDS:]])
