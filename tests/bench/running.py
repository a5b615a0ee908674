"""What a trial costs beside the same QEMU under hyperfine: ``python tests/bench/running.py [QEMU [ROUNDS]]``.

hyperfine (of the package of that name) starts the guest's command line, through a shell or with -N without, and
waits for its end: no report is read, nothing is asked, nothing is kept. A trial here is all that a study does: the
guest is watched, proven, asked over QMP what it counted, and its record is stored with one sync. Each comes ten times
a round, in turn, the first of one round last in the next; CPU is that of the harness and of QEMU together.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import deque
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Final, NamedTuple

from measuring import children, machine

from accelkit.guests import guest
from accelkit.guests.catalogue import Guest
from accelkit.qemu.binary import find
from accelkit.study.model import Build, stored_configuration
from accelkit.study.plan import Plan
from accelkit.study.runner import run_blocks
from accelkit.study.store.writer import StoreWriter, open_store
from accelkit.study.worker import Worker

ARGV: Final = ("-accel", "tcg")
TIMES: Final = 10
ROUNDS: Final = 20
GUESTS: Final = (guest("none"), guest("cpu").with_work(slices=5), guest("cpu"))
"""QEMU's start alone, a short run, and one as long as it is by default."""


class Cost(NamedTuple):
    """Seconds of one run: from its start to its end, and of CPU."""

    wall: float
    cpu: float


def hyperfine(command: tuple[str, ...], asked: Guest, *more: str) -> Cost:
    """Of one run under hyperfine with the options ``more``, its own CPU time with it."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        before = children()
        options = [
            *more,
            "--runs",
            str(TIMES),
            "--ignore-failure",
            "--style",
            "none",
            "--export-json",
            file.name,
        ]
        line = " ".join((*command, *ARGV, *asked.argv()))
        subprocess.run(["hyperfine", *options, line], check=True, stderr=subprocess.DEVNULL, timeout=300)
        cpu = children() - before
        (result,) = json.load(file)["results"]
    assert set(result["exit_codes"]) <= set(asked.passing), result["exit_codes"]
    return Cost(median(result["times"]), cpu / TIMES)


class Study:
    """Trials of one configuration with one guest, in one store, ``TIMES`` more at each call."""

    def __init__(self, asked: Guest, store: StoreWriter, plan: Plan) -> None:
        measure = Worker.of(plan.builds, plan.configurations, [asked])
        self._records = run_blocks(plan, measure, store, blocks=1_000_000)

    def __call__(self) -> Cost:
        """Of one trial."""
        walls: list[float] = []
        before = time.process_time() + children()
        last = time.perf_counter()
        for record in islice(self._records, TIMES):
            now = time.perf_counter()
            walls.append(now - last)
            last = now
            assert record.counters, record  # as those have that went well
        cpu = time.process_time() + children() - before
        assert len(walls) == TIMES
        return Cost(median(walls), cpu / TIMES)


def spread(values: list[float]) -> str:
    tenths = quantiles(values, n=10, method="inclusive")
    return f"{median(values):7.2f} ({tenths[0]:.2f}..{tenths[-1]:.2f}), least {min(values):.2f}"


def main(program: str | None, rounds: int) -> None:
    command = find(program)
    print(f"{' '.join(command)}, {machine()}; {rounds} rounds of {TIMES}, one run each, ms")
    for asked in GUESTS:
        plan = Plan([Build("qemu", command, "")], [stored_configuration("tcg", ARGV)], [asked], "tcg")
        with (
            tempfile.TemporaryDirectory() as folder,
            open_store(Path(folder) / "running.sqlite", plan) as store,
        ):
            sides = {
                "hyperfine": partial(hyperfine, command, asked),
                "hyperfine -N": partial(hyperfine, command, asked, "-N"),
                "accelkit": Study(asked, store, plan),
            }
            costs: dict[str, list[Cost]] = {name: [] for name in sides}
            for turn in range(rounds + 1):
                order = deque(sides)
                order.rotate(-turn)
                for name in order:
                    costs[name].append(sides[name]())
        print(f"guest {asked.name}, {asked.slices} slices")
        for field in Cost._fields:
            taken = {name: [1e3 * getattr(cost, field) for cost in costs[name][1:]] for name in sides}
            for name, values in taken.items():
                print(f"  {field:4} {name:32} {spread(values)}")
            for name in sides:
                more = [ours - theirs for ours, theirs in zip(taken["accelkit"], taken[name], strict=True)]
                if name != "accelkit":
                    print(f"  {field:4} {'accelkit, more than ' + name:32} {spread(more)}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None, int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
