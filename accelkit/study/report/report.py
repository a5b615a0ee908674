"""The report of a result: the answer first, then the tables, cautions, failures, and how to repeat it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from accelkit.document import (
    Block,
    Bullets,
    Code,
    Heading,
    Inline,
    Mono,
    Paragraph,
    Picture,
    Table,
    html_text,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.errors import shortened, visible
from accelkit.study.analysis.analysis import MOST_SHOWN, Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.model import Cell, Record
from accelkit.study.report.answers import answer, build_answer
from accelkit.study.report.cliff_text import all_slow, cliff_words, flushed
from accelkit.study.report.labels import MOST_REASON, with_labels
from accelkit.study.report.phase_text import phase_sentences
from accelkit.study.report.phrases import needed, percent, plural
from accelkit.study.report.repeat import how_measured
from accelkit.study.report.tables import ALL_ROWS, MOST_FOLDED, build_tables, fold, tables, where

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart

MOST_WORDS: Final = 12
"""Lines of what QEMU printed that a report shows, the last ones; each as long as a reason may be."""

FEW_NAMES: Final = 5
"""Configurations that one sentence names in a study of many."""

STYLE: Final = """\
:root { color-scheme: light dark; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; color: #1a1a1a; background: #fff; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: bold; }
th, td { padding: .2rem .5rem; border-bottom: 1px solid #8886; white-space: nowrap; }
pre, code { font-family: ui-monospace, monospace; font-size: .92em; }
pre { padding: .6rem .8rem; border: 1px solid #8886; overflow-x: auto; white-space: pre-wrap; }
figure { margin: 1.5rem 0; overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #181818; } }
@media print { body { margin: 0; max-width: none; } }"""


def text(result: Analysis) -> str:
    """The answers, tables, cautions and failures, for a terminal."""
    result = with_labels(result)
    return to_text([*_answers(result), *_tables(result), *_cautions(result), *_failures(result)]).rstrip("\n")


def fragment(result: Analysis) -> str:
    """The same as HTML for a notebook: a fragment in the notebook's colours."""
    result = with_labels(result)
    return to_html([*_answers(result), *_tables(result), *_cautions(result), *_failures(result)])


def markdown(result: Analysis) -> str:
    """The whole report without charts, as GitHub's Markdown."""
    result = with_labels(result)
    return to_markdown(
        [*_head(result), *_tables(result), *_cautions(result), *_failures(result), *how_measured(result)]
    )


def html(result: Analysis) -> str:
    """The whole report with its charts as one page, without scripts, which loads nothing."""
    result = with_labels(result)
    blocks = [
        *_head(result), *_tables(result), *_cautions(result), *_failures(result), *_charts(result), *how_measured(result),
    ]  # fmt: skip
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html_text(_title(result))}</title>
<style>
{STYLE}
</style>
</head>
<body>
{to_html(blocks)}
</body>
</html>
"""


def _title(result: Analysis) -> str:
    varied = ", ".join(result.plan.axes) or result.plan.baseline
    return f"{varied} on {', '.join(guest.name for guest in result.plan.guests)}"


def _head(result: Analysis) -> Iterator[Block]:
    yield Heading(_title(result), 1)
    yield from _answers(result)


def _answers(result: Analysis) -> Iterator[Block]:
    """Damage of the store, the answer for each guest, the cliffs, then the effect of another build."""
    if result.damage:
        first, rest = result.damage[0], len(result.damage) - 1
        more = f", and {rest} more" if rest else ""
        yield Paragraph((
            f"The store is damaged; damaged trials are left out ({first.where}: {first.why}{more}). See the cautions.",
        ))  # fmt: skip
    if not result.records:
        yield Paragraph(("Nothing has been measured yet.",))
        return
    groups = _by_build_and_guest(result.comparisons)
    items = [
        answer(
            result.plan, build, guest.name, groups.get((build.name, guest.name), []),
            result.summaries.get(Cell(build.name, guest.name, result.plan.baseline)), result.delta,
        )
        for guest in result.plan.guests
        for build in result.plan.builds
    ]  # fmt: skip
    yield Bullets(tuple(items)) if len(items) > 1 else Paragraph(items[0])
    cliffs = [*phase_sentences(result), *map(cliff_words, result.cliffs)]
    cliffs += all_slow(result.plan, result.comparisons, result.cliffs)
    cliffs += flushed(result.plan, result.summaries, result.cliffs)
    if cliffs:
        yield Bullets(tuple(cliffs)) if len(cliffs) > 1 else Paragraph(cliffs[0])
    builds = {build.name: build for build in result.plan.builds}
    if upgrades := [row for row in result.build_comparisons if row.configuration == result.plan.baseline]:
        yield Bullets(tuple(build_answer(row, builds, result.delta) for row in upgrades))


def _by_build_and_guest(comparisons: Iterable[Comparison]) -> dict[tuple[str, str], list[Comparison]]:
    def key(comparison: Comparison) -> tuple[str, str]:
        return comparison.build, comparison.guest

    return {cell: list(group) for cell, group in groupby(sorted(comparisons, key=key), key)}


def _tables(result: Analysis) -> Iterator[Block]:
    if not result.records:
        return
    yield Heading("Time beside the baseline")
    yield from tables(result)
    yield Paragraph((
        "Ratios of time to the baseline ", Mono(result.plan.baseline), (", medians of the ratios within blocks: below"
        f" 1 is faster. All intervals hold together with a chance of {percent(result.confidence)}; “no difference” means"
        f" none of more than {percent(result.delta)}."),
    ))  # fmt: skip
    if result.build_comparisons:
        yield Heading("QEMU builds")
        yield from build_tables(result)
    yield from _undecided(result)
    yield from _doubts(result)
    if result.dropped:
        yield Heading("Dropped early")
        items = [
            (Mono(cell.configuration), (f" on {where(result, cell.build, cell.guest)}: after {plural(block, 'block')},"
             " clearly slower than another or failing every time"))
            for cell, block in result.dropped.items()
        ]  # fmt: skip
        yield from _bullets(items, "configuration", ("The store's view ", Mono("given_up"), " has all."))


def _undecided(result: Analysis) -> Iterator[Block]:
    """The configurations without a verdict, and why, by reason."""
    reasons: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in result.comparisons:
        if comparison.verdict == "undecided" and (comparison.pairs or not comparison.failed):
            place = where(result, comparison.build, comparison.guest)
            reasons.setdefault((place, comparison.why), []).append(comparison)
    if not reasons:
        return
    yield Heading("Undecided")
    items = [
        (
            *_listed(result, [comparison.configuration for comparison in group]),
            f" on {place}: {why}{needed(comparison.blocks_to_decide for comparison in group)}",
        )
        for (place, why), group in reasons.items()
    ]
    yield from _bullets(items, "reason", ALL_ROWS)


def _doubts(result: Analysis) -> Iterator[Block]:
    """The configurations with a verdict that bears doubts, by doubt."""
    seen: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in result.comparisons:
        for doubt in comparison.doubts:
            place = where(result, comparison.build, comparison.guest)
            seen.setdefault((place, doubt.text), []).append(comparison)
    if not seen:
        return
    yield Heading("Verdicts with a doubt")
    items = [
        (*_listed(result, [comparison.configuration for comparison in group]), f" on {place}: {text}")
        for (place, text), group in seen.items()
    ]
    yield from _bullets(items, "doubt", ALL_ROWS)


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
    if result.cautions:
        yield Heading("Cautions")
        yield Bullets(tuple(
            (f"{caution.kind}: {caution.observation}. To do: {caution.remedy}.",) for caution in result.cautions
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
    yield Heading("Failures")
    items = list(kinds.items())
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


def _charts(result: Analysis) -> Iterator[Block]:
    """The intervals, a response for each number that varies, the builds, and all trials."""
    if not result.records:
        return
    from accelkit.study.report import charts  # Altair only where something is drawn

    yield Heading("Charts")
    yield _picture(charts.intervals(result))
    for name, axis in result.plan.axes.items():
        if len(axis.values) > 2:
            yield _picture(charts.along(result, [name]))
    names = list(result.plan.axes)
    if len(names) == 2:
        names.sort(key=lambda name: -len(result.plan.axes[name].values))
        yield _picture(charts.along(result, names))
    if result.build_comparisons:
        yield _picture(charts.builds(result))
    yield _picture(charts.trials(result))


def _picture(chart: Chart) -> Picture:
    return Picture(chart.svg(inline=True), chart.says)
