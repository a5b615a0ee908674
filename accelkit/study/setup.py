"""study: from a sweep, guests and a budget to a result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from accelkit.guests.makers import AnyGuest
from accelkit.host.signals import interrupting
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.racing import lost, precise
from accelkit.study.factors import (
    Qemu,
    Swept,
    builds_of,
    configurations_of,
    guests_of,
    refuse_rejected,
)
from accelkit.study.model import Configuration, Record
from accelkit.study.plan import Plan
from accelkit.study.progress import ProgressBar
from accelkit.study.result import Result
from accelkit.study.runner import Records, Scatter, Watch, run_blocks
from accelkit.study.standards import Standards, seconds_of, share_of
from accelkit.study.store.writer import StoreWriter, open_store
from accelkit.study.worker import Measure, Worker

DEFAULT_BLOCKS: Final = 20
#: How many times as long as calibrated a run may take before it is ended early.
ENOUGH: Final = 6.0


@dataclass(frozen=True, slots=True)
class PreparedStudy:
    """A study that is ready to run: plan, measure and budget; no trial has run yet.

    >>> from accelkit.study import prepare  # doctest: +SKIP
    >>> prepared = prepare(
    ...     tcg() | tb_size(each(8, 64)), ["cpu"], store="tcg.sqlite", blocks=20
    ... )  # doctest: +SKIP
    >>> len(prepared.plan.configurations), prepared.blocks  # doctest: +SKIP
    (2, 20)
    """

    plan: Plan
    measure: Measure
    store: str
    blocks: int | None = None
    seconds: float | None = None
    precision: float | None = None
    standards: Standards = field(default_factory=Standards)
    race: bool = True
    command: tuple[str, ...] = field(default=(), compare=False)

    def run(self, watch: Watch | None = None, scatter: Scatter = map) -> Result:
        """The result when the budget ends. Interrupt at any time; call it again to resume.

        In the main thread SIGTERM and SIGHUP clean up as Ctrl-C does, and then end the process. Raises
        StudyError if the store cannot be written or holds another study.
        """
        baseline, standards = self.plan.baseline, self.standards
        losers: Callable[[Records], Any] | None = None
        if self.race and len(self.plan.configurations) > 2:
            losers = partial(lost, baseline=baseline, margin=standards.delta, confidence=standards.confidence)
        with (
            interrupting(),
            open_store(self.store, self.plan, command=self.command, standards=standards) as store,
        ):
            narrow = None
            if self.precision is not None:
                narrow = partial(_narrow, self, store)
            records = run_blocks(
                self.plan, self.measure, store, blocks=self.blocks, seconds=self.seconds,
                precise=narrow, losers=losers, scatter=scatter, watch=watch,
            )  # fmt: skip
            for _ in records:
                pass
        return self.result()

    def result(self) -> Result:
        """The trials that the store has now, judged by the standards of this study."""
        standards = self.standards
        return Result.from_store(self.store).judged(
            delta=standards.delta, confidence=standards.confidence, anytime=standards.anytime
        )


def _narrow(prepared: PreparedStudy, store: StoreWriter, records: Sequence[Record]) -> bool:
    """Whether every interval that is still measured is narrower than the study's precision."""
    standards = prepared.standards
    compared = compare(
        records,
        prepared.plan.baseline,
        delta=standards.delta,
        confidence=standards.confidence,
        anytime=standards.anytime,
    )
    comparisons = [row for row in compared if row.phase is None]  # a phase may be too short to be precise
    return precise(comparisons, prepared.precision or 0.0, dropped=store.dropped())


def prepare(
    space: Swept,
    guests: Sequence[str | AnyGuest] = ("cpu",),
    *,
    baseline: Recipe[Any] | Fallback | None = None,
    store: str,
    qemu: Qemu | Sequence[Qemu] | None = None,
    blocks: int | None = None,
    time: float | str | None = None,
    precision: float | str | None = None,
    seed: int = 0,
    delta: float = 0.01,
    confidence: float = 0.95,
    race: bool = True,
    run_seconds: float = 0.5,
    timeout: float = 60.0,
    command: Sequence[str] = (),
) -> PreparedStudy:
    """The study, planned, checked and calibrated but not run; the arguments are those of :func:`study`.

    >>> prepared = prepare(tcg() | tb_size(each(8, 64)), ["cpu"], store="tcg.sqlite")  # doctest: +SKIP
    """
    seconds, width = seconds_of(time), share_of(precision)
    standards = Standards(delta, confidence, anytime=width is not None)
    builds, schemas = builds_of(qemu)
    named = None if baseline is None else Configuration(baseline)
    configurations = configurations_of(space, named)
    refuse_rejected(configurations, schemas)
    base = named or configurations[0]
    if blocks is None and seconds is None and width is None:
        blocks = DEFAULT_BLOCKS
    calibrated = guests_of(guests, builds, schemas, base, store, run_seconds)
    plan = Plan(builds, configurations, calibrated, base.name, seed)
    measure = Worker.of(builds, configurations, calibrated, timeout, ENOUGH * run_seconds)
    return PreparedStudy(plan, measure, store, blocks, seconds, width, standards, race, tuple(command))


def study(
    space: Swept,
    guests: Sequence[str | AnyGuest] = ("cpu",),
    *,
    store: str,
    watch: bool = True,
    scatter: Scatter = map,
    **options: Any,
) -> Result:
    """The result of trying every point of ``space`` with every guest on every QEMU, in random blocks.

    Further arguments, all by name:

    - ``baseline``: the recipe that the others are compared with; by default the first point. It is added if it
      is not a point of ``space``.
    - ``qemu``: a binary's name, or a list of binaries and commands; several builds are compared in the same
      blocks. By default the one on PATH.
    - the budget: ``blocks`` (20 if there is no other limit), ``time`` (seconds, or text such as ``"10m"``),
      ``precision`` (every interval narrower than this share, or text such as ``"2%"``). The first limit that
      is reached ends the study.
    - ``race=True``: stop measuring configurations that are clearly slower than another.
    - ``delta=0.01``: differences below this share count as no difference. ``confidence=0.95``: the chance that
      all intervals hold at once. The store keeps both, for reports.
    - ``run_seconds=0.5``: about how long a run of a bundled guest lasts. ``timeout=60``: seconds after which a
      run is killed. ``seed=0``: the seed of the random order.

    ``guests`` are names of bundled guests (``guests()`` lists them), which are calibrated to ``run_seconds``, or
    guests that you make, as ``linux_guest("./myprog", files=["./myprog"])``.
    ``store`` is an SQLite file. The same call resumes a study, whatever ended it; after Ctrl-C the store has
    every trial that was measured. SIGTERM and SIGHUP clean up as Ctrl-C does, then end the process.

    ``scatter`` is a function like ``map``: ``ProcessPoolExecutor(2).map``, or, on equal hosts with the same
    QEMUs, one that uses a Dask client (``accelkit[scale]``), which also repeats the trials of a lost worker::

        def scatter(measure, trials):
            futures = client.map(measure, list(trials), pure=False)
            return (future.result() for future in distributed.as_completed(futures))

    Give it workers of one thread each: trials that run at the same time on one host disturb each other.

    Raises StudyError, before anything runs, with every problem that ``check`` finds in any point on any
    of the QEMUs; QemuError if a QEMU is missing; GuestError for an unknown guest.

    >>> result = study(tcg() | thread(each(single, multi)), ["smp"], store="tcg.sqlite")  # doctest: +SKIP
    """
    with interrupting():
        prepared = prepare(space, guests, store=store, **options)
        if not watch:
            return prepared.run(scatter=scatter)
        with ProgressBar(prepared.plan) as watching:
            try:
                return prepared.run(watching, scatter)
            except KeyboardInterrupt:
                print(f"\n{store} has the trials so far; the same call resumes here", file=sys.stderr)
        return prepared.result()
