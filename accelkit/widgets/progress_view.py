"""The text and HTML that a dashboard shows of a study, from its result and progress. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from accelkit.document import Bullets, Heading, Mono, Paragraph, Picture, html_text, to_html
from accelkit.errors import StudyError, shortened
from accelkit.measure.outcome import FAILURES
from accelkit.study.model import Record, Trial
from accelkit.study.plan import Plan
from accelkit.study.progress import Progress, duration
from accelkit.study.report import report as of_study
from accelkit.study.report.labels import MOST_NAME, MOST_REASON
from accelkit.study.report.phrases import plural
from accelkit.study.report.repeat import MOST_LINE
from accelkit.study.report.tables import where
from accelkit.study.result import Result
from accelkit.tuning.goals import cost_word
from accelkit.tuning.progress import TuningProgress
from accelkit.tuning.report import report as of_tuning
from accelkit.tuning.report.history import history
from accelkit.tuning.tuned import Tuned
from accelkit.widgets.watched import Shown, trials_of

State = Literal[
    "not started", "running", "stopping", "stopped", "finished", "failed", "running elsewhere", "not running",
    "result",
]  # fmt: skip

MEANING: Final[dict[State, str]] = {
    "not started": "nothing has been measured yet",
    "running": "each trial is stored as it ends",
    "stopping": "waiting for the running trial",
    "stopped": "all trials so far are stored; resume continues from there",
    "finished": "the store has all trials",
    "failed": "all trials so far are stored; fix the problem below, then resume",
    "running elsewhere": "another process, or another cell of this kernel, writes the store; this is what it has stored",
    "not running": "no process writes the store now; this is what it holds",
    "result": "the trials that were stored when this result was read",
}

MOST_FAILURES: Final = 10
"""The most lines of the log: the newest failures. The store keeps all."""

_UNKNOWN: Final = (
    "The number of trials to come is unknown here: a store keeps no budget. "
    "A dashboard of the same <code>prepare(…)</code> knows it."
)

RECENT: Final = 40
"""How many trials the pace is the median of, for a study that another process runs."""


@dataclass(frozen=True, slots=True)
class StoredProgress:
    """The progress of a study as its store alone shows it.

    ``progress`` is None before anything is stored; ``last`` is when the last trial began, in seconds since the
    epoch; ``pace`` is in seconds from the begin of a trial to that of the next. ``upcoming`` is the next trial
    of the plan: if another process measures trial by trial, the one it is measuring. ``complete`` says that
    all blocks of the budget are done, as far as is known.
    """

    progress: Progress | None = None
    last: float | None = None
    pace: float | None = None
    upcoming: Trial | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """All that a dashboard shows apart from the result: state, progress, the running trial, and problems.

    ``plan`` is None before there is a store; ``failures`` are the trials without a value, in order;
    ``command`` is the one that started the study, empty where the store has none; ``forecast`` says what a study that
    does not run is going to take.
    """

    state: State
    stored: StoredProgress = field(default_factory=StoredProgress)
    progress: Progress | None = None
    trial: Trial | None = None
    plan: Plan | None = None
    failures: tuple[Record, ...] = ()
    command: str = ""
    forecast: str = ""
    problem: str = ""


def stored_progress(shown: Shown, blocks: int | None = None) -> StoredProgress:
    """The progress of what the store held when it was read; ``blocks`` is a study's budget, None where unknown."""
    if isinstance(shown, Tuned):
        return _of_tuning(shown)
    result = shown
    plan, drops, records = result.plan, result.drops, result.records
    ids = {record.trial.id for record in records if record.done}

    def missing(block: int) -> Iterator[Trial]:
        resting = drops.resting(plan.seed, block)
        return (trial for trial in plan.block(block, resting) if trial.id not in ids)

    latest = records[-1].trial.block if records else 0
    upcoming = next((trial for block in (latest, latest + 1) for trial in missing(block)), None)
    if not records:
        return StoredProgress(upcoming=upcoming)
    total = None
    if blocks is not None:
        rest = len(plan.cells) * (blocks - latest - 1) - drops.left_out(plan.seed, latest + 1, blocks)
        total = max(len(ids) + sum(1 for _ in missing(latest)) + rest, len(ids))
    return StoredProgress(
        progress=Progress(latest, blocks, len(ids), total, 0.0, None),
        last=records[-1].started,
        pace=pace(records),
        upcoming=upcoming,
        complete=blocks is not None and not any(any(missing(block)) for block in range(blocks)),
    )


def _of_tuning(tuned: Tuned) -> StoredProgress:
    search, records = tuned.search, trials_of(tuned)
    if not records:
        return StoredProgress()
    name = tuned.name if tuned.candidates and not search.ended else ""
    tried = history(records, tuned.terms, tuned.baseline.name).tried if name else ()
    ratio = next((point.ratio for point in tried if point.name == name), None)
    progress = TuningProgress(
        records[-1].trial.block, None, len(records), len(records) if search.is_over else tuned.terms.trials, 0.0, None,
        "confirming study" if search.ended else "search", len(search.tried),
        name, ratio, cost_word(tuned.terms),
    )  # fmt: skip
    return StoredProgress(progress, records[-1].started, pace(records), complete=search.is_over)


def pace(records: Sequence[Record]) -> float | None:
    """Seconds from the begin of a trial to that of the next, over the recent trials; None for fewer than two.

    It is the median, so that a pause has little effect.
    """
    starts = sorted(record.started for record in records[-RECENT:])
    return median(later - sooner for sooner, later in pairwise(starts)) if len(starts) > 1 else None


def why_no_start(view: View) -> str:
    """Why the study cannot be started or resumed now; empty where it can."""
    match view.state:
        case "running":
            return "it runs already"
        case "stopping":
            return "the running trial ends first"
        case "running elsewhere":
            return "another process, or another cell of this kernel, runs it: stop it there"
        case "finished" if view.stored.complete or (
            view.stored.progress is not None and view.stored.progress.blocks is None
        ):
            return "its budget is used up: give prepare(…) a larger one to measure more"
        case _:
            return ""


def why_no_stop(view: View) -> str:
    """Why the study cannot be stopped now; empty where it can."""
    if view.state == "stopping":
        return "it stops after the running trial"
    return "" if view.state == "running" else "it does not run here"


def state_html(view: View) -> str:
    """The state in words, what the study is going to take, and the problem if there is one."""
    html = f'<div class="ak-state" role="status"><b>{view.state}</b>: {MEANING[view.state]}</div>'
    if view.forecast:
        html += f'<div class="ak-forecast">{html_text(view.forecast)}</div>'
    if view.problem:
        html += f'<div class="ak-problem" role="alert">{html_text(view.problem)}</div>'
    return html


def progress_html(view: View) -> str:
    """A progress bar with its numbers, and the running trial."""
    progress, stored = view.progress or view.stored.progress, view.stored
    html = ""
    if progress is not None:
        bar = ""
        if progress.total:
            bar = f'<progress aria-label="trials done" value="{progress.done}" max="{progress.total}"></progress>'
        html = (
            f'<div class="ak-progress">{bar}<span class="ak-numbers">{_numbers(view, progress)}</span></div>'
        )
        html += _incumbent(view, progress)
    if view.trial is not None:
        name, place = view.trial.configuration, _where(view.plan, view.trial)
        cell = f"<code>{html_text(shortened(name, MOST_NAME))}</code> on {html_text(shortened(place, MOST_NAME))}"
        html += f'<div class="ak-current">now: {cell}, block {view.trial.block + 1}</div>'
    elif view.state == "running":
        html += '<div class="ak-current">now: preparing, before the first trial</div>'
    elif stored.last is not None:
        html += f'<div class="ak-current">the last trial started at {_when(stored.last)}</div>'
    if view.state == "running elsewhere" and stored.progress is not None and stored.progress.total is None:
        html += f'<div class="ak-unknown">{_UNKNOWN}</div>'
    if view.command:
        html += f'<div class="ak-command">started with <code>{html_text(shortened(view.command, MOST_LINE))}</code></div>'
    return html


def _incumbent(view: View, progress: Progress) -> str:
    """The best point so far of a tuning's search, its ratio to the baseline, and how sure that is."""
    leader = progress.leader
    if leader is None or not leader.configuration:
        return ""
    is_base = view.plan is not None and leader.configuration == view.plan.baseline
    score = "the baseline" if is_base else leader.score
    name = html_text(shortened(leader.configuration, MOST_NAME))
    return f'<div class="ak-incumbent">best so far: <code>{name}</code>{f", {score}" * bool(score)}</div>'


def _numbers(view: View, progress: Progress) -> str:
    """The block, the trials, the failures and the time, as ``block 2 of 5, 4 of 15 trials, 10 s left``."""
    numbers = [progress.place]
    if view.failures:
        numbers.append(f"{len(view.failures)} failed")
    if progress.left is not None and view.state == "running":
        numbers.append(f"{duration(progress.left)} left")
    if view.stored.pace is not None and view.state == "running elsewhere":
        numbers.append(f"{view.stored.pace:.2g} s per trial")
    return ", ".join(numbers)


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def chart_html(shown: Shown) -> str:
    """The ratios with their intervals, or the search of a tuning, in the colours of the page; a sentence if not drawn."""
    if not any(record.ok for record in trials_of(shown)):
        return ""
    try:
        chart = shown.plot()
        html = to_html([Picture(chart.html(), chart.says)])
    except StudyError as error:
        html = to_html([Paragraph((str(error),))])
    return f'<div class="ak-report ak-chart">{html}</div>'


def answer_html(shown: Shown) -> str:
    """The answer so far: what to deploy, or what is not known yet."""
    html = of_tuning.answer_fragment(shown) if isinstance(shown, Tuned) else of_study.answer_fragment(shown)
    return f'<div class="ak-report ak-answer">{html}</div>'


def verdicts_html(shown: Shown) -> str:
    """The tables, and the details folded, in the same form as a report shows them."""
    html = of_tuning.body_fragment(shown) if isinstance(shown, Tuned) else of_study.body_fragment(shown)
    return f'<div class="ak-report ak-verdicts">{html}</div>'


def failures_html(plan: Plan, failures: Sequence[Record]) -> str:
    """The trials without a value, newest first, with QEMU's own words; empty where there are none."""
    if not failures:
        return ""
    newest = failures[: -MOST_FAILURES - 1 : -1]
    earlier = len(failures) - len(newest)
    items = [
        (f"block {failure.trial.block + 1}, ", Mono(shortened(failure.trial.configuration, MOST_NAME)),
         f" on {shortened(_where(plan, failure.trial), MOST_NAME)}: {failure.failure}, ",
         f"{FAILURES[failure.failure]} ({_when(failure.started)}): ", Mono(shortened(failure.why, MOST_REASON)))
        for failure in newest
    ]  # fmt: skip
    log = [
        Heading(f"Log of failures: {plural(len(failures), 'trial')} without a value, newest first"),
        Bullets(tuple(items)),
        *(
            [Paragraph((f"and {earlier} earlier: the view ", Mono("failures"), " of the store has all"))]
            if earlier
            else []
        ),
    ]
    return f'<div class="ak-report ak-failures">{to_html(log)}</div>'


def _where(plan: Plan | None, trial: Trial) -> str:
    """The guest, and the build where the plan has several."""
    return trial.guest if plan is None else where(Result(plan, ()), trial.build, trial.guest)
