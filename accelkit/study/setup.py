"""study: from a sweep, guests and a budget to a result."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from typing import Final

from accelkit.host.signals import interrupting
from accelkit.study.analysis.families import families, workloads
from accelkit.study.arguments import Problems, flag, front, function, whole
from accelkit.study.asked import asked
from accelkit.study.factors import Qemu, SomeGuest
from accelkit.study.forecast import refuse_undecidable
from accelkit.study.hosts.cluster import pool_of
from accelkit.study.hosts.pool import Scatter
from accelkit.study.model import Build, Configuration, PlannedGuest
from accelkit.study.plan import Plan
from accelkit.study.points import Point, Swept, baseline_of, configurations_of, refuse_rejected
from accelkit.study.prepared import PreparedStudy, stored_blocks
from accelkit.study.result import Result
from accelkit.study.standards import DEFAULT_BLOCKS, RUN_SECONDS, seconds_of, share_of
from accelkit.study.worker import Measure, Worker

#: How many times as long as calibrated a run may take before it is ended early.
ENOUGH: Final = 6.0


@front
def prepare(
    space: Swept,
    guests: SomeGuest | Iterable[SomeGuest] = "cpu",
    *,
    store: str | os.PathLike[str] | None = None,
    baseline: Point | None = None,
    qemu: Qemu | Sequence[Qemu] | None = None,
    blocks: int | None = None,
    time: float | str | None = None,
    precision: float | str | None = None,
    seed: int = 0,
    delta: float | str = 0.01,
    confidence: float | str = 0.95,
    race: bool = True,
    run_seconds: float = RUN_SECONDS,
    timeout: float = 60.0,
    anyway: bool = False,
    measure: Measure | None = None,
    command: Sequence[str] = (),
) -> PreparedStudy:
    """The study of these arguments, planned, checked and calibrated but not run; shown, it says what it will take.

    ``space`` is what varies: text as for the shell, ``"tcg,tb-size={8,64},thread={single,multi}"``; a recipe or a space,
    ``tcg() | tb_size(each(8, 64))``; or a list of these. ``guests`` are what is booted: the name of a bundled guest, such
    as ``"smp"`` (``guests()`` lists them); what ``guest()``, ``linux_guest()``, ``linux()``, ``disk()`` or ``command()``
    returns, or such a call as text; or a list of these. All other arguments are given by name:

    - ``store``: the SQLite file that keeps every trial; the same call resumes it. By default
      ``study-HASH.sqlite`` in the current folder, a name that follows from space, guests, baseline, QEMUs, seed and
      ``run_seconds``.
    - ``baseline``: what the others are compared with, as text or as a recipe; by default the first point. It is measured,
      too, if it is not a point of ``space``.
    - ``qemu``: a program or a command line; or a list of them, which are compared in the same blocks. By default
      ``qemu-system-x86_64`` on PATH.
    - ``blocks``: the number of blocks, 1 to 1,000,000, those in the store included. In a block each configuration runs
      once with each guest on each QEMU. By default 20, if neither ``time`` nor ``precision`` ends the study.
    - ``time``: seconds, or text such as ``"90s"``, ``"10m"``, ``"2h"``, those of earlier calls included.
    - ``precision``: stop when every interval is narrower than this share, such as 0.02 or ``"2%"``. Intervals are wider then:
      they hold although one looks after each block. The first limit that is reached ends the study.
    - ``seed=0``: the seed of the random order, a whole number of 64 bits.
    - ``delta=0.01``: a smaller difference counts as no difference; a share between 0 and 1, or text such as ``"1%"``.
    - ``confidence=0.95``: the probability that all intervals hold at once, between 0 and 1, or text such as ``"95%"``. The
      store keeps it and ``delta`` for reports.
    - ``race=True``: measure configurations that are clearly slower than others in one of eight blocks only.
    - ``run_seconds=0.5``: about how long a run of a bundled guest given by name lasts, 0.01 to 3600 seconds. Its work is
      calibrated with the baseline, and stays the same when the study is resumed.
    - ``timeout=60``: seconds after which a run is ended, 0.001 to a million.
    - ``anyway=False``: with True also run a study whose ``blocks`` are too few for a verdict; otherwise it is refused.
    - ``measure``: a function of a ``Trial`` that returns its ``Record``, in place of QEMU: for a simulation, or for another
      program. Nothing is then probed, calibrated or booted; ``guests`` and ``qemu`` are names. For ``on`` and ``scatter``
      it must be one that can be pickled.
    - ``command``: the argv of the shell command that makes this call, if there is one: the store keeps it, and
      messages use its words.

    Raises, before anything runs, the error of a wrong argument, or StudyError with all of them: also for every problem
    that ``check`` finds in a point on one of the QEMUs, and for ``blocks`` below the fewest that can give a verdict.
    QemuError if a QEMU is missing; GuestError for an unknown guest; TypeError for an unknown argument.

    >>> prepare("tcg,tb-size={8,64}", "cpu", store="tcg.sqlite")  # doctest: +SKIP
    tcg.sqlite: 40 trials (20 blocks of 2), about 22 s; enough to decide 1 comparison (at least 6 blocks)
    """
    given = Problems()
    base = given.take(None, baseline_of, baseline)
    configurations = given.take((), configurations_of, space, base)
    count = None if blocks is None else given.take(1, whole, "blocks", blocks, 1)
    seconds, width = given.take(None, seconds_of, time), given.take(None, share_of, precision)
    what = asked(
        given, guests=guests, qemu=qemu, store=store, measure=measure, seed=seed, delta=delta,
        confidence=confidence, run_seconds=run_seconds, timeout=timeout, anytime=width is not None,
    )  # fmt: skip
    stored = given.take(None, stored_blocks, what.path) if what.path else None
    races = given.take(True, flag, "race", race)
    is_forced = given.take(False, flag, "anyway", anyway)
    given.raise_all()
    if count is None and seconds is None and width is None:
        count = DEFAULT_BLOCKS
    builds, schemas = what.started()
    base = base or configurations[0]
    path = what.path or _name(configurations, base, what.guests, builds, what.seed, what.run_seconds)
    if not is_forced:
        compared = families(len(configurations), workloads(what.guests), len(builds), what.standards)
        stored = stored_blocks(path) if stored is None else stored
        refuse_undecidable(count, stored, compared, in_shell=bool(command))
    refuse_rejected(configurations, schemas)
    pace = None
    booted, by = what.booted, what.measure
    if by is None:
        booted = calibrated = what.calibrated(builds, schemas, base, path)
        by = Worker.of(builds, configurations, calibrated, what.timeout, ENOUGH * what.run_seconds)
        pace = what.pace(calibrated, what.run_seconds)
    plan = Plan(builds, configurations, booted, base.name, what.seed)
    return PreparedStudy(plan, by, path, count, seconds, width, what.standards, races, tuple(command), pace)


@front
def study(
    space: Swept,
    guests: SomeGuest | Iterable[SomeGuest] = "cpu",
    *,
    store: str | os.PathLike[str] | None = None,
    baseline: Point | None = None,
    qemu: Qemu | Sequence[Qemu] | None = None,
    blocks: int | None = None,
    time: float | str | None = None,
    precision: float | str | None = None,
    seed: int = 0,
    delta: float | str = 0.01,
    confidence: float | str = 0.95,
    race: bool = True,
    run_seconds: float = RUN_SECONDS,
    timeout: float = 60.0,
    anyway: bool = False,
    measure: Measure | None = None,
    watch: bool = True,
    scatter: Scatter = map,
    on: object = None,
) -> Result:
    """The result of trying every point of ``space`` with every guest on every QEMU, in random blocks.

    ``space`` is what varies: text as for the shell, ``"tcg,tb-size={8,64},thread={single,multi}"``; a recipe or a space,
    ``tcg() | tb_size(each(8, 64))``; or a list of these. ``guests`` are what is booted: the name of a bundled guest, such
    as ``"smp"`` (``guests()`` lists them); what ``guest()``, ``linux_guest()``, ``linux()``, ``disk()`` or ``command()``
    returns, or such a call as text; or a list of these. All other arguments are given by name:

    - ``store``: the SQLite file that keeps every trial; the same call resumes it. By default
      ``study-HASH.sqlite`` in the current folder, a name that follows from space, guests, baseline, QEMUs, seed and
      ``run_seconds``.
    - ``baseline``: what the others are compared with, as text or as a recipe; by default the first point. It is measured,
      too, if it is not a point of ``space``.
    - ``qemu``: a program or a command line; or a list of them, which are compared in the same blocks. By default
      ``qemu-system-x86_64`` on PATH.
    - ``blocks``: the number of blocks, 1 to 1,000,000, those in the store included. In a block each configuration runs
      once with each guest on each QEMU. By default 20, if neither ``time`` nor ``precision`` ends the study.
    - ``time``: seconds, or text such as ``"90s"``, ``"10m"``, ``"2h"``, those of earlier calls included.
    - ``precision``: stop when every interval is narrower than this share, such as 0.02 or ``"2%"``. Intervals are wider then:
      they hold although one looks after each block. The first limit that is reached ends the study.
    - ``seed=0``: the seed of the random order, a whole number of 64 bits.
    - ``delta=0.01``: a smaller difference counts as no difference; a share between 0 and 1, or text such as ``"1%"``.
    - ``confidence=0.95``: the probability that all intervals hold at once, between 0 and 1, or text such as ``"95%"``. The
      store keeps it and ``delta`` for reports.
    - ``race=True``: measure configurations that are clearly slower than others in one of eight blocks only.
    - ``run_seconds=0.5``: about how long a run of a bundled guest given by name lasts, 0.01 to 3600 seconds. Its work is
      calibrated with the baseline, and stays the same when the study is resumed.
    - ``timeout=60``: seconds after which a run is ended, 0.001 to a million.
    - ``anyway=False``: with True also run a study whose ``blocks`` are too few for a verdict; otherwise it is refused.
    - ``measure``: a function of a ``Trial`` that returns its ``Record``, in place of QEMU: for a simulation, or for another
      program. Nothing is then probed, calibrated or booted; ``guests`` and ``qemu`` are names. For ``on`` and ``scatter``
      it must be one that can be pickled.
    - ``watch=True``: say first how many trials there are, about how long they take, and whether that can give a verdict;
      then show the progress: in a terminal or a notebook as a bar, elsewhere as a line now and then.
    - ``on``: other hosts, as a Dask client, a cluster or a scheduler's address, ``"tcp://host:8786"``
      (``accelkit[scale]``). Each host runs one trial at a time and whole blocks; a host that is lost loses no trial.
      :mod:`accelkit.study.hosts` says how to start workers, and what they need.
    - ``scatter=map``: how trials reach processes of this host, a function like ``map``: ``ProcessPoolExecutor(1).map``.
      Trials that run at the same time on one host disturb each other.

    The same call resumes a study, whatever ended it. Ctrl-C raises KeyboardInterrupt, in a notebook it ends the cell: the
    store has every trial that was measured, and the message says where it stopped and how to go on. SIGTERM and SIGHUP
    clean up as Ctrl-C does, say the same, then end the process. To see what a store has, while the study runs or the
    morning after, ask for ``Result.from_store("tcg.sqlite")``.

    Raises, before anything runs, the error of a wrong argument, or StudyError with all of them: also for every problem
    that ``check`` finds in a point on one of the QEMUs, and for ``blocks`` below the fewest that can give a verdict.
    QemuError if a QEMU is missing; GuestError for an unknown guest; TypeError for an unknown argument.

    >>> study("tcg,thread={single,multi}", ["smp"], store="tcg.sqlite")  # doctest: +SKIP
    >>> study(tcg() | thread(each(single, multi)), ["smp", "cpu"], time="10m")  # doctest: +SKIP
    >>> Result.from_store("tcg.sqlite")  # doctest: +SKIP
    """
    given = Problems()
    given.take(True, flag, "watch", watch)
    given.take(scatter, function, "scatter", scatter)
    if on is not None:
        given.take(None, pool_of, on)
    given.raise_all()
    with interrupting():
        prepared = prepare(
            space, guests, store=store, baseline=baseline, qemu=qemu, blocks=blocks, time=time,
            precision=precision, seed=seed, delta=delta, confidence=confidence, race=race,
            run_seconds=run_seconds, timeout=timeout, anyway=anyway, measure=measure,
        )  # fmt: skip
        if not watch:
            return prepared.run(scatter=scatter, on=on)
        with prepared.progress_bar() as watching:
            return prepared.run(watching, scatter, on=on)


def _name(
    configurations: Sequence[Configuration],
    baseline: Configuration,
    guests: Sequence[SomeGuest | PlannedGuest],
    builds: Sequence[Build],
    seed: int,
    run_seconds: float,
) -> str:
    """The name of the store of a study that names none: the same for the same study, another for another."""
    facts = [
        sorted([point.name, *point.argv] for point in configurations),
        baseline.name,
        sorted(item if isinstance(item, str) else f"{item.name} {item.fingerprint}" for item in guests),
        sorted([build.version, build.digest, *build.command] for build in builds),
        seed,
        run_seconds,
    ]
    return f"study-{hashlib.blake2b(json.dumps(facts).encode(), digest_size=4).hexdigest()}.sqlite"
