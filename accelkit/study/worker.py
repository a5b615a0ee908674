"""A Worker turns a Trial into a Record on any host, and :func:`attempt` an exception, too: no trial is lost."""

from __future__ import annotations

import errno
import os
import re
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
from accelkit.measure.bundled import MIN_SLICES, run_bundled
from accelkit.measure.command import judge_command, run_command
from accelkit.measure.console import judge_console, run_console, seconds_of_run
from accelkit.measure.outcome import Cause, has_own_clock, judge
from accelkit.measure.plain_boot import EXEC_ERRNOS
from accelkit.measure.supervise import Run
from accelkit.study.model import Build, Configuration, Record, Trial
from accelkit.study.searched import PointTrial

Measure = Callable[[Trial], Record]
"""Runs a trial and returns its record, as a :class:`Worker` does."""

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds after which a run is killed."""

FULL: Final = (errno.ENOSPC, errno.EDQUOT)
"""Errors of a full disk."""

_QEMU_NAME: Final = re.compile(r"qemu-system|qemu-kvm$|kvm$")
"""Names of a running QEMU, of which Linux keeps 15 characters; not those of qemu-nbd and other programs beside it."""

FALLING_BACK: Final = "falling back to "
"""QEMU's message when its first accelerator does not start (system/vl.c, configure_accelerators)."""


@dataclass(frozen=True, slots=True)
class _Measurement:
    """A run, judged by its kind of guest: the value with its unit, and the cause if there is none."""

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
    """The record of one run of ``guest`` under ``configuration``.

    Never raises for what QEMU does: every failure is a cause in the Record.

    The command is killed after ``timeout`` seconds. A bundled guest that is still working after
    ``enough`` seconds is ended as soon as 3 of its slices are reported and verified: the fastest of
    them is its value. Raises GuestError if a file of the guest cannot be read, and QemuError for
    ``-daemonize``, with which QEMU would outlive the call. No QEMU outlives the call, and on Linux none
    outlives the calling thread.

    >>> measure(trial, build, configuration, guest("cpu")).value  # doctest: +SKIP
    22341876.0
    """
    started, host_load, times_before = time.time(), load(), cpu_times()
    try:
        measurement = _run(build.command, configuration, guest, timeout, enough)
    except OSError as error:
        return Record(trial, *_not_started(build.command, error), started=started, load=host_load)
    run, requested = measurement.run, configuration.accelerators
    accelerator = run.accelerator
    if not accelerator and measurement.cause not in ("refused", "missing"):
        accelerator = _accelerator_by_stderr(requested, run.stderr)
    cause, why = _final_cause(measurement, requested, accelerator)
    return Record(
        trial=trial,
        cause=cause,
        why=why,
        value=measurement.value if cause == "ok" else None,
        unit=measurement.unit,
        slices=measurement.slices,
        phases=measurement.phases,
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
        load=host_load,
        steal=steal_share(times_before, cpu_times()),
        stderr=run.stderr,
    )


NamedT = TypeVar("NamedT", Build, Configuration, AnyGuest)


@dataclass(frozen=True, slots=True)
class Worker:
    """A value that turns a Trial into a Record anywhere; it never raises for what QEMU does.

    It can be pickled, so a process pool or a cluster can call it. ``builds``, ``configurations`` and
    ``guests`` map the names in a trial to what they name; :meth:`of` makes these mappings. ``timeout``
    and ``enough`` are those of :func:`measure`, in seconds.

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
        """A worker that knows these by name. Raises GuestError or QemuError if two have the same name."""
        return cls(
            _by_name("build", builds),
            _by_name("configuration", configurations),
            _by_name("guest", guests),
            timeout,
            enough,
        )

    def __call__(self, trial: Trial) -> Record:
        """The record of ``trial``, which may bring its configuration along.

        Raises GuestError or QemuError for a name that this worker does not know.
        """
        point = (
            trial.point
            if isinstance(trial, PointTrial)
            else _named("configuration", self.configurations, trial.configuration)
        )
        return measure(
            trial,
            _named("build", self.builds, trial.build),
            point,
            _named("guest", self.guests, trial.guest),
            timeout=self.timeout,
            enough=self.enough,
        )


def _by_name(what: str, values: Iterable[NamedT]) -> dict[str, NamedT]:
    by_name: dict[str, NamedT] = {}
    for value in values:
        if value.name in by_name:
            raise _error(what)(
                f"{what}s: two are named {value.name!r}; names must differ: rename one of them"
            )
        by_name[value.name] = value
    return by_name


def _named(what: str, known: Mapping[str, NamedT], name: str) -> NamedT:
    if name not in known:
        raise _error(what)(
            f"trial of {what} {name!r}, which this worker does not know; {nearest(name, known)}"
        )
    return known[name]


def _error(what: str) -> type[GuestError | QemuError]:
    return GuestError if what == "guest" else QemuError


def _run(
    command: Sequence[str],
    configuration: Configuration,
    guest: AnyGuest,
    timeout: float,
    enough: float | None,
) -> _Measurement:
    argv, accelerators = configuration.argv, configuration.accelerators
    match guest:
        case Guest():
            run, report, _ = run_bundled(
                command, argv, guest, accelerators=accelerators, timeout=timeout, enough=enough
            )
            least = None if enough is None or run.ending != "stop" else MIN_SLICES
            wall = None if has_own_clock((*command, *argv)) else run.wall
            cause, why = judge(guest, report, run.status, run.ending, run.stderr, least, wall)
            ticks = tuple(part.ticks for part in report.slices)
            return _Measurement(run, cause, why, "ticks", float(min(ticks)) if ticks else None, ticks)
        case SerialGuest():
            run, log = run_console(command, argv, guest, accelerators=accelerators, timeout=timeout)
            value, (cause, why) = seconds_of_run(guest, run, log), judge_console(guest, run, log)
            phases = log.phases(value if cause == "ok" else None)
            return _Measurement(run, cause, why, "s", value, phases=phases)
        case CommandGuest():
            run = run_command(command, argv, guest, timeout=timeout)
            return _Measurement(run, *judge_command(guest, run), "s", run.wall)


def _final_cause(measurement: _Measurement, requested: Sequence[str], accelerator: str) -> tuple[Cause, str]:
    """The cause and why, where QEMU's messages or its accelerator say more than the guest's answer."""
    run = measurement.run
    if run.trouble and measurement.cause in ("ok", "crashed"):
        return "timeout", f"the work was done, but: {run.trouble}"
    if run.implausible and measurement.cause == "ok":
        return "implausible", f"the work was done, but: {run.implausible}"
    if measurement.cause == "ok" and (left := [name for name in run.left if _QEMU_NAME.match(name)]):
        return (
            "crashed",
            f"the command ended and left {left[0]} running, so its time says nothing; leave -daemonize out",
        )
    if measurement.cause != "ok" and _says_full(run.stderr):
        line = next(line for line in reversed(run.stderr.splitlines()) if _says_full(line))
        return "no-space", line
    if requested and accelerator and accelerator != requested[0]:
        lines = [line for line in run.stderr.splitlines() if line.strip()]
        return (
            "fell-back",
            f"{requested[0]} was asked for, {accelerator} ran; QEMU said: {' / '.join(lines[:3])}",
        )
    return measurement.cause, measurement.why


def _says_full(text: str) -> bool:
    return any(os.strerror(number) in text for number in FULL)


def _accelerator_by_stderr(requested: Sequence[str], stderr: str) -> str:
    """The accelerator that ran, for a QEMU that could not be queried over QMP."""
    lines = [line for line in stderr.splitlines() if FALLING_BACK in line]
    if lines:
        return lines[-1].rpartition(FALLING_BACK)[2].strip()
    return requested[0] if requested else ""


def _not_started(command: Sequence[str], error: OSError) -> tuple[Cause, str]:
    if error.errno in FULL:
        return "no-space", str(error)
    if error.errno in EXEC_ERRNOS:
        return "missing", f"{command[0]}: {error.strerror}"
    raise error


def attempt(measure: Measure, trial: Trial) -> Record:
    """Run one trial; an exception becomes a Record, so no trial is lost.

    >>> attempt(lambda trial: 1 / 0, Trial("7.2", "cpu", "tcg", 0, 0)).why
    'ZeroDivisionError: division by zero'
    """
    started = time.time()
    try:
        return measure(trial)
    except Exception as error:  # noqa: BLE001 - it ends one trial, not the study; KeyboardInterrupt passes
        full = isinstance(error, OSError) and error.errno in FULL
        return Record(
            trial,
            "no-space" if full else "error",
            why=f"{type(error).__name__}: {error}",
            stderr=traceback.format_exc(),
            started=started,
        )
