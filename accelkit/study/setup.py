"""study: a sweep, guests and a budget, to a result that holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from accelkit.guests.makers import AnyGuest
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
#: A configuration may take this many times as long as was calibrated before it is ended early.
ENOUGH: Final = 6.0


@dataclass(frozen=True, slots=True)
class PreparedStudy:
    """A study that is ready to run: plan, measure and budget; nothing has been booted for figures yet."""

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
        """The result when the budget ends; interrupt any time, and run it again to go on.

        Raises StudyError if the store cannot be written or is another study's.
        """
        baseline, by = self.plan.baseline, self.standards
        losers: Callable[[Records], Any] | None = None
        if self.race and len(self.plan.configurations) > 2:
            losers = partial(lost, baseline=baseline, margin=by.delta, confidence=by.confidence)
        with open_store(self.store, self.plan, command=self.command, standards=by) as opened:
            narrow = None
            if self.precision is not None:
                narrow = partial(_narrow, self, opened)
            records = run_blocks(
                self.plan, self.measure, opened, blocks=self.blocks, seconds=self.seconds,
                precise=narrow, losers=losers, scatter=scatter, watch=watch,
            )  # fmt: skip
            for _ in records:
                pass
        return self.result()

    def result(self) -> Result:
        """What the store holds by now, judged by the standards of this study."""
        by = self.standards
        found = Result.from_store(self.store)
        return found.judged(delta=by.delta, confidence=by.confidence, anytime=by.anytime)


def _narrow(asked: PreparedStudy, store: StoreWriter, records: Sequence[Record]) -> bool:
    """Whether every interval that is still measured is as narrow as was asked for."""
    by = asked.standards
    compared = compare(
        records, asked.plan.baseline, delta=by.delta, confidence=by.confidence, anytime=by.anytime
    )
    return precise(compared, asked.precision or 0.0, dropped=store.dropped())


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
    """The study of these, planned, checked and calibrated, to be run; arguments as :func:`study` has them.

    >>> asked = prepare(tcg() | tb_size(each(8, 64)), ["cpu"], store="tcg.sqlite")  # doctest: +SKIP
    """
    seconds, width = seconds_of(time), share_of(precision)
    standards = Standards(delta, confidence, anytime=width is not None)
    builds, schemas = builds_of(qemu)
    first = None if baseline is None else Configuration(baseline)
    configurations = configurations_of(space, first)
    refuse_rejected(configurations, schemas)
    base = configurations[0] if first is None else first
    if blocks is None and seconds is None and width is None:
        blocks = DEFAULT_BLOCKS
    booted = guests_of(guests, builds, schemas, base, store, run_seconds)
    plan = Plan(builds, configurations, booted, base.name, seed)
    measure = Worker.of(builds, configurations, booted, timeout, ENOUGH * run_seconds)
    return PreparedStudy(plan, measure, store, blocks, seconds, width, standards, race, tuple(command))


def study(
    space: Swept,
    guests: Sequence[str | AnyGuest] = ("cpu",),
    *,
    store: str,
    watch: bool = True,
    scatter: Scatter = map,
    **asked: Any,
) -> Result:
    """The result of trying every point of ``space`` with every guest on every QEMU, in random blocks.

    Further arguments, all by name:

    - ``baseline``: the recipe the others are compared with: the first point, unless given; it is added
      where it is no point.
    - ``qemu``: a binary's name, or a list of binaries and commands: several builds are compared in the same
      blocks. The one on PATH, unless given.
    - budget, of which the first to end ends the study: ``blocks`` (20 if nothing else is given), ``time``
      (seconds, or text such as ``"10m"``), ``precision`` (every interval narrower than this share, or
      ``"2%"``).
    - ``race=True``: configurations that have clearly lost are tried no more.
    - ``delta=0.01``: differences of less than this share are no difference. ``confidence=0.95``: the chance
      that all intervals hold at once. The store keeps both, for reports.
    - ``run_seconds=0.5``: about how long a run of a bundled guest lasts; ``timeout=60`` seconds end one that
      hangs. ``seed=0`` of the random order.

    ``guests`` are names of bundled guests, calibrated to ``run_seconds``, or guests of your own. ``store`` is
    an SQLite file: the same call goes on where it was left, whatever ended it; Ctrl-C keeps what is done.

    ``scatter`` is ``map``-shaped: ``ProcessPoolExecutor(2).map``, or, on hosts that are alike and have the same
    QEMUs, a Dask client's (``accelkit[scale]``), which also tries again what a lost worker had::

        def scatter(measure, trials):
            futures = client.map(measure, list(trials), pure=False)
            return (future.result() for future in distributed.as_completed(futures))

    Give it workers of one thread each: trials at once on one host disturb each other.

    Raises StudyError, before anything runs, with every problem that ``check`` finds in any point on any
    of the QEMUs; QemuError where one is missing; GuestError for a guest that is none.

    >>> result = study(tcg() | thread(each(single, multi)), ["smp"], store="tcg.sqlite")  # doctest: +SKIP
    """
    asked_for = prepare(space, guests, store=store, **asked)
    if not watch:
        return asked_for.run(scatter=scatter)
    with ProgressBar(asked_for.plan) as watching:
        try:
            return asked_for.run(watching, scatter)
        except KeyboardInterrupt:
            print(f"\n{store} keeps what is done; the same call goes on from here", file=sys.stderr)
    return asked_for.result()
