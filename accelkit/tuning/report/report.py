"""The report of a tuning: what to run, the search in one picture, the confirming study's table; then the rest, folded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from accelkit.document import (
    Block,
    Bullets,
    Folded,
    Heading,
    Inline,
    Mono,
    Paragraph,
    Picture,
    Table,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.errors import StudyError, shortened, visible_line
from accelkit.study.report.charts import modules
from accelkit.study.report.details import details
from accelkit.study.report.effect_text import effect_blocks, effect_sentence
from accelkit.study.report.labels import MOST_NAME, with_labels
from accelkit.study.report.page import page
from accelkit.study.report.phrases import NOTHING, interval, percent, plural, ratio
from accelkit.study.report.repeat import facts_of
from accelkit.study.report.report import NARROWEST, WIDTH
from accelkit.study.report.tables import tables
from accelkit.tuning.goals import cost_word, mebibytes
from accelkit.tuning.progress import SURE
from accelkit.tuning.report.history import history

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart
    from accelkit.tuning.outcome import TuningOutcome

MOST_TRIED: Final = 20
"""Points in the table of what the search tried, the best first."""

MOST_REASONS: Final = 20
"""Reasons for which points were dropped that a report lists, those of most points first."""


def text(tuned: TuningOutcome, columns: int | None = None) -> str:
    """The answer, the table and the details, for a terminal of so many ``columns``; None is for a file or a pipe."""
    width = None if columns is None else max(columns, NARROWEST)
    blocks = [*answer(tuned), *_body(tuned), *_folded(tuned)]
    return to_text(blocks, tables=width or WIDTH, sentences=width).rstrip("\n")


def fragment(tuned: TuningOutcome) -> str:
    """The same as HTML for a notebook, with the picture of the search below the answer."""
    return to_html([*answer(tuned), *_picture(tuned), *_body(tuned), *_folded(tuned)])


def answer_fragment(tuned: TuningOutcome) -> str:
    """The answer, as HTML."""
    return to_html(list(answer(tuned)))


def body_fragment(tuned: TuningOutcome) -> str:
    """What is below the picture, as HTML: the tables, and the details folded."""
    return to_html([*_body(tuned), *_folded(tuned)])


def markdown(tuned: TuningOutcome) -> str:
    """The whole report without charts, as GitHub's Markdown."""
    return to_markdown(
        [Heading(_title(tuned), 1), *answer(tuned), *_body(tuned), *_folded(tuned), *_repeat(tuned)]
    )


def html(tuned: TuningOutcome) -> str:
    """The whole report with its charts as one page, without scripts, which loads nothing."""
    title = _title(tuned)
    return page(title, [
        Heading(title, 1), *answer(tuned), *_picture(tuned, needed=True), *_body(tuned), *_folded(tuned),
        *_charts(tuned), *_repeat(tuned),
    ])  # fmt: skip


def answer(tuned: TuningOutcome) -> Iterator[Block]:
    """What to run, how sure that is, what was tried; and what matters, where that is clear."""
    first, *more = tuned.sentences
    yield Paragraph(tuple(_quoted(tuned, visible_line(first))), strong=True)
    if told := effect_sentence(tuned.effects().guests, tuned.standards.delta, cost_word(tuned.terms)):
        yield Paragraph(told)
    if more:
        yield Bullets(tuple(tuple(_quoted(tuned, visible_line(sentence))) for sentence in more))
    if damage := tuned.result.damage:
        yield Paragraph((f"The store is damaged; {plural(len(damage), 'part')} of it is left out.",))


def _quoted(tuned: TuningOutcome, sentence: str) -> Iterator[str]:
    """``sentence`` with the names of the finalists and the baseline as quoted words."""
    rest = sentence
    while rest:
        found = [(place, -len(name), name) for name in tuned.result.plan.settings
                 if (place := rest.find(name)) >= 0]  # fmt: skip
        if not found:
            yield rest
            return
        place, _, name = min(found)
        yield from filter(None, (rest[:place],))
        yield Mono(name)
        rest = rest[place + len(name) :]


def _title(tuned: TuningOutcome) -> str:
    return f"Tuning of {shortened(visible_line(tuned.terms.space), MOST_NAME)} for {', '.join(tuned.guests)}"


def _body(tuned: TuningOutcome) -> Iterator[Block]:
    if tuned.result.comparisons and tuned.result.records:
        yield Heading("The confirming study: time beside the baseline")
        yield from tables(with_labels(tuned.result))
    if tuned.costs:
        yield Heading("What one setting for all costs each guest")
        yield _costs(tuned)
    if tuned.front:
        yield Heading("The front: nothing tried is better in one and as good in the other")
        yield _front(tuned)


def _costs(tuned: TuningOutcome) -> Table:
    """Each guest: what is best for it alone, and how the pick does beside that."""
    rows = [
        (guest, Mono(_short(tuned.name)), "1", "", "· the pick is the best for it")
        if row is None
        else (guest, Mono(_short(row.baseline)), ratio(row.ratio), interval(row.low, row.high), row.verdict)
        for guest, row in tuned.costs.items()
    ]
    head = (
        "guest",
        "best for it alone",
        "the pick beside it",
        f"{percent(tuned.standards.confidence)} interval",
        "verdict",
    )
    return Table(head, tuple(rows), frozenset({2, 3}))


def _front(tuned: TuningOutcome) -> Table:
    rows = tuple(
        (Mono(_short(point.name)), ratio(point.time), ratio(point.max_rss), str(point.blocks))
        for point in tuned.front
    )
    picked = frozenset(place for place, point in enumerate(tuned.front) if point.name == tuned.name)
    weights = ", ".join(f"{name} × {weight:g}" for name, weight in tuned.terms.goals.items())
    notes: dict[int, Inline] = {
        0: (f"the pick by the weights {weights} is bold, if it is on the front",),
        1: ("ratio to the baseline's, by all trials; what was chosen for it looks a little too good",),
        2: ("the most memory of QEMU, ratio to the baseline's",),
    }
    return Table(
        ("configuration", "time", "memory", "blocks"), rows, frozenset({1, 2, 3}), picked, notes=notes
    )


def _folded(tuned: TuningOutcome) -> Iterator[Block]:
    yield from _tried(tuned)
    yield from _dropped(tuned)
    effects = tuned.effects()
    if any(group.mains for group in effects.guests):
        yield Folded(
            ("Effects: what each property does, by the trials of the search",), tuple(effect_blocks(effects))
        )
    yield from details(with_labels(tuned.result))


def _tried(tuned: TuningOutcome) -> Iterator[Block]:
    search = tuned.search
    if not search.tried:
        return
    known = sorted(
        (point for point in search.tried if point.ratio is not None), key=lambda point: point.ratio or 0.0
    )
    finalists = {point.name for point in tuned.result.plan.configurations}
    rows = tuple(
        (Mono(_short(point.name)), ratio(math.exp(point.ratio or 0.0)), _estimate(point.ratio, point.spread),
         "baseline" if point.name == tuned.baseline.name else "finalist" if point.name in finalists
         else "dropped" if point.name in search.dropped else "")
        for point in known[:MOST_TRIED]
    )  # fmt: skip
    summary = f"What the search tried: {len(search.tried)} of {plural(search.size, 'point')}, in {plural(search.trials, 'trial')}"
    notes: dict[int, Inline] = {1: ("the estimate at the end of the search, ratio to the baseline's",)}
    more = len(search.tried) - len(rows)
    chosen = f"The points were chosen by {search.sampler}."
    if search.dropped:
        verb = "was" if len(search.dropped) == 1 else "were"
        chosen += f" {plural(len(search.dropped), 'point')} {verb} dropped: they seemed to cost too much to go on with."
    blocks: list[Block] = [Paragraph((chosen,))]
    if rows:
        head = ("configuration", cost_word(tuned.terms), "95% range", "role")
        blocks.append(Table(head, rows, frozenset({1, 2}), notes=notes))
    if more > 0:
        shown = Mono("point")
        blocks.append(
            Paragraph(
                (f"{plural(more, 'more point')} not shown here: the store's table ", shown, " has all.")
            )
        )
    yield Folded((summary,), tuple(blocks))


def _estimate(middle: float | None, spread: float | None) -> str:
    if middle is None or spread is None:
        return NOTHING
    return interval(math.exp(middle - SURE * spread), math.exp(middle + SURE * spread))


def _dropped(tuned: TuningOutcome) -> Iterator[Block]:
    """Why points cannot be used, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for name, why in tuned.search.unusable.items():
        reasons.setdefault(visible_line(why), []).append(name)
    if not reasons:
        return
    limit = tuned.terms.max_rss
    allowed = f", with at most {mebibytes(limit)} of memory" if limit is not None else ""
    ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
    items: list[Inline] = [
        (*_names(names), f": {shortened(why, 200)}") for why, names in ordered[:MOST_REASONS]
    ]
    if (more := len(ordered) - MOST_REASONS) > 0:
        items.append((f"{plural(more, 'more reason')}, each in the table ", Mono("point"), " of the store"))
    yield Folded(
        (f"Cannot be used: {plural(sum(map(len, reasons.values())), 'point')}{allowed}",),
        (Bullets(tuple(items)),),
    )


def _names(names: list[str]) -> Iterator[str]:
    for place, name in enumerate(names[:3]):
        yield from (", ",) if place else ()
        yield Mono(_short(name))
    if len(names) > 3:
        yield f" and {len(names) - 3} more"


def _short(name: str) -> str:
    return shortened(visible_line(name), MOST_NAME)


def _picture(tuned: TuningOutcome, *, needed: bool = False) -> Iterator[Block]:
    """The search; nothing where there is nothing to draw, or, unless it is ``needed``, nothing to draw it with."""
    try:
        chart = search_picture(tuned)
    except StudyError as error:
        if needed:
            raise
        yield Paragraph((f"No picture: {error}",))
        return
    yield _drawn(chart)


def search_picture(tuned: TuningOutcome) -> Chart:
    """The chart of the search. Raises StudyError if Altair is not installed, and if the store cannot be read."""
    modules()
    from accelkit.tuning.report.search_chart import (
        search_chart,  # Altair is heavy, and needed for drawing alone
    )

    return search_chart(tuned, history(tuned.searched(), tuned.terms, tuned.baseline.name))


def _charts(tuned: TuningOutcome) -> Iterator[Block]:
    blocks = [_drawn(tuned.effects().plot())] if any(group.mains for group in tuned.effects().guests) else []
    if tuned.result.records:
        blocks += [_drawn(tuned.result.plot()), _drawn(tuned.result.plot_trials())]
    if blocks:
        yield Folded(("More charts",), tuple(blocks))


def _drawn(chart: Chart) -> Picture:
    return Picture(chart.html(), chart.says)


def _repeat(tuned: TuningOutcome) -> Iterator[Block]:
    """Host, versions, what was asked for, and how to go on."""
    terms = tuned.terms
    asked = [
        ("space", Mono(shortened(terms.space, 4000))),
        ("guests", ", ".join(f"{name} × {weight:g}" for name, weight in terms.weights.items())),
        ("goals", ", ".join(f"{name} × {weight:g}" for name, weight in terms.goals.items())),
        ("budget", ", ".join(filter(None, (
            f"{terms.trials} trials" if terms.trials is not None else "",
            f"{terms.seconds:g} s" if terms.seconds is not None else "",
        )))),
    ]  # fmt: skip
    yield Folded(("How this was measured",), (Table(("", ""), (*facts_of(tuned.result), *asked)),))
