"""Progress of a study: how far it is, how long it will take, and which configuration leads so far."""

from __future__ import annotations

import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Final, NamedTuple, Self, TextIO

from accelkit.errors import shortened, visible_line
from accelkit.study.model import Cell, Record
from accelkit.study.plan import Plan

BAR_INTERVAL: Final = 0.5
"""Seconds between two updates of the leader in a bar; counting is cheap, sorting is not."""

MOST_NAME: Final = 100
"""Characters of the leader's name in a bar, at most."""

LINE_INTERVAL: Final = 10.0
"""Seconds from the first line to the second where there is no bar; each later interval is twice as long."""

LONGEST_INTERVAL: Final = 300.0
"""Seconds between two lines, at most."""

NOTHING_LEFT: Final = (
    "no trial was left to measure within this budget: what follows is from earlier calls on this store;"
    " give a larger budget to measure more"
)
"""What a bar says at its end if it has seen no trial: the store had used up the budget."""


class Leader(NamedTuple):
    """The configuration that is best so far, and its ratio to the baseline in what is measured: below 1 is better.

    The name is empty where none leads yet. The ratio is probably between ``low`` and ``high``; None is unknown.
    """

    configuration: str
    ratio: float | None
    measure: str = "time"
    low: float | None = None
    high: float | None = None

    @property
    def score(self) -> str:
        """The ratio in words: ``0.588 [0.571, 0.606] times the baseline's time``; empty where it is unknown."""
        if self.ratio is None:
            return ""
        ends = "" if self.low is None or self.high is None else f" [{self.low:.3g}, {self.high:.3g}]"
        return f"{self.ratio:.3g}{ends} times the baseline's {self.measure}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is, after a trial; None is unknown.

    ``done`` counts the trials of all calls on the store, out of ``total``. Times are in seconds: ``elapsed`` since this
    call began, ``left`` an estimate.
    """

    block: int
    blocks: int | None
    done: int
    total: int | None
    elapsed: float
    left: float | None

    @property
    def stage(self) -> str:
        """What runs, where that is one of several things; else empty."""
        return ""

    @property
    def trials(self) -> str:
        """The trials: ``4 of 40 trials``."""
        if self.total is not None:
            return f"{self.done} of {self.total} trials"
        return "1 trial" if self.done == 1 else f"{self.done} trials"

    @property
    def place(self) -> str:
        """The block and the trials: ``block 1 of 20, 4 of 40 trials``."""
        return f"block {self.block + 1}{'' if self.blocks is None else f' of {self.blocks}'}, {self.trials}"

    @property
    def leader(self) -> Leader | None:
        """Who leads so far, where the records of each configuration do not tell it; None where they do."""
        return None


class Race:
    """A running score, not a verdict: who leads so far, by medians, over all guests and builds.

    ``weights`` says how often a guest counts, by default once.
    """

    def __init__(
        self, plan: Plan, records: Iterable[Record] = (), weights: Mapping[str, float] | None = None
    ) -> None:
        self._baseline = plan.baseline
        self._weights = weights or {}
        self._logs: defaultdict[Cell, list[float]] = defaultdict(list)
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Count a record in."""
        if record.value is not None and record.ok and 0 < record.value < math.inf:
            self._logs[record.trial.cell].append(math.log(record.value))

    def leader(self) -> Leader | None:
        """The leader among the configurations that have values wherever the baseline has; None before there is one.

        >>> from accelkit.study.plan import StoredGuest
        >>> from accelkit import kvm, tcg
        >>> from accelkit.study.model import Build, Configuration
        >>> points = [Configuration(tcg()), Configuration(kvm())]
        >>> plan = Plan([Build("7.2", ("qemu",), "7.2.22")], points, [StoredGuest("cpu", "")], "tcg")
        >>> values = {"tcg": 2.0, "kvm": 1.0}
        >>> Race(plan, [Record(t, "ok", value=values[t.configuration]) for t in plan.block(0)]).leader()
        Leader(configuration='kvm', ratio=0.5, measure='time', low=None, high=None)
        """
        middles = {cell: median(logs) for cell, logs in self._logs.items()}
        places = [cell for cell in middles if cell.configuration == self._baseline]
        ratios: dict[str, float] = {}
        for name in {cell.configuration for cell in middles}:
            cells = [place._replace(configuration=name) for place in places]
            if cells and all(cell in middles for cell in cells):
                logs = (middles[cell] - middles[place] for cell, place in zip(cells, places, strict=True))
                ratios[name] = math.exp(fmean(logs, [self._weights.get(cell.guest, 1.0) for cell in cells]))
        if not ratios:
            return None
        name = min(ratios, key=lambda point: (ratios[point], point != self._baseline, point))
        return Leader(name, ratios[name])


class ProgressBar(AbstractContextManager["ProgressBar"]):
    """A progress bar by tqdm for ``watch=`` of a study, in a terminal or a notebook.

    Elsewhere, as in a log, without tqdm, or with ``plain``, it prints lines instead: after the first trial, then after
    10 s, 20 s and so on, at least every 5 min, and at the end. ``opening`` is printed first, in a notebook as text of
    the cell. ``before`` are the records that the store has already; they count for the leader, and each guest
    as often as ``weights`` says. Use it in a ``with``
    statement, which ends the bar.

    >>> from accelkit.study.plan import StoredGuest
    >>> from accelkit import tcg
    >>> from accelkit.study.model import Build, Configuration
    >>> plan = Plan(
    ...     [Build("7.2", ("qemu",), "7.2.22")], [Configuration(tcg())], [StoredGuest("cpu", "")], "tcg"
    ... )
    >>> with ProgressBar(plan, plain=True, file=sys.stdout) as watch:
    ...     watch(Record(plan.block(0)[0], "ok", value=1.0), Progress(0, 20, 1, 20, 0.5, 9.5))
    block 1 of 20, 1 of 20 trials, 10 s left, fastest so far: tcg, the baseline
    """

    def __init__(
        self,
        plan: Plan,
        before: Iterable[Record] = (),
        *,
        plain: bool = False,
        file: TextIO | None = None,
        opening: str = "",
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self._race = Race(plan, before, weights)
        self._baseline = plan.baseline
        self._leader: Leader | None = None
        self._file = file
        self._bar: Any = None  # made at the first record: a bar in a notebook cannot learn its length later
        self._opening = opening
        self._is_notebook = file is None and _is_notebook()
        self._plain = plain or not (self._is_notebook or _is_terminal(file or sys.stderr))
        self._failures = 0
        self._next = -math.inf
        self._interval = LINE_INTERVAL
        self._unsaid: Progress | None = None  # the last, if no line has said it

    def __enter__(self) -> Self:
        if self._opening:
            self._print(self._opening, sys.stdout if self._is_notebook else None)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        if kind is None and self._plain and self._unsaid is not None:
            self._say(self._unsaid)
        if kind is None and self._next == -math.inf:
            self._print(NOTHING_LEFT)

    def __call__(self, record: Record, progress: Progress) -> None:
        """Show how far the study is after ``record``."""
        self._leader = progress.leader
        if self._leader is None:
            self._race.add(record)
        self._failures += not record.ok
        if self._bar is None and not self._plain:
            self._bar = _bar(progress, self._file)
            self._plain = self._bar is None
        self._unsaid = progress
        now = time.perf_counter()
        is_due = now >= self._next or progress.done == progress.total
        if is_due:
            self._next = now + (self._interval if self._plain else BAR_INTERVAL)
        if not self._plain:
            self._move(self._bar, progress, is_due)
        elif is_due:
            self._interval = min(2 * self._interval, LONGEST_INTERVAL)
            self._say(progress)

    def _say(self, progress: Progress) -> None:
        self._unsaid = None
        self._print(", ".join(filter(None, (progress.place, _left(progress.left), self._facts()))))

    def _print(self, text: str, file: TextIO | None = None) -> None:
        print(text, file=file or self._file or sys.stderr, flush=True)

    def _move(self, bar: Any, progress: Progress, is_due: bool) -> None:
        if is_due:
            left = "" if progress.total is not None else _left(progress.left)
            bar.set_postfix_str(", ".join(filter(None, (left, self._facts()))), refresh=False)
            bar.set_description_str(progress.stage, refresh=False)
        bar.total = progress.total
        bar.update(progress.done - bar.n)

    def _facts(self) -> str:
        leader = self._leader or self._race.leader()
        facts: list[str] = []
        if leader is not None and leader.configuration:
            score = "the baseline" if leader.configuration == self._baseline else leader.score
            name = shortened(visible_line(leader.configuration), MOST_NAME)  # a terminal gets it as it is
            facts.append(
                f"{'fastest' if leader.measure == 'time' else 'best'} so far: {', '.join(filter(None, (name, score)))}"
            )
        if self._failures:
            facts.append(f"{self._failures} failed")
        return ", ".join(facts)


def duration(seconds: float) -> str:
    """Seconds as text in s, min and h.

    >>> [duration(s) for s in (0.4, 9.5, 100, 4000, 1e6)]
    ['0 s', '10 s', '1 min 40 s', '1 h 6 min', '277 h']
    """
    whole = math.floor(seconds + 0.5)
    if whole < 3600:
        return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours} h {minutes} min" if hours < 24 else f"{hours} h"


def study_time(points: int, blocks: int, seconds: float) -> str:
    """How long a study of a space takes, as text; ``seconds`` is the time of one boot.

    >>> study_time(12, 5, 2.0)
    '12 points × 5 blocks × 2 s: about 2 min 0 s'
    """
    noun, whole = "point" if points == 1 else "points", duration(points * blocks * seconds)
    return f"{points} {noun} × {blocks} blocks × {seconds:g} s: about {whole}"


def _left(seconds: float | None) -> str:
    return "" if seconds is None else f"{duration(seconds)} left"


def _is_terminal(file: TextIO) -> bool:
    try:
        return file.isatty()
    except (AttributeError, ValueError):  # a stand-in without isatty, or a closed file
        return False


def _is_notebook() -> bool:
    """Whether an IPython kernel runs this code; tqdm.autonotebook asks it in the same way."""
    get_shell = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get_shell is not None and "IPKernelApp" in getattr(get_shell(), "config", ())


def _bar(progress: Progress, file: TextIO | None) -> Any:
    try:
        from tqdm.auto import tqdm  # from the extra `study`; slow to import
    except ImportError:
        return None
    options: Mapping[str, Any] = {
        "total": progress.total,
        "initial": progress.done - 1,  # the pace is that of this call alone
        "unit": "trial",
        "dynamic_ncols": True,
        "file": file,
    }
    return tqdm(**options)
