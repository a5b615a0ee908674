"""``accelkit merge``, ``compare`` and ``trend``: several stores, from a shell."""

from __future__ import annotations

import json
import os
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from accelkit.cli.annotations import annotation, append_summary
from accelkit.cli.output import width
from accelkit.errors import StudyError, visible_line

if TYPE_CHECKING:
    from accelkit.study.across.comparison import Changes
    from accelkit.study.across.course import Course


def run_merge(arguments: Namespace) -> int:
    """Write one store from several, and print what it has."""
    from accelkit.study.across.merge import merge
    from accelkit.study.report.phrases import listed, plural

    merged = merge(arguments.store, arguments.into)
    for store, damage in merged.damage:
        warnings.warn(
            f"{store}: left out, as it is damaged: {damage.where}: {damage.why}", UserWarning, stacklevel=1
        )
    studies = "1 study" if len(merged.sources) == 1 else f"{len(merged.sources)} studies"
    line = (
        f"{merged.store}: {plural(merged.trials, 'trial')} in {plural(merged.blocks, 'block')} of {studies},"
        f" {listed([source.store for source in merged.sources])}; {merged.added or 'none'} added"
    )
    print(visible_line(line))
    return 0


def run_compare(arguments: Namespace) -> int:
    """Print or write what changed from one store to another; the exit status is that of ``--fail-slower``."""
    from accelkit.study.across.compare import compare_stores
    from accelkit.study.across.compare_report import text
    from accelkit.study.across.measured import damage_notes

    _refuse_overwriting(arguments, (arguments.old, arguments.new))
    comparison = compare_stores(
        arguments.old, arguments.new, delta=arguments.delta, confidence=arguments.confidence,
        relative=arguments.relative, control=arguments.control,
    )  # fmt: skip
    _note(damage_notes((comparison.old, comparison.new)))
    limit: float | None = arguments.fail_slower
    status = comparison.status(limit)
    if arguments.junit is not None:
        _write(arguments.junit, comparison.junit(limit or 0.0))
    _show(arguments, comparison, lambda: text(comparison, width()), lambda: _compared(comparison, status))
    if arguments.github:
        _annotate(_of_changes(comparison, limit))
    return status


def run_trend(arguments: Namespace) -> int:
    """Print or write the trend over stores; the exit status is that of ``--fail-slower``."""
    from accelkit.study.across.trend import trend
    from accelkit.study.across.trend_report import text

    _refuse_overwriting(arguments, arguments.store)
    found = trend(
        arguments.store, guests=arguments.guest or (), configurations=arguments.configuration or (),
        absolute=arguments.absolute, delta=arguments.delta, confidence=arguments.confidence,
    )  # fmt: skip
    limit: float | None = arguments.fail_slower
    status = found.status(limit)
    _show(arguments, found, lambda: text(found, width()), lambda: _trend(found, status))
    if arguments.github:
        _annotate(_of_series(found, limit))
    return status


def _show(
    arguments: Namespace, document: Any, text: Callable[[], str], values: Callable[[], dict[str, Any]]
) -> None:
    """Print the text or JSON, or write the files that are asked for in their place; and the summary of a workflow."""
    for path, write in ((arguments.html, document.html), (arguments.markdown, document.markdown)):
        if path is not None:
            _write(path, write())
    if arguments.json:
        print(json.dumps(values(), indent=1, allow_nan=False))
    elif arguments.html is None and arguments.markdown is None:
        print(text())
    if arguments.github:
        append_summary(document.markdown())


def _compared(comparison: Changes, status: int) -> dict[str, Any]:
    return {
        "old": comparison.old.store, "new": comparison.new.store, "status": status,
        "delta": comparison.delta, "confidence": comparison.confidence, "relative": comparison.relative,
        "differences": [difference._asdict() for difference in comparison.differences],
        "changes": comparison.rows(), "left_out": comparison.left_out,
        "cautions": [{"kind": c.kind, "observation": c.observation, "remedy": c.remedy} for c in comparison.cautions],
    }  # fmt: skip


def _trend(course: Course, status: int) -> dict[str, Any]:
    from accelkit.study.analysis.tidy import finite

    return {
        "stores": [moment.store for moment in course.moments], "status": status,
        "delta": course.delta, "confidence": course.confidence, "fewest_stores": course.fewest,
        "changes": [
            {
                "guest": series.key.guest, "configuration": series.key.configuration, "build": series.key.build,
                "kind": series.kind, "before": course.moments[change.place - 1].store,
                "after": course.moments[change.place].store, "ratio": change.ratio, "low": finite(change.low),
                "high": finite(change.high), "differences": [found._asdict() for found in change.differences],
            }
            for series in course.series
            for change in series.changes
        ],
        "newest": [
            {
                "guest": series.key.guest, "configuration": series.key.configuration, "build": series.key.build,
                "kind": series.kind, "fails": series.fails,
                **({} if series.newest is None else {
                    name: finite(getattr(series.newest, name)) for name in ("ratio", "low", "high", "verdict", "why")
                }),
            }
            for series in course.series
        ],
        "points": course.rows(), "left_out": course.left_out,
    }  # fmt: skip


def _of_changes(comparison: Changes, limit: float | None) -> Iterable[str]:
    from accelkit.study.across.junit import slower_words

    for change in comparison.failing():
        yield annotation("error", "accelkit: fails", change.why_fails)
    for change in comparison.slower(limit or 0.0):
        if not change.fails:
            message = slower_words(change, comparison.judged(change), limit or 0.0)
            yield annotation("warning" if limit is None else "error", "accelkit: slower", message)


def _of_series(course: Course, limit: float | None) -> Iterable[str]:
    from accelkit.study.report.phrases import interval, ratio

    newest = course.moments[-1].store
    for series in course.failing():
        where = f"{series.key.configuration} on {series.key.guest}"
        yield annotation("error", "accelkit: fails", f"{where} has only failures in {newest}")
    for series in course.slower(limit or 0.0):
        if (row := series.newest) is not None:
            where = f"{series.key.configuration} on {series.key.guest}"
            message = f"{where} takes {ratio(row.ratio)} times as long in {newest} as before, {interval(row.low, row.high)}"
            yield annotation("warning" if limit is None else "error", "accelkit: slower", message)


def _annotate(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _note(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        warnings.warn(sentence, UserWarning, stacklevel=2)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    print(visible_line(path))  # a line break in it would begin another line, such as a command to a workflow


def _refuse_overwriting(arguments: Namespace, stores: Sequence[str]) -> None:
    """Raises StudyError for a file to write that is one of the stores."""
    for option in ("html", "markdown", "junit"):
        path = getattr(arguments, option, None)
        for store in stores:
            if (
                path is not None
                and os.path.exists(path)
                and os.path.exists(store)
                and os.path.samefile(path, store)
            ):
                raise StudyError(f"--{option} {path}: is one of the stores; name another file")
