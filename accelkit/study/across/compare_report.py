"""The report of a comparison of two stores: what changed, what differs besides, a picture, the table, the cautions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    TableCell,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.errors import StudyError, shortened
from accelkit.study.across.change import Change, Ratio
from accelkit.study.across.compare_chart import chart_of_changes
from accelkit.study.across.comparison import Changes
from accelkit.study.report.labels import labels
from accelkit.study.report.page import page
from accelkit.study.report.phrases import NOTHING, SIGNS, interval, percent, plural, ratio, times

MOST_NAMED: Final = 5
"""Changes that the first sentences name; of more they say how many."""

MOST_ROWS: Final = 1000
"""Rows of the table; of more it says how many there are."""

MOST_REASON: Final = 500
"""Characters of a reason, at most: a store may hold long ones."""

WIDTH: Final = 100
"""Characters of a line of a table, where no terminal says how wide it is."""


def text(comparison: Changes, columns: int | None = None) -> str:
    """The comparison for a terminal of so many ``columns``; None is for a file or a pipe."""
    return to_text(_blocks(comparison), tables=columns or WIDTH, sentences=columns).rstrip("\n")


def fragment(comparison: Changes) -> str:
    """The comparison as HTML for a notebook, with its picture where there is what draws it."""
    head, *rest = _blocks(comparison)
    return to_html([head, *_picture(comparison, needed=False), *rest])


def markdown(comparison: Changes) -> str:
    """The comparison as GitHub's Markdown, without its picture."""
    return to_markdown([Heading(_title(comparison), 1), *_blocks(comparison)])


def html(comparison: Changes) -> str:
    """The comparison as one page."""
    head, *rest = _blocks(comparison)
    blocks = [Heading(_title(comparison), 1), head, *_picture(comparison, needed=True), *rest]
    return page(_title(comparison), blocks)


def _title(comparison: Changes) -> str:
    return f"{comparison.new.label} beside {comparison.old.label}"


def _blocks(comparison: Changes) -> Iterator[Block]:
    """The first of them is the answer."""
    yield Paragraph(tuple(_answer(comparison)))
    if lines := [*_named(comparison)]:
        yield Bullets(tuple(lines))
    yield from _differences(comparison)
    yield Heading("Time beside the old store")
    yield _table(comparison)
    if comparison.left_out:
        yield Folded(
            (f"Not compared: {len(comparison.left_out)}",),
            (Bullets(tuple((shortened(why, MOST_REASON),) for why in comparison.left_out)),),
        )
    if reasons := [*_reasons(comparison)]:
        yield Folded(("Why it is undecided",), (Bullets(tuple(reasons)),))
    if comparison.cautions:
        items = (
            (f"{c.kind}: {shortened(c.observation, MOST_REASON)}; {c.remedy}.",) for c in comparison.cautions
        )
        yield Folded(("Cautions",), (Bullets(tuple(items)),))


def _answer(comparison: Changes) -> Iterator[str]:
    counts = {
        word: sum(
            comparison.judged(change).verdict == word and not change.fails for change in comparison.counted
        )
        for word in ("slower", "faster", "no difference", "undecided")
    }
    parts = [f"{counts[word]} {word}" for word in ("slower", "faster") if counts[word]]
    if counts["no difference"]:
        parts.append(
            f"{counts['no difference']} without a difference of more than {percent(comparison.delta)}"
        )
    if counts["undecided"]:
        parts.append(f"{counts['undecided']} undecided")
    if failing := len(comparison.failing()):
        parts.insert(0, f"{failing} {'fails' if failing == 1 else 'fail'} now")
    what = " in proportion to the control" if comparison.relative else ""
    compared = plural(len(comparison.counted), "comparison")
    yield f"From {comparison.old.label} to {comparison.new.label}{what}, of {compared}: "
    yield f"{', '.join(parts)}; {percent(comparison.confidence)} sure."


def _named(comparison: Changes) -> Iterator[Inline]:
    names = _names(comparison)
    for change in comparison.failing()[:MOST_NAMED]:
        yield (
            "× ",
            Mono(names[change.configuration]),
            f" on {change.guest} fails now: {_cut(change.why_fails)}.",
        )
    for word in ("slower", "faster"):
        changed = [
            change
            for change in comparison.counted
            if comparison.judged(change).verdict == word and not change.fails
        ]
        changed.sort(key=lambda change: comparison.judged(change).ratio, reverse=word == "slower")
        for change in changed[:MOST_NAMED]:
            row = comparison.judged(change)
            size, ends = times(row.ratio, row.low, row.high)
            yield (
                f"{SIGNS[word]} ", Mono(names[change.configuration]),
                f" on {change.guest} is {word}: {size} before {ends}{_beside_words(comparison, change)}.",
            )  # fmt: skip
        if len(changed) > MOST_NAMED:
            yield (f"{len(changed) - MOST_NAMED} more are {word}.",)


def _beside_words(comparison: Changes, change: Change) -> str:
    """What the other ratio of a change says, where it says something else."""
    if change.beside is None:
        return ""
    other = change.time if comparison.relative else change.beside
    if other.verdict == comparison.judged(change).verdict:
        return ""
    where = "by its time" if comparison.relative else f"beside {_control(comparison)}"
    return f"; {where} {other.verdict}, {ratio(other.ratio)} {interval(other.low, other.high)}".rstrip()


def _control(comparison: Changes) -> str:
    return "the baseline" if comparison.control is None else f"the baseline on {comparison.control}"


def _differences(comparison: Changes) -> Iterator[Block]:
    yield Heading("What differs besides")
    found = comparison.differences
    if not found:
        yield Paragraph(("Nothing that the stores know: same host, kernel, QEMU and accelkit.",))
        return
    rows = tuple((what, _cut(old), _cut(new)) for what, old, new in found)
    yield Table(("", comparison.old.label, comparison.new.label), rows, row_headers=True)


def _table(comparison: Changes) -> Table:
    names = _names(comparison)
    has_beside = any(change.beside for change in comparison.changes)
    several = len({change.old_build for change in comparison.changes}) > 1
    rows = [
        (
            change.guest, Mono(names[change.configuration]), *([_builds(change)] if several else []),
            f"{SIGNS['failed']} fails now" if change.fails else _verdict(change.time),
            ratio(change.time.ratio), interval(change.time.low, change.time.high),
            *(_beside(change) if has_beside else ()), f"{change.runs[0]}, {change.runs[1]}",
        )
        for change in comparison.changes[:MOST_ROWS]
    ]  # fmt: skip
    chance = f"{percent(comparison.confidence)} interval"
    head = (
        "guest", "configuration", *(["QEMU"] if several else []), "verdict", "time", chance,
        *((f"beside {_control(comparison)}", chance) if has_beside else ()), "runs",
    )  # fmt: skip
    first = 3 + several
    last = len(head) - 1
    numbers = (first, first + 1, last, *((first + 3,) if has_beside else ()))
    left = len(comparison.changes) - len(rows)
    more = f"; {plural(left, 'more row')} in Python" if left > 0 else ""
    notes: dict[int, Inline] = {
        first - 1: (
            f"no difference of more than {percent(comparison.delta)}; all intervals of a column hold at once",
        ),
        first: ("the median of the new store's runs, divided by that of the old one's; below 1 is faster",),
        last: (f"those that gave a value, in the old store and in the new one{more}",),
    }
    if has_beside:
        notes[first + 2] = (
            f"the same of the times divided, block by block, by those of {_control(comparison)}, so that the host's speed cancels",
        )
    return Table(
        head, tuple(rows), frozenset(numbers), notes=notes,
        spare=((last,), *(((first + 3,),) if has_beside else ())),
    )  # fmt: skip


def _verdict(row: Ratio) -> str:
    return f"{SIGNS[row.verdict]} {row.verdict}"


def _beside(change: Change) -> tuple[str | TableCell, str]:
    if change.beside is None:
        return NOTHING, ""
    return f"{SIGNS[change.beside.verdict]} {ratio(change.beside.ratio)}", interval(
        change.beside.low, change.beside.high
    )


def _builds(change: Change) -> str:
    return (
        change.new_build
        if change.old_build == change.new_build
        else f"{change.old_build} → {change.new_build}"
    )


def _reasons(comparison: Changes) -> Iterator[Inline]:
    names = _names(comparison)
    for change in comparison.counted[:MOST_ROWS]:
        row = comparison.judged(change)
        if row.why and not change.fails:
            yield Mono(names[change.configuration]), f" on {change.guest}: {_cut(row.why)}."


def _names(comparison: Changes) -> dict[str, str]:
    return labels(change.configuration for change in comparison.changes)


def _cut(text: str) -> str:
    return shortened(text, MOST_REASON)


def _picture(comparison: Changes, *, needed: bool) -> Sequence[Block]:
    try:
        chart = chart_of_changes(comparison)
        return [Picture(chart.html(), chart.says)]
    except StudyError as error:
        if needed:
            raise
        return [Paragraph((f"No picture: {error}",))]
