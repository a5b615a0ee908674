"""``accelkit merge``, ``compare`` and ``trend``: several stores, from a shell."""

from __future__ import annotations

import json
import os
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from accelkit.cli.annotations import annotation, append_summary
from accelkit.cli.command_parser import CommandParser, share
from accelkit.cli.output import width
from accelkit.errors import StudyError

if TYPE_CHECKING:
    from accelkit.study.across.comparison import Changes
    from accelkit.study.across.course import Course

_STATUS: Final = (
    " Exit status: 0 done, and with --fail-slower nothing can be slower by more than that; 1 something is shown to be, or"
    " fails now; 2 usage or failure; 3 nothing is shown to be, but something undecided may be."
)


def add_commands(add: Callable[..., CommandParser]) -> None:
    """Adds the three subcommands to a parser."""
    merge = add("merge", help="write one store with the trials of several",
                description="Write the trials of all STOREs into one store, FILE. If FILE is a store already, its trials "
                "stay; no other file is changed. What is there already is not added again, so the same command may be "
                "repeated, also after it was interrupted. Blocks stay whole, and the store keeps which study each is "
                "from. Studies of another baseline, guest or QEMU are refused, with the reasons.")  # fmt: skip
    merge.add_argument("store", nargs="+", metavar="STORE", help="the SQLite file of a study")
    merge.add_argument("--into", required=True, metavar="FILE", help="the store to write")
    merge.set_defaults(handler=run_merge)

    compare = add("compare", help="what became slower or faster from one store to another",
                  description="Compare two stores, of two QEMUs, kernels, hosts or weeks: for each configuration and guest "
                  "that both have, print whether it is slower or faster now, by what ratio, how sure." + _STATUS)  # fmt: skip
    compare.add_argument("old", metavar="OLD", help="the SQLite file of a study")
    compare.add_argument("new", metavar="NEW", help="the one to compare with it")
    compare.add_argument("--relative", action="store_true",
                         help="judge the ratios to the baseline within each store, in which the host's speed cancels")  # fmt: skip
    compare.add_argument("--control", metavar="GUEST",
                         help="divide by the baseline with this guest (default: with the same guest)")  # fmt: skip
    compare.add_argument("--delta", type=share, metavar="SHARE",
                         help="a smaller difference counts as no difference (default: that of NEW)")  # fmt: skip
    compare.add_argument("--confidence", type=share, metavar="SHARE",
                         help="the probability that all intervals hold (default: that of NEW)")  # fmt: skip
    compare.add_argument(
        "--junit", metavar="FILE", help="write JUnit's XML: a test for each configuration and guest"
    )
    _outputs(compare)
    compare.set_defaults(handler=run_compare)

    trend = add("trend", help="how configurations changed over many stores, and where",
                description="Order STOREs by time, and print where the level of a configuration with a guest changed, by "
                "what ratio, and what else changed there: QEMU, kernel, host. --fail-slower judges the newest store beside "
                "the level before it. Needs ruptures: pip install 'accelkit[trend]'." + _STATUS)  # fmt: skip
    trend.add_argument("store", nargs="+", metavar="STORE", help="the SQLite file of a study")
    trend.add_argument(
        "--guest", action="append", metavar="GUEST", help="only this guest; repeat it for several"
    )
    trend.add_argument("--configuration", action="append", metavar="ACCEL",
                       help="only this configuration, by its name in the report; repeat it for several")  # fmt: skip
    trend.add_argument("--absolute", action="store_true",
                       help="look at times (default: at their ratios to the baseline within each store)")  # fmt: skip
    trend.add_argument("--delta", type=share, default=0.01, metavar="SHARE",
                       help="a smaller difference counts as no difference (default: 1%%)")  # fmt: skip
    trend.add_argument("--confidence", type=share, default=0.95, metavar="SHARE",
                       help="the probability that all series together show no change in noise (default: 95%%)")  # fmt: skip
    _outputs(trend)
    trend.set_defaults(handler=run_trend)


def _outputs(command: CommandParser) -> None:
    command.add_argument("--fail-slower", type=share, metavar="SHARE",
                         help="exit with status 1 if something is shown to be slower by more than this, such as 2%%")  # fmt: skip
    command.add_argument("--html", metavar="FILE", help="write one page with a chart, in place of text")
    command.add_argument("--markdown", metavar="FILE", help="write Markdown, in place of text")
    command.add_argument("--json", action="store_true", help="print JSON, in place of text")
    command.add_argument("--github", action="store_true",
                         help="print annotations of a workflow, too, and append the report to its job's summary")  # fmt: skip


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
    print(
        f"{merged.store}: {plural(merged.trials, 'trial')} in {plural(merged.blocks, 'block')} of {studies},"
        f" {listed([source.store for source in merged.sources])}; {merged.added or 'none'} added"
    )
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
    print(path)


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
