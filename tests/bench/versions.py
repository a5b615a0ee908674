"""What composing costs in two checkouts, in turn: ``python tests/bench/composing.py --before CHECKOUT [ROUNDS]``.

Each round starts one process for each checkout. A process times every case with CPU time, after one warm-up, and
uses public names only, so that both versions run the same code. A ratio is that of one round.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from measuring import Measured, instructions

REPOSITORY: Final = Path(__file__).parents[2]
MOST: Final = 1.10
"""A change may make a case this many times as expensive."""

CASES: Final = """
import gc, itertools, json, random, sys, time
from accelkit import *

six = lambda: (kvm() | shadow_mem(64 * MiB) | kernel_irqchip(split) | dirty_ring_size(4096)
               | notify(run, window=1000) | device("/dev/kvm"))
windows = itertools.count()
recipe = six()
space = tcg() | tb_size(each(*range(1, 61))) | thread(each(single, multi)) | split_wx(each(on, off))
numbers = random.Random(1).sample(range(len(space)), 200)
schema = bundled("10.0")
cases = {
    "composed, rendered": (lambda: render(six()), 400),
    "composed": (six, 400),
    "rendered": (lambda: render(recipe), 2000),
    "composed, one new value": (lambda: kvm() | shadow_mem(64 * MiB) | notify_window(next(windows)), 400),
    "argvs of 240 points": (lambda: sum(1 for _ in space.argvs()), 20),
    "200 points by number": (lambda: [space[k] for k in numbers], 5),
    "sample of 100": (lambda: space.sample(100, seed=1), 20),
    "parse": (lambda: parse("-accel kvm,kernel-irqchip=split -accel tcg,thread=single"), 200),
    "check": (lambda: check("kvm,kernel-irqchip=split,dirty-ring-size=4096", schema), 100),
}
seconds = {}
for name, (case, times) in cases.items():
    for _ in range(times):
        case()
    gc.collect(); gc.disable()
    start = time.process_time_ns()
    for _ in range(times):
        case()
    seconds[name] = (time.process_time_ns() - start) / 1e9 / times
    gc.enable()
print(json.dumps(seconds))
"""


def compare_versions(before: Path, rounds: int) -> int:
    """Print the ratio of this checkout to ``before`` for every case; 1 if a median is above MOST, else 0."""
    checkouts = {"before": before.resolve(), "after": REPOSITORY}
    seconds: dict[str, dict[str, list[float]]] = {version: {} for version in checkouts}
    for _ in range(rounds):
        for version, checkout in checkouts.items():
            for case, value in _run(CASES, checkout).items():
                seconds[version].setdefault(case, []).append(value)
    slower = False
    print(f"{before} and {REPOSITORY}, {rounds} rounds: CPU time, then its ratio: median (p10..p90)")
    for case, values in seconds["after"].items():
        old, new = Measured(tuple(seconds["before"][case])), Measured(tuple(values))
        slower |= new.typical() > MOST * old.typical()
        print(
            f"  {case:<28} {old.typical() * 1e6:>9.3f} us {new.typical() * 1e6:>9.3f} us   x {new.ratio(old)}"
        )
    counts = {version: _instructions(checkout) for version, checkout in checkouts.items()}
    if counts["before"] and counts["after"]:
        ratio = counts["after"] / counts["before"]
        slower |= ratio > MOST
        print(
            f"  {'import accelkit':<28} {counts['before'] / 1e6:>8.1f} M {counts['after'] / 1e6:>8.1f} M instructions   x {ratio:.2f}"
        )
    print(f"{'a case' if slower else 'no case'} is more than {MOST:.2f} times as expensive as before")
    return int(slower)


def _run(code: str, checkout: Path) -> Mapping[str, float]:
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    process = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(process.stdout)


def _instructions(checkout: Path) -> int:
    """Instructions that importing accelkit takes, by valgrind; 0 without it."""
    code = f"import sys; sys.path.insert(0, {str(checkout)!r}); import accelkit"
    return instructions({"import": [sys.executable, "-c", code]}).get("import", 0)
