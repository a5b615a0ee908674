"""tune: from a space, guests and a budget to what to run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from accelkit.errors import StudyError, shown
from accelkit.host.signals import interrupting
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.schemas import bundled
from accelkit.schemas.schema import Schema
from accelkit.study.arguments import Problems, flag, front, function, whole
from accelkit.study.asked import Asked, asked
from accelkit.study.factors import Qemu, SomeGuest
from accelkit.study.hosts.cluster import pool_of
from accelkit.study.hosts.pool import Scatter
from accelkit.study.model import Build, Configuration
from accelkit.study.plan import Plan
from accelkit.study.points import Point, Swept, baseline_of, read_point
from accelkit.study.searched import Terms
from accelkit.study.setup import ENOUGH
from accelkit.study.standards import RUN_SECONDS, seconds_of
from accelkit.study.worker import Measure, Worker
from accelkit.tuning.goals import goals_of, memory_of, weights_of
from accelkit.tuning.host_space import space_of
from accelkit.tuning.points import TuningPoints, tuning_points
from accelkit.tuning.prepared import Measuring, Pace, PreparedTuning
from accelkit.tuning.tuned import Tuned

SomeGuests = SomeGuest | Iterable[SomeGuest] | Mapping[Any, float]
"""A guest, several, or guests with their weights."""

DEFAULT_TRIALS: Final = 400
"""The trials of a tuning to which nothing else sets an end."""

FEWEST: Final = 6
"""The trials of a tuning with each guest, at least: a block of the search and one that confirms."""

MOST_TRIALS: Final = 100_000_000

QUICK: Final = 0.4
"""How much of ``run_seconds`` a trial of the search lasts with a bundled guest: on a busy host the fastest of few slices is noise."""


@front
def prepare(
    space: Swept,
    guests: SomeGuests | None = None,
    *,
    guest: SomeGuest | None = None,
    trials: int | None = None,
    time: float | str | None = None,
    budget: float | str | None = None,
    store: str | os.PathLike[str] | None = None,
    baseline: Point | None = None,
    qemu: Qemu | None = None,
    goals: Mapping[str, float] | str | None = None,
    max_rss: int | str | None = None,
    seed: int = 0,
    delta: float | str = 0.01,
    confidence: float | str = 0.95,
    run_seconds: float = RUN_SECONDS,
    timeout: float = 60.0,
    measure: Measure | None = None,
    command: Sequence[str] = (),
) -> PreparedTuning:
    """The tuning of these arguments, planned, checked and calibrated but not run; shown, it says what it will take.

    Takes what :func:`tune` does; ``command`` is the argv of the shell command that makes this call, if there is one: the
    store keeps it, and messages use its words. Raises what tune() raises before anything runs, such as StudyError for
    wrong arguments.
    """
    given = Problems()
    base = given.take(None, baseline_of, baseline)
    names, weights = given.take(("cpu", None), _guests, guests, guest)
    count = None if trials is None else given.take(1, whole, "trials", trials, 1, MOST_TRIALS)
    word, limit_of_time = ("time", time) if budget is None else ("budget", budget)
    seconds = given.take(None, seconds_of, limit_of_time, word)
    given.take(None, _one_word, "time", time, "budget", budget)
    what = asked(
        given, guests=names, qemu=qemu, store=store, measure=measure, seed=seed, delta=delta,
        confidence=confidence, run_seconds=run_seconds, timeout=timeout,
    )  # fmt: skip
    aims = given.take({}, goals_of, goals)
    limit = given.take(None, memory_of, max_rss)
    given.take(None, _one_qemu, qemu)
    counted = given.take({}, _weights, what, weights)
    swept = given.take(None, _read, space)
    given.take(None, _enough, count, len(what.guests))
    given.raise_all()
    if count is None and seconds is None:
        count = DEFAULT_TRIALS
    builds, schemas = what.started()
    points = _points(cast("Any", swept), base, schemas, is_real=what.measure is None)
    terms = Terms(points.code, points.size, counted, aims, limit, count, seconds)
    path = what.path or _name(points, terms, what, builds)
    booted, by, pace = what.booted, what.measure, Pace()
    if by is None:
        booted = calibrated = what.calibrated(builds, schemas, points.baseline, path)
        by = Worker.of(builds, (points.baseline,), calibrated, what.timeout, ENOUGH * what.run_seconds)
        pace = Pace(what.pace(calibrated, QUICK * what.run_seconds), what.pace(calibrated, what.run_seconds))
    plan = Plan(builds, (points.baseline,), booted, points.baseline.name, what.seed)
    measuring = Measuring(by, QUICK * what.run_seconds)
    return PreparedTuning(plan, points, terms, measuring, path, what.standards, tuple(command), pace)


@front
def tune(
    space: Swept,
    guests: SomeGuests | None = None,
    *,
    guest: SomeGuest | None = None,
    trials: int | None = None,
    time: float | str | None = None,
    budget: float | str | None = None,
    store: str | os.PathLike[str] | None = None,
    baseline: Point | None = None,
    qemu: Qemu | None = None,
    goals: Mapping[str, float] | str | None = None,
    max_rss: int | str | None = None,
    seed: int = 0,
    delta: float | str = 0.01,
    confidence: float | str = 0.95,
    run_seconds: float = RUN_SECONDS,
    timeout: float = 60.0,
    measure: Measure | None = None,
    watch: bool = True,
    on: object = None,
    scatter: Scatter = map,
) -> Tuned:
    """What to run: the best of the points of ``space``, found with few trials and borne out by a study of the best few.

    ``space`` is what varies, of any size: text as for the shell, ``"tcg,tb-size={8,64},thread={single,multi}"``; a
    space, ``tcg() | tb_size(doubling(8, 2048))``; or a list of recipes, texts and spaces. One recipe, such as ``tcg()`` or
    ``"tcg"``, stands for what is worth trying with it on this QEMU and host: :func:`space_of` of it. ``guests`` are what
    is booted, as for ``study()``: a name, a guest, or a list of these; or a mapping to weights,
    ``{"smp": 2, "tb-thrash": 1}``, which says how much each counts in the geometric mean that is to be small. By default
    ``"cpu"``. All other arguments are given by name:

    - ``guest``: another word for ``guests``, for one.
    - ``trials``: the most trials in all, those of the confirming study and those in the store included. By default 400,
      if no ``time`` ends the tuning.
    - ``time``: the most time, in seconds, or text such as ``"90s"``, ``"30m"``, ``"2h"``, that of earlier calls
      included. The first limit that is reached ends the search; the confirming study
      then has about a fifth of the whole.
    - ``budget``: another word for ``time``.
    - ``store``: the SQLite file that keeps every trial; the same call resumes it. By default ``tune-HASH.sqlite`` in the
      current folder, a name that follows from all that decides what is measured.
    - ``baseline``: what the best is compared with, as text or as a recipe; by default the first point.
    - ``qemu``: a program or a command line; by default ``qemu-system-x86_64`` on PATH.
    - ``goals``: what is to be small: ``{"time": 1, "max_rss": 0.2}`` weighs time and memory; by default time alone. The
      pick has the smallest weighted geometric mean; ``front`` has all points that are not dominated.
    - ``max_rss``: the most memory that QEMU may take, in bytes or as text such as ``"2GiB"``. A point that takes more in
      any trial cannot be the pick, nor can one of which any trial fails.
    - ``seed=0``: the seed of all random choices, a whole number of 64 bits.
    - ``delta=0.01``: a smaller difference counts as no difference; a share between 0 and 1, or text such as ``"1%"``.
    - ``confidence=0.95``: the probability that all intervals of the confirming study hold at once.
    - ``run_seconds=0.5``: about how long a run of a bundled guest given by name lasts in the confirming study; in the
      search it lasts two fifths of that.
    - ``timeout=60``: seconds after which a run is ended, 0.001 to a million.
    - ``measure``: a function of a ``Trial`` that returns its ``Record``, in place of QEMU: ``trial.configuration`` is the
      name of the point. Nothing is then probed, calibrated or booted; ``guests`` and ``qemu`` are names.
    - ``watch=True``: say first what the tuning will take; then show the progress.
    - ``on``: a Dask client, a cluster or a scheduler's address, as for ``study()``: blocks run on its hosts, each whole on
      one of them. A ``measure`` must then be a function that can be pickled.
    - ``scatter=map``: how trials reach workers of this host, as for ``study()``.

    The same call resumes a tuning, whatever ended it; a call that asks for something else is refused, with the
    differences. Ctrl-C raises KeyboardInterrupt, and the message says where the tuning stopped. To see what a store has,
    also while the tuning runs, ask for ``Tuned.from_store("tune.sqlite")``.

    Raises, before anything runs, the error of a wrong argument, or StudyError with all of them: also if the QEMU would
    refuse the baseline, and for fewer trials than can decide anything. QemuError if the QEMU is missing; GuestError for an
    unknown guest; TypeError for an unknown argument. Points that the QEMU would refuse are left out.

    >>> from accelkit import *  # doctest: +SKIP
    >>> space = tcg() | tb_size(doubling(8, 2048)) | thread(each(single, multi))  # doctest: +SKIP
    >>> best = tune(space, {"smp": 2, "tb-thrash": 1}, time="30m", store="tune.sqlite")  # doctest: +SKIP
    >>> best.recipe, best.decided  # doctest: +SKIP
    (tcg() | tb_size(512) | thread(multi), True)
    """
    given = Problems()
    given.take(True, flag, "watch", watch)
    given.take(scatter, function, "scatter", scatter)
    if on is not None:
        given.take(None, pool_of, on)
    given.raise_all()
    with interrupting():
        prepared = prepare(
            space, guests, guest=guest, trials=trials, time=time, budget=budget, store=store, baseline=baseline,
            qemu=qemu, goals=goals, max_rss=max_rss, seed=seed, delta=delta, confidence=confidence,
            run_seconds=run_seconds, timeout=timeout, measure=measure,
        )  # fmt: skip
        if not watch:
            return prepared.run(scatter=scatter, on=on)
        with prepared.progress_bar() as watching:
            return prepared.run(watching, scatter, on=on)


def _guests(guests: object, guest: object) -> tuple[Any, tuple[float, ...] | None]:
    """The guests to boot, and the weight of each where weights were given."""
    _one_word("guests", guests, "guest", guest)
    given: Any = guests if guest is None else guest
    if given is None:
        return "cpu", None
    if not isinstance(given, Mapping):
        return given, None
    weights = weights_of("guests", cast("Mapping[Any, Any]", given))
    kept = {key: weights[str(key)] for key in cast("Mapping[Any, Any]", given) if str(key) in weights}
    return [*kept], tuple(kept.values())


def _one_word(one: str, value: object, other: str, same: object) -> None:
    """Raises StudyError if both words of one argument are given."""
    if value is not None and same is not None:
        raise StudyError(f"{other}: means the same as {one}; give one of both")


def _weights(what: Asked, weights: tuple[float, ...] | None) -> dict[str, float]:
    """The weight of each guest by its name."""
    names = [item if isinstance(item, str) else item.name for item in what.guests]
    if weights is None:
        return dict.fromkeys(names, 1.0)
    if len(weights) != len(names):
        raise StudyError("guests: two of them are the same; give each guest one weight")
    return dict(zip(names, weights, strict=True))


def _enough(trials: int | None, guests: int) -> None:
    least = FEWEST * guests
    if trials is not None and trials < least:
        raise StudyError(
            f"trials: {trials} are too few to try anything; give at least {least}, {FEWEST} a guest"
        )


def _one_qemu(qemu: object) -> None:
    if isinstance(qemu, (list, tuple)) and len(cast("Sequence[object]", qemu)) > 1:
        raise StudyError(
            "qemu: a tuning is of one QEMU; tune each of several by itself, or compare them in a study"
        )


def _read(space: object) -> object:
    return read_point(space, "space") if isinstance(space, str) else space


def _points(
    space: Any, baseline: Configuration | None, schemas: Sequence[Schema], *, is_real: bool
) -> TuningPoints:
    if isinstance(space, Recipe):
        recipe = cast("Recipe[Any]", space)
        space = space_of(recipe, schemas[0] if is_real else bundled())
        if space.size < 2:
            raise StudyError(
                f"space: {shown(recipe)} alone leaves nothing to tune here; give a space, as in 'tcg,tb-size={{8,64}}'"
            )
    return tuning_points(cast("Space[Any]", space), baseline, schemas)


def _name(points: TuningPoints, terms: Terms, what: Asked, builds: Sequence[Build]) -> str:
    """The name of the store of a tuning that names none: the same for the same tuning, another for another."""
    facts = [
        terms.space, terms.size, points.baseline.name, sorted(terms.weights.items()), sorted(terms.goals.items()),
        terms.max_rss, terms.trials, terms.seconds, what.seed, what.run_seconds,
        sorted(item if isinstance(item, str) else f"{item.name} {item.fingerprint}" for item in what.guests),
        sorted([build.version, build.digest, *build.command] for build in builds),
    ]  # fmt: skip
    return f"tune-{hashlib.blake2b(json.dumps(facts).encode(), digest_size=4).hexdigest()}.sqlite"
