"""A simulated fleet: a pool of hosts with clocks of their own, which are fast or slow, noisy, lost and found. Nothing waits."""

from __future__ import annotations

import heapq
import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from accelkit.host.identity import Host
from accelkit.study.hosts.dispatch import Dispatch
from accelkit.study.hosts.pool import Arrivals
from accelkit.study.model import Record, Trial
from accelkit.study.worker import Measure, attempt

from .simulate import HOSTS, Noise, disturb

TOGETHER = 0.05
"""Records of so many seconds of virtual time arrive together."""


@dataclass
class Machine:
    """A host of the fleet: how much slower than the others, what disturbs its runs, and how often it is lost."""

    name: str
    slowness: float
    noise: Noise
    rng: np.random.Generator
    since: float = 0.0  # virtual seconds; its drift counts from there


@dataclass
class Fleet:
    """``size`` hosts as a pool. A measure gives a trial's true seconds; the hosts disturb it, each in its own way.

    ``losses`` is the chance that a host is lost while it measures a trial; it comes back after ``away`` seconds. Half of
    those that are lost send the record of that trial later all the same. ``clock`` has the virtual time at the end.
    """

    size: int
    seed: int = 0
    losses: float = 0.0
    away: float = 30.0
    drift: float = 0.0  # of each host, in logarithms an hour
    noises: Sequence[Noise] = tuple(HOSTS.values())
    hosts: dict[str, Host] = field(init=False)
    clock: float = field(default=0.0, init=False)
    lost: int = field(default=0, init=False)
    late: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        slowness = np.exp(rng.normal(0, 0.3, self.size)) * np.where(rng.random(self.size) < 0.02, 5, 1)
        self.machines = [
            Machine(f"host{place}", float(slow), self.noises[place % len(self.noises)], child)
            for place, (slow, child) in enumerate(zip(slowness, rng.spawn(self.size), strict=True))
        ]
        self.hosts = {
            machine.name: Host(machine.name, machine.name, "Linux", "CPU", 4) for machine in self.machines
        }

    def __call__(self, measure: Measure, blocks: Iterator[Sequence[Trial]], /) -> Arrivals:
        return Arrivals(self._batches(measure, Dispatch(blocks)))

    def _batches(self, measure: Measure, dispatch: Dispatch) -> Generator[list[Record]]:
        order = count()
        events: list[tuple[float, int, Machine, Record | None]] = []  # None: the host is lost, or back

        def give(machine: Machine, now: float) -> None:
            trials = dispatch.take(machine.name)
            if not trials:
                idle.append(machine)
                return
            logs = disturb(machine.noise, (1, len(trials)), machine.rng)[0]
            logs = logs + math.log(machine.slowness) + self.drift * (now - machine.since) / 3600
            for trial, factor in zip(trials, np.exp(logs).tolist(), strict=True):
                record = attempt(measure, trial)
                seconds = (record.value or 1.0) * factor
                now += seconds
                value = None if record.value is None else seconds
                told = replace(record, value=value, wall=seconds, started=now, host=machine.name)
                if self.losses and machine.rng.random() < self.losses:
                    heapq.heappush(events, (now, next(order), machine, None))
                    if machine.rng.random() < 0.5:
                        heapq.heappush(events, (now + self.away / 2, next(order), machine, told))
                        self.late += 1
                    lost.add(machine.name)
                    return
                heapq.heappush(events, (now, next(order), machine, told))

        idle: list[Machine] = list(self.machines)
        lost: set[str] = set()
        while not dispatch.is_over:
            waiting, idle[:] = list(idle), []
            for machine in waiting:
                give(machine, self.clock)
            if not events:
                continue
            arrived: list[Record] = []
            until = events[0][0] + TOGETHER
            while events and events[0][0] <= until:
                self.clock, _, machine, record = heapq.heappop(events)
                if record is not None:
                    if dispatch.accepts(record):
                        arrived.append(record)
                    if machine.name not in lost and not dispatch.rest(machine.name):
                        give(machine, self.clock)
                elif machine.name in lost:
                    arrived += dispatch.lost(machine.name)
                    lost.remove(machine.name)
                    self.lost += 1
                    heapq.heappush(events, (self.clock + self.away, next(order), machine, None))
                else:  # it is back
                    give(machine, self.clock)
            if arrived:
                yield arrived
