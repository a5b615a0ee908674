"""Tunings on a real QEMU whose answers are known: ``python tests/bench/real_tuning.py [MINUTES [REPETITIONS [QEMU]]]``.

Prints a line for each tuning, as Markdown: what it picks and whether that is right, the trials of the search and of the
confirming study, the seconds, and how busy the host was. One repetition takes MINUTES, 10 if none are given: 15% of that
for each of three guests alone, and 55% for all three together. Then ``space_of(tcg())`` has half of it once more, for
``smp``. The effects are those of tests/bench/effects.py; on a busy host ``thread=multi`` is not faster for ``smp``, so what
the tuning then picks may be another.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from measuring import machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracle.real_qemu import discover

from accelkit import Space, doubling, each, multi, single, tb_size, tcg, thread
from accelkit.recipes.property import Readable
from accelkit.tuning import space_of, tune
from accelkit.tuning.tuned import Tuned

SPACE: Final = tcg() | tb_size(doubling(8, 2048)) | thread(each(single, multi))

ENOUGH: Final = 16
"""MiB of tb-size that hold the translated code of ``tb-thrash``: QEMU 5.2 to 11.1 flush 8 MiB again and again."""


class Case(NamedTuple):
    """A tuning, its share of the minutes, and which picks are right."""

    name: str
    space: Space[Any]
    guests: tuple[str, ...]
    share: float
    is_right: Callable[[Readable], bool]


def is_enough(recipe: Readable) -> bool:
    """Whether the cache holds the code of ``tb-thrash``; what QEMU chooses by itself does."""
    size = tb_size.read(recipe)
    return size is None or size >= ENOUGH


def threads(*words: str | None) -> Callable[[Readable], bool]:
    """Whether the recipe has one of these values of ``thread``; None is the default, which is multi."""
    return lambda recipe: thread.read(recipe) in words


def is_joint(recipe: Readable) -> bool:
    """Whether it is what is best for all three guests: ``smplock`` loses more with multi than ``smp`` gains."""
    return is_enough(recipe) and thread.read(recipe) == "single"


def cases() -> tuple[Case, ...]:
    return (
        Case("smp", SPACE, ("smp",), 0.15, threads("multi")),
        Case("smplock", SPACE, ("smplock",), 0.15, threads("single")),
        Case("tb-thrash", SPACE, ("tb-thrash",), 0.15, is_enough),
        Case("all three", SPACE, ("smp", "smplock", "tb-thrash"), 0.55, is_joint),
        Case("smp, space_of(tcg())", space_of(tcg()), ("smp",), 0.5, threads("multi", None)),
    )  # fmt: skip


def line(case: Case, best: Tuned, seconds: float, load: float) -> str:
    """One tuning as a row; of several guests with what each pays beside its own best."""
    costs = "; ".join(
        f"{guest} pays {row.ratio:.2f} [{row.low:.2f}, {row.high:.2f}]" if row else f"{guest} pays nothing"
        for guest, row in best.costs.items()
    )
    right = "right" if case.is_right(best.recipe) else "WRONG"
    cells = (
        case.name,
        f"`{best.name}`",
        right,
        "decided" if best.decided else "undecided",
        f"{best.search.trials} + {best.search.confirming}",
        f"{seconds:.0f}",
        f"{load:.1f}",
        costs,
    )
    return f"| {' | '.join(cells)} |"


def main(minutes: float = 10.0, repetitions: int = 1, version: str = "7.2") -> None:
    command = next(qemu.command for qemu in discover() if (qemu.series, qemu.target) == (version, "x86_64"))
    print(f"{machine()}; QEMU {version}\n")
    print("| guest | pick | | | trials | s | load | cost |\n|---|---|---|---|---:|---:|---:|---|", flush=True)
    for seed in range(repetitions):
        for case in cases():
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                best = tune(
                    case.space,
                    case.guests,
                    time=60 * minutes * case.share,
                    qemu=shlex.join(command),
                    seed=seed,
                    store=f"{folder}/tune.sqlite",
                    watch=False,
                )
                seconds = time.monotonic() - began
                print(line(case, best, seconds, os.getloadavg()[0]), flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(float((given[0:] or ["10"])[0]), int((given[1:] or ["1"])[0]), (given[2:] or ["7.2"])[0])
