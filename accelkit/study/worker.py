"""From a trial to its record, on a real QEMU, anywhere: a value that can be pickled and never loses a trial."""

from __future__ import annotations

import errno
import os
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self, TypeVar

from accelkit.errors import GuestError, QemuError, nearest
from accelkit.guests.catalogue import Guest
from accelkit.guests.custom import CommandGuest, SerialGuest
from accelkit.guests.makers import AnyGuest
from accelkit.host.load import cpu_times, load, steal_share
from accelkit.measure.bundled import LEAST, run_bundled
from accelkit.measure.command import judge_command, run_command
from accelkit.measure.console import judge_console, run_console
from accelkit.measure.outcome import judge
from accelkit.measure.plain_boot import EXEC_ERRNOS
from accelkit.measure.supervise import Run
from accelkit.qemu.counters import accelerators
from accelkit.study.model import Build, Cause, Configuration, Record, Trial

Measure = Callable[[Trial], Record]
"""Runs a trial and returns what came of it."""

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds."""


FULL: Final = (errno.ENOSPC, errno.EDQUOT)

FALLING_BACK: Final = "falling back to "
"""What QEMU says when its first accelerator does not start (system/vl.c, configure_accelerators)."""


@dataclass(frozen=True, slots=True)
class _RunResult:
    """What a run of one kind of guest came to."""

    run: Run
    cause: Cause
    why: str
    unit: str
    value: float | None = None
    slices: tuple[int, ...] = ()
    phases: Mapping[str, float] = field(default_factory=dict[str, float])


def measure(
    trial: Trial,
    build: Build,
    configuration: Configuration,
    guest: AnyGuest,
    *,
    timeout: float = DEFAULT_TIMEOUT,
    enough: float | None = None,
) -> Record:
    """What came of one run of ``guest`` under ``configuration``; whatever QEMU does, it is no exception.

    The command is killed after ``timeout`` seconds. A bundled guest that is still at work after
    ``enough`` seconds is ended early once 3 of its slices are reported and proven: the fastest of
    these is its figure. Raises GuestError if a file of the guest cannot be read, and QemuError for
    a command that would escape. No QEMU outlives the call, and on Linux none the thread that made it.

    >>> measure(trial, build, configuration, guest("cpu")).value  # doctest: +SKIP
    22341876.0
    """
    if "-daemonize" in (*build.command, *configuration.argv):
        raise QemuError("-daemonize: QEMU would leave the group that is ended; leave it out")
    started, busy, before = time.time(), load(), cpu_times()
    try:
        seen = _run(build.command, configuration.argv, guest, timeout, enough)
    except OSError as error:
        return Record(trial, *_not_started(build.command, error), started=started, load=busy)
    run = seen.run
    asked = accelerators(configuration.argv)
    started_at_all = seen.cause not in ("refused", "missing")
    accelerator = run.accelerator or (_known(asked, run.stderr) if started_at_all else "")
    cause, why = _second_look(seen, asked, accelerator)
    return Record(
        trial=trial,
        cause=cause,
        why=why,
        value=seen.value if cause == "ok" else None,
        unit=seen.unit,
        slices=seen.slices,
        phases=seen.phases,
        wall=run.wall,
        user=run.user,
        system=run.system,
        max_rss=run.max_rss,
        voluntary_switches=run.voluntary_switches,
        involuntary_switches=run.involuntary_switches,
        status=run.status,
        accelerator=accelerator,
        counters=run.counters,
        started=started,
        load=busy,
        steal=steal_share(before, cpu_times()),
        stderr=run.stderr,
    )


NamedT = TypeVar("NamedT", Build, Configuration, AnyGuest)


@dataclass(frozen=True, slots=True)
class Worker:
    """:func:`measure` with all it needs but the trial: a value, to be carried to where trials run.

    It can be pickled, so a process pool or a cluster can call it. ``builds``, ``configurations`` and
    ``guests`` are what a trial names; :meth:`of` makes the mappings. ``timeout`` and ``enough`` are
    those of :func:`measure`, in seconds.

    >>> list(pool.map(Worker.of(builds, configurations, guests), trials))  # doctest: +SKIP
    """

    builds: Mapping[str, Build]
    configurations: Mapping[str, Configuration]
    guests: Mapping[str, AnyGuest]
    timeout: float = DEFAULT_TIMEOUT
    enough: float | None = None

    @classmethod
    def of(
        cls,
        builds: Iterable[Build],
        configurations: Iterable[Configuration],
        guests: Iterable[AnyGuest],
        timeout: float = DEFAULT_TIMEOUT,
        enough: float | None = None,
    ) -> Self:
        """One of these, by their names. Raises GuestError or QemuError where two have the same."""
        return cls(
            _by_name("build", builds),
            _by_name("configuration", configurations),
            _by_name("guest", guests),
            timeout,
            enough,
        )

    def __call__(self, trial: Trial) -> Record:
        """What came of ``trial``. Raises GuestError or QemuError for a name that is not here."""
        return measure(
            trial,
            _named("build", self.builds, trial.build),
            _named("configuration", self.configurations, trial.configuration),
            _named("guest", self.guests, trial.guest),
            timeout=self.timeout,
            enough=self.enough,
        )


def _by_name(what: str, values: Iterable[NamedT]) -> dict[str, NamedT]:
    found: dict[str, NamedT] = {}
    for value in values:
        if value.name in found:
            raise _error(what)(f"two of {what}s={value.name!r}; names must differ: give one another name")
        found[value.name] = value
    return found


def _named(what: str, known: Mapping[str, NamedT], name: str) -> NamedT:
    if name not in known:
        raise _error(what)(f"trial of {what} {name!r}, which is not here; {nearest(name, known)}")
    return known[name]


def _error(what: str) -> type[GuestError | QemuError]:
    return GuestError if what == "guest" else QemuError


def _run(
    command: Sequence[str], argv: Sequence[str], guest: AnyGuest, timeout: float, enough: float | None
) -> _RunResult:
    match guest:
        case Guest():
            run, report, _ = run_bundled(command, argv, guest, timeout=timeout, enough=enough)
            least = None if enough is None or run.ending != "told" else LEAST
            cause, why = judge(guest, report, run.status, run.ending, run.stderr, least)
            ticks = tuple(part.ticks for part in report.slices)
            return _RunResult(run, cause, why, "ticks", float(min(ticks)) if ticks else None, ticks)
        case SerialGuest():
            run, heard = run_console(command, argv, guest, timeout=timeout)
            figure = run.wall if guest.until is None else heard.until
            return _RunResult(run, *judge_console(guest, run, heard), "s", figure, phases=heard.phases)
        case CommandGuest():
            run = run_command(command, argv, guest, timeout=timeout)
            return _RunResult(run, *judge_command(guest, run), "s", run.wall)


def _second_look(seen: _RunResult, asked: Sequence[str], accelerator: str) -> tuple[Cause, str]:
    """The cause, where QEMU's own words or its accelerator say more than the guest did."""
    if seen.run.trouble and seen.cause in ("ok", "crashed"):
        return "timeout", f"the work was done, but: {seen.run.trouble}"
    if seen.cause != "ok" and _says_full(seen.run.stderr):
        line = next(line for line in reversed(seen.run.stderr.splitlines()) if _says_full(line))
        return "no-space", line
    if asked and accelerator and accelerator != asked[0]:
        said = [line for line in seen.run.stderr.splitlines() if line.strip()]
        return "fell-back", f"{asked[0]} was asked for, {accelerator} ran; QEMU said: {' / '.join(said[:3])}"
    return seen.cause, seen.why


def _says_full(text: str) -> bool:
    return any(os.strerror(number) in text for number in FULL)


def _known(asked: Sequence[str], stderr: str) -> str:
    """The accelerator that ran where QEMU could not be asked."""
    fallen = [line for line in stderr.splitlines() if FALLING_BACK in line]
    if fallen:
        return fallen[-1].rpartition(FALLING_BACK)[2].strip()
    return asked[0] if asked else ""


def _not_started(command: Sequence[str], error: OSError) -> tuple[Cause, str]:
    if error.errno in FULL:
        return "no-space", str(error)
    if error.errno in EXEC_ERRNOS:
        return "missing", f"{command[0]}: {error.strerror}"
    raise error


def attempt(measure: Measure, trial: Trial) -> Record:
    """What ``measure`` makes of the trial; what it raises is a record, too.

    >>> attempt(lambda trial: 1 / 0, Trial("7.2", "cpu", "tcg", 0, 0)).why
    'ZeroDivisionError: division by zero'
    """
    started = time.time()
    try:
        return measure(trial)
    except Exception as error:  # noqa: BLE001 - one trial, not the study; an interrupt passes
        full = isinstance(error, OSError) and error.errno in FULL
        return Record(
            trial,
            "no-space" if full else "error",
            why=f"{type(error).__name__}: {error}",
            stderr=traceback.format_exc(),
            started=started,
        )
