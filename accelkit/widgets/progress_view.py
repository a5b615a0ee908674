"""Progress view: what a dashboard says of a study, from a result to text and HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from accelkit.document import Bullets, Heading, Mono, Paragraph, Picture, to_html
from accelkit.errors import StudyError
from accelkit.measure.outcome import FAILURES
from accelkit.study.model import Record, Trial
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress, duration
from accelkit.study.report.phrases import plural
from accelkit.study.report.report import fragment
from accelkit.study.report.tables import where
from accelkit.study.result import Result

State = Literal[
    "not started", "running", "stopping", "stopped", "finished", "failed", "running elsewhere", "not running",
    "result",
]  # fmt: skip

MEANING: Final[dict[State, str]] = {
    "not started": "nothing has been measured yet",
    "running": "each trial is stored as it ends",
    "stopping": "the trial that is being measured is waited for",
    "stopped": "all that was measured is stored; resume goes on from there",
    "finished": "the store has all that was asked for",
    "failed": "what was measured is stored; put right what is said below, then resume",
    "running elsewhere": "another process, or another cell of this kernel, is writing the store; what it stores is shown",
    "not running": "nobody is writing the store now; what it holds is shown",
    "result": "what had been measured when it was read",
}

MOST_FAILURES: Final = 10
"""Lines of the log; the newest are kept, and the store keeps all."""

_UNKNOWN: Final = (
    "When it ends is known to the process that measures: a store keeps no budget. "
    "A dashboard of the same <code>prepare(…)</code> knows it, too."
)

RECENT: Final = 40
"""Trials by which the pace of a study is judged that another process measures."""


@dataclass(frozen=True, slots=True)
class StoredProgress:
    """How far a study is by its store alone.

    ``progress`` is None before anything is stored; ``last`` is when the last trial began, in seconds
    since the epoch, ``pace`` the seconds from one trial's begin to the next's. ``upcoming`` is the trial that comes next by the plan: where another process measures
    one by one, the one it is at. ``complete`` says that all blocks asked for are done, as far as is known.
    """

    progress: Progress | None = None
    last: float | None = None
    pace: float | None = None
    upcoming: Trial | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen: the state, how far it is, the trial being measured, and what went wrong.

    ``plan`` is None before there is a store; ``failures`` are the trials that gave no figure, in order;
    ``command`` is the one that began the study, empty where none was stored.
    """

    state: State
    standing: StoredProgress = field(default_factory=StoredProgress)
    progress: Progress | None = None
    trial: Trial | None = None
    plan: Plan | None = None
    failures: tuple[Record, ...] = ()
    command: str = ""
    problem: str = ""


def standing(result: Result, blocks: int | None = None) -> StoredProgress:
    """How far the study is whose store held ``result``; ``blocks`` is how many were asked for, if it is known."""
    plan, dropped, records = result.plan, result.dropped, result.records
    done = {record.trial.id for record in records if record.done}

    def missing(block: int) -> Iterator[Trial]:
        gone = frozenset(cell for cell, since in dropped.items() if since <= block)
        return (trial for trial in plan.block(block, gone) if trial.id not in done)

    at = records[-1].trial.block if records else 0
    upcoming = next((trial for block in (at, at + 1) for trial in missing(block)), None)
    if not records:
        return StoredProgress(upcoming=upcoming)
    total = None
    if blocks is not None:
        total = len(plan.cells) * blocks - sum(max(0, blocks - since) for since in dropped.values())
        total = max(total, len(done))
    return StoredProgress(
        progress=Progress(at, blocks, len(done), total, 0.0, None),
        last=records[-1].started,
        pace=pace(records),
        upcoming=upcoming,
        complete=blocks is not None and not any(any(missing(block)) for block in range(blocks)),
    )


def pace(records: Sequence[Record]) -> float | None:
    """Seconds from the begin of a trial to that of the next, as of late; None before there are two.

    The median, so that a pause in between counts for little.
    """
    begun = sorted(record.started for record in records[-RECENT:])
    return median(later - sooner for sooner, later in pairwise(begun)) if len(begun) > 1 else None


def state_html(sight: View) -> str:
    """The state in words, and the problem if there is one."""
    said = f'<div class="ak-state" role="status"><b>{sight.state}</b>: {MEANING[sight.state]}</div>'
    if sight.problem:
        said += f'<div class="ak-problem" role="alert">{escape(sight.problem)}</div>'
    return said


def progress_html(sight: View) -> str:
    """A bar with its words, and the current trial."""
    progress, stored = sight.progress or sight.standing.progress, sight.standing
    said = ""
    if progress is not None:
        far = (
            plural(progress.done, "trial")
            if progress.total is None
            else f"{progress.done}{_of(progress.total)} trials"
        )
        words = [f"block {progress.block + 1}{_of(progress.blocks)}", far]
        if sight.failures:
            words.append(f"{len(sight.failures)} failed")
        if progress.left is not None and sight.state == "running":
            words.append(f"{duration(progress.left)} left")
        if stored.pace is not None and sight.state == "running elsewhere":
            words.append(f"{stored.pace:.2g} s a trial")
        bar = ""
        if progress.total:
            bar = f'<progress aria-label="trials done" value="{progress.done}" max="{progress.total}"></progress>'
        said = f'<div class="ak-progress">{bar}<span class="ak-far">{", ".join(words)}</span></div>'
    if sight.trial is not None:
        name, at = (
            escape(sight.trial.configuration),
            f"{escape(_at(sight.plan, sight.trial))}, block {sight.trial.block + 1}",
        )
        said += f'<div class="ak-current">now: <code>{name}</code> on {at}</div>'
    elif sight.state == "running":
        said += '<div class="ak-current">now: getting ready, nothing is measured yet</div>'
    elif stored.last is not None:
        said += f'<div class="ak-current">the last trial was begun {_when(stored.last)}</div>'
    if sight.state == "running elsewhere" and stored.progress is not None and stored.progress.total is None:
        said += f'<div class="ak-unknown">{_UNKNOWN}</div>'
    if sight.command:
        said += f'<div class="ak-command">begun with <code>{escape(sight.command)}</code></div>'
    return said


def _of(most: int | None) -> str:
    return "" if most is None else f" of {most}"


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def chart_html(result: Result) -> str:
    """The ratios with their intervals, in the colours of the page; words where they cannot be drawn."""
    if not any(record.ok for record in result.records):
        return ""
    try:
        chart = result.plot()
        drawn = to_html([Picture(chart.svg(inline=True), chart.says)])
    except StudyError as error:
        drawn = to_html([Paragraph((str(error),))])
    return f'<div class="ak-report ak-chart">{drawn}</div>'


def verdicts_html(result: Result) -> str:
    """The answers, the table of verdicts, doubts and failures, as a result shows them."""
    return f'<div class="ak-report ak-verdicts">{fragment(result)}</div>'


def failures_html(plan: Plan, failures: Sequence[Record]) -> str:
    """Each trial that gave no figure, the newest first, with QEMU's own words; empty where all gave one."""
    if not failures:
        return ""
    shown = failures[: -MOST_FAILURES - 1 : -1]
    more = len(failures) - len(shown)
    items = [
        (f"block {each.trial.block + 1}, ", Mono(each.trial.configuration), f" on {_at(plan, each.trial)}: {each.failure}, ",
         f"{FAILURES[each.failure]} ({_when(each.started)}): ", Mono(each.why))
        for each in shown
    ]  # fmt: skip
    log = [
        Heading(f"Log of failures: {plural(len(failures), 'trial')} without a figure, the newest first"),
        Bullets(tuple(items)),
        *(
            [Paragraph((f"and {more} before: the store's view ", Mono("failures"), " has all"))]
            if more
            else []
        ),
    ]
    return f'<div class="ak-report ak-failures">{to_html(log)}</div>'


def _at(plan: Plan | None, trial: Trial) -> str:
    return trial.guest if plan is None else where(Result(plan, ()), trial.build, trial.guest)
