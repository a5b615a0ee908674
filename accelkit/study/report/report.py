"""The report of a result: the answer, one picture, the table; then the details, folded, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from accelkit.document import (
    Block,
    Bullets,
    Folded,
    Heading,
    Inline,
    Paragraph,
    Picture,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.errors import StudyError
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.report.cliff_text import all_slow, cliff_words, flushed
from accelkit.study.report.details import details
from accelkit.study.report.effect_text import effect_blocks
from accelkit.study.report.effects import effects_shown
from accelkit.study.report.headline import headline
from accelkit.study.report.labels import with_labels
from accelkit.study.report.page import page
from accelkit.study.report.phase_text import phase_sentences
from accelkit.study.report.repeat import how_measured
from accelkit.study.report.tables import build_tables, tables

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart

WIDTH: Final = 80
"""Characters of a line of a table, where no terminal says how wide it is."""

MOST_LINES: Final = 24
"""Lines of the first picture, shared by its panels, so that the table is not far below the answer."""

FEWEST_LINES: Final = 5
"""Lines that each of many panels has."""

NARROWEST: Final = 40
"""A narrower terminal breaks lines itself."""


def text(result: Analysis, columns: int | None = None) -> str:
    """The answer, the table and the details, for a terminal of so many ``columns``.

    None is for a file or a pipe: sentences stay on one line each, and tables are 80 characters wide at the most.
    """
    result = with_labels(result)
    width = None if columns is None else max(columns, NARROWEST)
    blocks = [*headline(result), *_damage(result), *_body(result), *effect_section(result), *details(result)]
    return to_text(blocks, tables=width or WIDTH, sentences=width).rstrip("\n")


def fragment(result: Analysis) -> str:
    """The same as HTML for a notebook: a fragment in the notebook's colours, with one picture below the answer."""
    result = with_labels(result)
    return "\n".join((answer_fragment(result), to_html(_first_picture(result)), body_fragment(result)))


def answer_fragment(result: Analysis) -> str:
    """The first part of :func:`fragment`: the answer, and that the store is damaged if it is."""
    result = with_labels(result)
    return to_html([*headline(result), *_damage(result)])


def body_fragment(result: Analysis) -> str:
    """The last part of :func:`fragment`: the table, and the details folded."""
    result = with_labels(result)
    return to_html([*_body(result), *effect_section(result), *details(result)])


def markdown(result: Analysis) -> str:
    """The whole report without charts, as GitHub's Markdown."""
    result = with_labels(result)
    return to_markdown([
        Heading(_title(result), 1), *headline(result), *_damage(result), *_body(result), *effect_section(result), *details(result),
        *_repeat(result),
    ])  # fmt: skip


def html(result: Analysis) -> str:
    """The whole report with its charts as one page, without scripts, which loads nothing."""
    result = with_labels(result)
    blocks = [
        Heading(_title(result), 1), *headline(result), *_damage(result), *_first_picture(result, needed=True),
        *_body(result), *effect_section(result), *details(result), *_charts(result), *_repeat(result),
    ]  # fmt: skip
    return page(_title(result), blocks)


def _title(result: Analysis) -> str:
    varied = ", ".join(result.plan.axes) or result.plan.baseline
    return f"{varied} on {', '.join(guest.name for guest in result.plan.guests)}"


def _damage(result: Analysis) -> Iterator[Block]:
    if result.damage:
        first, rest = result.damage[0], len(result.damage) - 1
        more = f", and {rest} more" if rest else ""
        yield Paragraph((
            f"The store is damaged; damaged trials are left out ({first.where}: {first.why}{more}). See the cautions.",
        ))  # fmt: skip


def _body(result: Analysis) -> Iterator[Block]:
    """The table, what it shows along numbers, and the builds beside each other."""
    if not result.records:
        return
    if result.comparisons or not result.build_comparisons:
        yield Heading("Time beside the baseline")
        yield from tables(result)
    cliffs: list[Inline] = [*phase_sentences(result), *map(cliff_words, result.cliffs)]
    cliffs += all_slow(result.plan, result.comparisons, result.cliffs)
    cliffs += flushed(result.plan, result.comparisons, result.summaries, result.cliffs)
    if cliffs:
        yield Bullets(tuple(cliffs)) if len(cliffs) > 1 else Paragraph(cliffs[0])
    if result.build_comparisons:
        yield Heading("QEMU builds")
        yield from build_tables(result)


def effect_section(result: Analysis) -> Iterator[Block]:
    """What each property does, folded, if several were varied."""
    if len(result.plan.axes) > 1 and any(group.mains for group in result.all_effects):
        blocks = tuple(effect_blocks(effects_shown(result)))
        yield Folded((f"Effects: what each of {len(result.plan.axes)} properties does",), blocks)


def _repeat(result: Analysis) -> Iterator[Block]:
    yield Folded(("How this was measured, and how to repeat it",), tuple(how_measured(result)))


def _first_picture(result: Analysis, *, needed: bool = False) -> Iterator[Block]:
    """The intervals; nothing where there is nothing to draw, or, unless it is ``needed``, nothing to draw it with."""
    if not any(record.ok for record in result.records):
        return
    try:
        from accelkit.study.report import charts  # Altair only where something is drawn

        chart = (
            charts.intervals(result)
            if result.comparisons or not result.build_comparisons
            else charts.builds(result)
        )
        yield _picture(chart)
    except StudyError as error:
        if needed:
            raise
        yield Paragraph((f"No picture: {error}",))


def _charts(result: Analysis) -> Iterator[Block]:
    """A response for each number that varies, the builds, and all trials, folded."""
    if not result.records:
        return
    yield Folded(("More charts",), tuple(_more_charts(result)))


def _more_charts(result: Analysis) -> Iterator[Block]:
    from accelkit.study.report import charts  # as above

    for name, axis in result.plan.axes.items():
        if len(axis.values) > 2:
            yield _picture(charts.along(result, [name]))
    names = list(result.plan.axes)
    if len(names) > 1 and any(group.mains for group in result.all_effects):
        yield _picture(effects_shown(result).plot())
    if len(names) == 2:
        names.sort(key=lambda name: -len(result.plan.axes[name].values))
        yield _picture(charts.along(result, names))
    if result.build_comparisons and result.comparisons:
        yield _picture(charts.builds(result))
    yield _picture(charts.trials(result))


def _picture(chart: Chart) -> Picture:
    return Picture(chart.html(), chart.says)
