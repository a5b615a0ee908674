"""How the benchmarks measure: candidates in turn, CPU time, ratios to a peer that did the same in the same round.

CPU time of the process, so that other work on the machine counts less. The cyclic garbage collector is off
while a candidate runs, and collects between two, for all of them alike. A ratio is that of one round;
given are the median of the rounds and their 10th and 90th percentile.
"""

from __future__ import annotations

import gc
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

#: Does what is measured as often as it is told.
Loop = Callable[[int], object]
UNITS: Final = {"us": 1e6, "ms": 1e3, "s": 1.0}


@dataclass(frozen=True)
class Measured:
    """Seconds of CPU for one time, round by round."""

    seconds: tuple[float, ...]

    def typical(self) -> float:
        """The median."""
        return median(self.seconds)

    def ratio(self, peer: Measured) -> str:
        """``median (p10..p90)`` of this by ``peer``, round by round."""
        ratios = [mine / theirs for mine, theirs in zip(self.seconds, peer.seconds, strict=True)]
        tenths = quantiles(ratios, n=10, method="inclusive")
        return f"{median(ratios):.2f} ({tenths[0]:.2f}..{tenths[-1]:.2f})"


def in_turn(loops: Mapping[str, Loop], times: int, rounds: int) -> dict[str, Measured]:
    """CPU seconds of each loop, all of them once a round."""
    for loop in loops.values():
        loop(times)  # what is filled once, such as a memo, is filled before
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name, loop in loops.items():
            gc.collect()
            gc.disable()
            start = time.process_time_ns()
            loop(times)
            seconds[name].append((time.process_time_ns() - start) / 1e9 / times)
            gc.enable()
    return {name: Measured(tuple(taken)) for name, taken in seconds.items()}


def processes_in_turn(
    commands: Mapping[str, Sequence[str]], rounds: int, stdin: bytes = b""
) -> dict[str, Measured]:
    """CPU seconds (user and system) of whole processes, one of each a round, their bytecode compiled."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    with compiled() as environment, tempfile.TemporaryFile() as given:
        given.write(stdin)
        for name in list(commands) * (rounds + 1):
            given.seek(0)
            before = children()
            subprocess.run(
                commands[name],
                env=environment,
                stdin=given,
                stdout=subprocess.DEVNULL,
                check=True,
                timeout=300,
            )
            seconds[name].append(children() - before)
    return {name: Measured(tuple(taken[1:])) for name, taken in seconds.items()}


def children() -> float:
    """Seconds of CPU, of user and system, of all processes that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def compiled() -> Iterator[dict[str, str]]:
    """An environment in which Python keeps bytecode, in a folder of its own that is gone at the end."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as folder:
        yield plain | {"PYTHONPYCACHEPREFIX": folder, "PYTHONHASHSEED": "0"}


def instructions(commands: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Instructions of whole processes by valgrind: counts, without noise; empty where it is not installed."""
    valgrind = shutil.which("valgrind")
    counts: dict[str, int] = {}
    if valgrind is None:
        return counts
    with compiled() as environment:
        for name, command in commands.items():
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True, timeout=60)
            counted = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
            process = subprocess.run(
                counted, env=environment, capture_output=True, text=True, check=True, timeout=600
            )
            match = re.search(r"Collected\s*:\s*(\d+)", process.stderr)
            if match is None:
                raise RuntimeError(f"no count in valgrind's output: {process.stderr}")
            counts[name] = int(match[1])
    return counts


def machine() -> str:
    """What the figures hold for."""
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{sys.implementation.name} {version}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}"


def report(
    title: str, measured: Mapping[str, Measured], peer: str, goals: Mapping[str, str], unit: str = "us"
) -> None:
    """Each candidate's time, its ratio to ``peer``, and the goal."""
    print(f"\n{title}")
    for name, times in measured.items():
        ratio = "1" if name == peer else times.ratio(measured[peer])
        time = f"{times.typical() * UNITS[unit]:.3f} {unit}"
        print(f"  {name:<36} {time:>13}   x {ratio:<22} {goals.get(name, '')}".rstrip())
