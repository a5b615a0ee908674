"""What a study and a tuning are asked for alike: guests, QEMUs, store, standards; checked before anything is started."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from accelkit.guests.makers import AnyGuest
from accelkit.host.signals import interrupt
from accelkit.schemas.schema import Schema
from accelkit.study.arguments import Problems, number, path_of, share, whole
from accelkit.study.factors import Qemu, SomeGuest, builds_of, chosen_guests, commands_of, guests_of
from accelkit.study.forecast import trial_seconds
from accelkit.study.model import Build, Configuration, PlannedGuest
from accelkit.study.simulated import measure_of, simulated_builds, simulated_guests
from accelkit.study.standards import RUN_SECONDS, Standards
from accelkit.study.worker import Measure

_WHILE_PREPARING = "interrupted while the guests were calibrated, before any trial: run the same again"


class Asked(NamedTuple):
    """What was asked for; nothing has been started. ``builds`` and ``booted`` are empty where real QEMUs measure."""

    chosen: Sequence[SomeGuest]
    booted: Sequence[PlannedGuest]
    commands: Sequence[tuple[str, ...]]
    builds: Sequence[Build]
    measure: Measure | None
    path: str | None
    seed: int
    standards: Standards
    run_seconds: float
    timeout: float

    @property
    def guests(self) -> Sequence[SomeGuest | PlannedGuest]:
        """The guests, as far as they are known before any is calibrated."""
        return self.chosen or self.booted

    def started(self) -> tuple[Sequence[Build], Sequence[Schema]]:
        """The QEMUs with their schemas, probed; without schemas where a function measures. Raises QemuError."""
        return builds_of(self.commands) if self.measure is None else (self.builds, ())

    def calibrated(
        self, builds: Sequence[Build], schemas: Sequence[Schema], baseline: Configuration, path: str
    ) -> tuple[AnyGuest, ...]:
        """The guests to boot on real QEMUs: those given by name with the work that the store has, or calibrated."""
        try:
            return guests_of(self.chosen, builds, schemas, baseline, path, self.run_seconds)
        except KeyboardInterrupt as stop:
            raise interrupt(stop, _WHILE_PREPARING) from None

    def pace(self, guests: Sequence[AnyGuest], run_seconds: float) -> float | None:
        """About how many seconds a trial takes whose run of a bundled guest lasts so long; None if nobody knows."""
        return trial_seconds(guests, {name for name in self.chosen if isinstance(name, str)}, run_seconds)


def asked(
    given: Problems,
    *,
    guests: SomeGuest | Iterable[SomeGuest],
    qemu: Qemu | Sequence[Qemu] | None,
    store: str | os.PathLike[str] | None,
    measure: Measure | None,
    seed: int,
    delta: float | str,
    confidence: float | str,
    run_seconds: float,
    timeout: float,
    anytime: bool = False,
) -> Asked:
    """What was asked for by these arguments; what is wrong with them is noted in ``given``."""
    is_real = measure is None
    usual = Standards()
    chosen = given.take((), chosen_guests, guests) if is_real else ()
    commands = given.take((), commands_of, qemu) if is_real else ()
    booted: Sequence[PlannedGuest] = () if is_real else given.take((), simulated_guests, guests)
    builds = () if is_real else given.take((), simulated_builds, qemu)
    if measure is not None:
        given.take(measure, measure_of, measure)
    path = given.take(None, path_of, store)
    order = given.take(0, whole, "seed", seed, -(1 << 63), (1 << 63) - 1)
    least = given.take(usual.delta, share, "delta", delta)
    sure = given.take(usual.confidence, share, "confidence", confidence)
    standards = given.take(usual, Standards, least, sure, anytime=anytime)
    run = given.take(RUN_SECONDS, number, "run_seconds", run_seconds, 0.01, 3600)
    limit = given.take(60.0, number, "timeout", timeout, 0.001, 1e6)
    return Asked(chosen, booted, commands, builds, measure, path, order, standards, run, limit)
