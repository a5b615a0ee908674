"""The report of a trend: the changes of level and what changed there, the newest store, a picture, the table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

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
from accelkit.errors import StudyError, shortened
from accelkit.study.across.circumstances import Difference
from accelkit.study.across.course import Course
from accelkit.study.across.series import FEWEST_BEFORE, LevelChange, Series
from accelkit.study.across.trend_chart import chart_of_course
from accelkit.study.report.labels import labels
from accelkit.study.report.page import page
from accelkit.study.report.phrases import NOTHING, SIGNS, interval, listed, percent, plural, ratio, times

MOST_NAMED: Final = 20
"""Changes that are listed; of more, how many."""

MOST_ROWS: Final = 1000
"""Rows of the table; of more, how many."""

MOST_REASON: Final = 500
"""Characters of a reason, at most."""

WIDTH: Final = 100
"""Characters of a line of a table, where no terminal says how wide it is."""


def text(course: Course, columns: int | None = None) -> str:
    """The trend for a terminal of so many ``columns``; None is for a file or a pipe."""
    return to_text(_blocks(course), tables=columns or WIDTH, sentences=columns).rstrip("\n")


def fragment(course: Course) -> str:
    """The trend as HTML for a notebook, with its picture where there is what draws it."""
    head, *rest = _blocks(course)
    return to_html([head, *_picture(course, needed=False), *rest])


def markdown(course: Course) -> str:
    """The trend as GitHub's Markdown, without its picture."""
    return to_markdown([Heading(_title(course), 1), *_blocks(course)])


def html(course: Course) -> str:
    """The trend as one page."""
    head, *rest = _blocks(course)
    return page(_title(course), [Heading(_title(course), 1), head, *_picture(course, needed=True), *rest])


def _title(course: Course) -> str:
    return f"The trend over {plural(len(course.moments), 'store')}"


def _blocks(course: Course) -> Iterator[Block]:
    """The first of them is the answer."""
    yield Paragraph(tuple(_answer(course)))
    if why := _too_few(course):
        yield Paragraph((why,))
    if lines := [*_changes(course), *_newest(course)]:
        yield Bullets(tuple(lines))
    if course.series:
        yield Heading("Each series")
        yield _table(course)
    if course.left_out:
        items = tuple((shortened(why, MOST_REASON),) for why in course.left_out)
        yield Folded((f"Left out: {len(items)}",), (Bullets(items),))
    yield Folded(("The stores",), (_stores(course),))


def _answer(course: Course) -> Iterator[str]:
    stores, series = plural(len(course.moments), "store"), f"{len(course.series)} series"
    first, last = course.moments[0].created, course.moments[-1].created
    yield f"{stores}, from {_day(first)} to {_day(last)}, with {series}: "
    changed = sum(len(series.changes) for series in course.series)
    slower, failing = len(course.slower()), len(course.failing())
    parts = [plural(changed, "change") + " of level" if changed else "no change of level is shown"]
    if slower:
        parts.append(f"the newest store is slower in {slower}")
    if failing:
        parts.append(f"{failing} {'fails' if failing == 1 else 'fail'} in the newest store")
    yield f"{'; '.join(parts)}, {percent(course.confidence)} sure."


def _too_few(course: Course) -> str:
    """What cannot be said as there are so few stores; empty if there are enough."""
    count = len(course.moments)
    if not course.series:
        return (
            "One store shows no trend: give more, or look at it with accelkit report."
            if count == 1
            else "No two stores have a value of one configuration with one guest that can be compared."
        )
    if count < course.fewest:
        ways = "compare two of them with accelkit compare"
        fewer = ", or ask for fewer series with --guest and --configuration" if len(course.series) > 1 else ""
        return (
            f"{plural(count, 'store')} cannot show a change of level: {course.fewest} are the fewest for {len(course.series)}"
            f" series, as nobody knows how much sessions differ. Until then {ways}{fewer}."
        )
    return ""


def _changes(course: Course) -> Iterator[Inline]:
    names = _names(course)
    found = [(change, series) for series in course.series for change in series.changes]
    found.sort(key=lambda pair: (-pair[0].place, -abs(math.log(pair[0].ratio))))
    for change, series in found[:MOST_NAMED]:
        sign = SIGNS["slower" if change.ratio > 1 else "faster"]
        size, ends = times(change.ratio, change.low, change.high)
        yield (
            f"{sign} ", Mono(names[series.key.configuration]), f" on {_where(series)}: from ",
            change.after, f" on {size} before {ends}{_beside(series)}; {_what_changed(change)}.",
        )  # fmt: skip
    if len(found) > MOST_NAMED:
        yield (f"{len(found) - MOST_NAMED} more changes.",)


def _what_changed(change: LevelChange) -> str:
    if not change.differences:
        return f"since {change.before} nothing changed that the stores know"
    is_qemu = change.differences[0].what == "QEMU"  # its package and content are others, too, then
    told = [found for found in change.differences if not (is_qemu and found.what.startswith("QEMU's"))]
    return f"since {change.before} " + listed([_difference(found) for found in told])


def _difference(found: Difference) -> str:
    return shortened(f"{found.what} went from {found.old} to {found.new}", MOST_REASON)


def _newest(course: Course) -> Iterator[Inline]:
    names = _names(course)
    for series in course.failing()[:MOST_NAMED]:
        yield (
            "× ",
            Mono(names[series.key.configuration]),
            f" on {_where(series)} has only failures in {course.moments[-1].label}.",
        )
    for series in course.slower()[:MOST_NAMED]:
        if (row := series.newest) is not None:
            size, ends = times(row.ratio, row.low, row.high)
            yield (
                f"{SIGNS['slower']} ", Mono(names[series.key.configuration]),
                f" on {_where(series)} is slower in the newest store, {course.moments[-1].label}: {size} the level before",
                f" {ends}{_beside(series)}.",
            )  # fmt: skip


def _beside(series: Series) -> str:
    return ", beside the baseline" if series.kind == "beside" else ""


def _where(series: Series) -> str:
    return f"{series.key.guest}, QEMU {series.key.build}" if series.key.build else series.key.guest


def _table(course: Course) -> Table:
    names = _names(course)
    shown = course.series[:MOST_ROWS]
    rows = tuple(
        (
            _where(series), Mono(names[series.key.configuration]),
            "beside the baseline" if series.kind == "beside" else "time", str(len(series.points)),
            _course_of(series), *_newest_cells(series),
        )
        for series in shown
    )  # fmt: skip
    left = len(course.series) - len(shown)
    notes: dict[int, Inline] = {
        2: (
            "the median of the ratios to the baseline within each store, in which the host's speed cancels; or of the times",
        ),
        4: ("the levels, in proportion to the first",),
        5: (f"the newest store in proportion to the level before it, of {FEWEST_BEFORE} stores or more",),
    }
    if left:
        notes[0] = (f"{plural(left, 'more series')} in Python",)
    head = (
        "guest",
        "configuration",
        "value",
        "stores",
        "levels",
        "newest store",
        f"{percent(course.confidence)} interval",
    )
    return Table(head, rows, frozenset({3, 5, 6}), notes=notes, spare=((3,),))


def _course_of(series: Series) -> str:
    first = series.levels[0][2]
    return " → ".join(ratio(math.exp(level - first)) for _, _, level in series.levels)


def _newest_cells(series: Series) -> tuple[str, str]:
    if series.fails:
        return f"{SIGNS['failed']} fails", ""
    row = series.newest
    return (
        (NOTHING, "")
        if row is None
        else (f"{SIGNS[row.verdict]} {ratio(row.ratio)}", interval(row.low, row.high))
    )


def _stores(course: Course) -> Table:
    rows = tuple(
        (
            moment.label, _day(moment.created), shortened(_builds(course, place), MOST_REASON),
            shortened(", ".join(f"{host.name}, {host.kernel}" for host in moment.circumstances.hosts), MOST_REASON),
        )
        for place, moment in enumerate(course.moments)
    )  # fmt: skip
    return Table(("store", "begun (UTC)", "QEMU", "host"), rows)


def _builds(course: Course, place: int) -> str:
    return ", ".join(build.version for build in course.moments[place].circumstances.builds)


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"


def _names(course: Course) -> dict[str, str]:
    return labels(series.key.configuration for series in course.series)


def _picture(course: Course, *, needed: bool) -> Sequence[Block]:
    if not course.series:
        return ()
    try:
        chart = chart_of_course(course)
        return [Picture(chart.html(), chart.says)]
    except StudyError as error:
        if needed:
            raise
        return [Paragraph((f"No picture: {error}",))]
