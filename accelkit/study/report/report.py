"""The report of a result: the answer first, then the table, doubts, failures, and how to repeat it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from accelkit.document import (
    Block,
    Bullets,
    Code,
    Heading,
    Mono,
    Paragraph,
    Picture,
    Table,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.errors import ArgvError
from accelkit.parsing.recipes import parse, recipes_of
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import axes_of, latest
from accelkit.study.model import Cell, Configuration, Record
from accelkit.study.report.answers import answer, build_answer
from accelkit.study.report.cliff_text import all_slow, cliff_words, flushed
from accelkit.study.report.phrases import needed, percent, plural
from accelkit.study.report.tables import build_table, table, where
from accelkit.study.standards import Standards

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart

MOST_WORDS: Final = 12
"""Lines that are kept of what QEMU printed."""

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
    """The answers, the table and the doubts, for a terminal."""
    return to_text([*_answers(result), *_tables(result), *_doubts(result), *_failures(result)]).rstrip("\n")


def fragment(result: Analysis) -> str:
    """The same as HTML without a page around it, for a notebook: the notebook's own colours."""
    return to_html([*_answers(result), *_tables(result), *_doubts(result), *_failures(result)])


def markdown(result: Analysis) -> str:
    """The whole report but for the charts, as GitHub's Markdown."""
    return to_markdown(
        [*_head(result), *_tables(result), *_doubts(result), *_failures(result), *_how(result)]
    )


def html(result: Analysis) -> str:
    """The whole report as one page, charts included, that needs nothing else: no script, no network."""
    blocks = [
        *_head(result), *_tables(result), *_doubts(result), *_failures(result), *_charts(result), *_how(result),
    ]  # fmt: skip
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(_title(result))}</title>
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
    varied = ", ".join(axes_of(result.plan)) or result.plan.baseline
    return f"{varied} on {', '.join(guest.name for guest in result.plan.guests)}"


def _head(result: Analysis) -> Iterator[Block]:
    yield Heading(_title(result), 1)
    yield from _answers(result)


def _answers(result: Analysis) -> Iterator[Block]:
    """A sentence a guest, then the cliffs, then what another build cost."""
    if not result.records:
        yield Paragraph(("Nothing has been measured yet.",))
        return
    groups = _by_cell(result.comparisons)
    items = [
        answer(
            result.plan, build, guest.name, groups.get((build.name, guest.name), []),
            result.summaries.get(Cell(build.name, guest.name, result.plan.baseline)), result.delta,
        )
        for guest in result.plan.guests
        for build in result.plan.builds
    ]  # fmt: skip
    yield Bullets(tuple(items)) if len(items) > 1 else Paragraph(items[0])
    cliffs = [cliff_words(edge) for edge in result.cliffs]
    cliffs += all_slow(result.plan, result.comparisons, result.cliffs)
    cliffs += flushed(result.plan, result.summaries, result.cliffs)
    if cliffs:
        yield Bullets(tuple(cliffs)) if len(cliffs) > 1 else Paragraph(cliffs[0])
    builds = {each.name: each for each in result.plan.builds}
    upgrades = [each for each in result.build_comparisons if each.configuration == result.plan.baseline]
    if upgrades:
        yield Bullets(tuple(build_answer(each, builds, result.delta) for each in upgrades))


def _by_cell(comparisons: Iterable[Comparison]) -> dict[tuple[str, str], list[Comparison]]:
    def key(each: Comparison) -> tuple[str, str]:
        return each.build, each.guest

    return {cell: list(group) for cell, group in groupby(sorted(comparisons, key=key), key)}


def _tables(result: Analysis) -> Iterator[Block]:
    if not result.records:
        return
    yield Heading("Time beside the baseline")
    yield table(result)
    yield Paragraph((
        "Ratios of time to the baseline ", Mono(result.plan.baseline), (", medians of the ratios within blocks: below"
        f" 1 is faster. All intervals hold together with a chance of {percent(result.confidence)}; “no difference” means"
        f" none of more than {percent(result.delta)}."),
    ))  # fmt: skip
    if result.build_comparisons:
        yield Heading("QEMU builds")
        yield build_table(result)
    undecided: dict[tuple[str, str], list[Comparison]] = {}
    for each in result.comparisons:
        if each.verdict == "undecided" and (each.pairs or not each.failed):
            undecided.setdefault((where(result, each.build, each.guest), each.why), []).append(each)
    if undecided:
        yield Heading("Undecided")
        yield Bullets(tuple(
            (*_names(group), f" on {place}: {why}{needed(each.blocks_to_decide for each in group)}")
            for (place, why), group in undecided.items()
        ))  # fmt: skip
    if result.dropped:
        yield Heading("Dropped early")
        yield Bullets(tuple(
            (Mono(cell.configuration), (f" on {where(result, cell.build, cell.guest)}: after {plural(block, 'block')},"
             " having clearly lost or never worked"))
            for cell, block in result.dropped.items()
        ))  # fmt: skip


def _names(group: Sequence[Comparison]) -> Iterator[str]:
    """The configurations' names, commas between."""
    for place, each in enumerate(group):
        yield from (", ",) if place else ()
        yield Mono(each.configuration)


def _doubts(result: Analysis) -> Iterator[Block]:
    if found := result.cautions:
        yield Heading("Cautions")
        yield Bullets(tuple((f"{each.kind}: {each.observation}. To do: {each.remedy}.",) for each in found))


def _failures(result: Analysis) -> Iterator[Block]:
    """By build, guest, configuration and cause: how many, why, and what QEMU printed last."""
    found: dict[tuple[Cell, str], list[Record]] = {}
    for record in result.failures:
        found.setdefault((record.trial.cell, record.failure), []).append(record)
    if not found:
        return
    yield Heading("Failures")
    tried = Counter(record.trial.cell for record in latest(result.records))
    for (cell, cause), records in found.items():
        last = records[-1]
        why = f": {last.why}" if last.why else ""
        yield Paragraph((
            Mono(cell.configuration), (f" on {where(result, cell.build, cell.guest)}: {cause}, {len(records)} of"
            f" {plural(tried[cell], 'trial')}{why}"),
        ))  # fmt: skip
        lines = last.stderr.strip().splitlines()
        if lines and last.stderr.strip() != last.why:
            cut = [f"… {len(lines) - MOST_WORDS} lines before"] if len(lines) > MOST_WORDS else []
            yield Code("\n".join([*cut, *lines[-MOST_WORDS:]]))


def _charts(result: Analysis) -> Iterator[Block]:
    """The intervals, a response for each number that varies, the builds, and all trials."""
    if not result.records:
        return
    from accelkit.study.report import charts  # Altair only where something is drawn

    yield Heading("Charts")
    yield _picture(charts.intervals(result))
    for name, axis in axes_of(result.plan).items():
        if len(axis.values) > 2:
            yield _picture(charts.along(result, [name]))
    names = list(axes_of(result.plan))
    if len(names) == 2:
        names.sort(key=lambda name: -len(axes_of(result.plan)[name].values))
        yield _picture(charts.along(result, names))
    if result.build_comparisons:
        yield _picture(charts.builds(result))
    yield _picture(charts.trials(result))


def _picture(chart: Chart) -> Picture:
    return Picture(chart.svg(inline=True), chart.says)


def _how(result: Analysis) -> Iterator[Block]:
    """Host, versions, commands."""
    plan = result.plan
    yield Heading("How this was measured, and how to repeat it")
    info = dict(result.info)
    command = info.pop("command", "") or shlex.join(again(result))
    blocks = len({record.trial.block for record in result.records})
    seed = f"{plural(blocks, 'block')} in random order, seed {plan.seed}"
    facts = [(name, value) for name, value in info.items() if value]
    facts += [(f"QEMU {build.name}", build.version) for build in plan.builds]
    facts += [
        (f"guest {guest.name}", Mono(guest.code) if guest.code else guest.fingerprint)
        for guest in plan.guests
        if guest.code or guest.fingerprint
    ]
    facts += [("trials", f"{len(latest(result.records))}, in {seed}")]
    yield Table(("", ""), tuple(facts))
    yield Paragraph(("To repeat the study:",))
    yield Code(command)
    yield Paragraph(("What was run, each with the guest's own options added:",))
    yield Code("\n".join(
        shlex.join([*build.command, *point.argv]) for build in plan.builds for point in plan.configurations
    ))  # fmt: skip
    yield Paragraph((
        ("Each block runs every configuration with every guest once, in random order. A trial's figure, for a bundled"
         " guest its fastest slice, is divided by the baseline's of the same block; the median of these ratios is"
         " shown."),
    ))  # fmt: skip


def again(result: Analysis) -> list[str]:
    """A command that repeats the study, made from its plan: its space and guests in Python, its baseline in QEMU's words."""
    plan = result.plan
    codes = list(map(_code, plan.configurations))
    words = ["accelkit", "study", codes[0] if len(codes) == 1 else f"each({', '.join(codes)})"]
    words += [word for guest in plan.guests for word in ("--guest", guest.code or guest.name)]
    words += [word for build in plan.builds for word in ("--qemu", shlex.join(build.command))]
    blocks = max((record.trial.block + 1 for record in result.records), default=20)
    base = next(point for point in plan.configurations if point.name == plan.baseline)
    text = base.argv[1] if len(base.argv) == 2 else shlex.join(base.argv)
    words += ["--baseline", _code(base) if "{" in text else text]  # braces would be read as several values
    words += ["--seed", str(plan.seed), "--blocks", str(blocks)]
    usual = Standards()
    for name, asked, default in (
        ("delta", result.delta, usual.delta), ("confidence", result.confidence, usual.confidence),
    ):  # fmt: skip
        words += [] if asked == default else [f"--{name}", percent(asked)]
    return [*words, "--store", "again.sqlite"]


def _code(point: Configuration) -> str:
    """The configuration as Python text, made of its argv where the study did not keep it."""
    try:
        return point.code or repr(recipes_of(parse(list(point.argv))))
    except ArgvError:  # what no QEMU takes; the command will say so as well
        return shlex.join(point.argv)
