"""Effects that are known to be there, measured by studies on real QEMUs: ``python tests/bench/effects.py [QEMU …]``.

Prints the table that README.md has, one row a comparison, as Markdown; of QEMU 7.2, 10.0 and 11.1, or of the versions
named. It takes about 20 minutes, of a host with nothing else to do: on a busy one the rows of small effects say
``undecided``, which is right there.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from measuring import machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracle.real_qemu import discover

from accelkit import each, multi, off, on, one_insn_per_tb, single, split_wx, tb_size, tcg, thread
from accelkit.recipes.space import Space
from accelkit.study import study
from accelkit.study.analysis.compare import Comparison

VERSIONS: Final = ("7.2", "10.0", "11.1")


class Effect(NamedTuple):
    """What is swept, with which guests, in how many blocks; the first point is the baseline."""

    space: Space[Any]
    guests: tuple[str, ...]
    blocks: int
    lacking: tuple[str, ...] = ()  # versions without that property


EFFECTS: Final = (
    Effect(tcg() | thread(each(single, multi)), ("smp", "smplock"), 30),
    Effect(tcg() | tb_size(each(512, 1, 64)), ("tb-thrash",), 12),
    Effect(tcg() | split_wx(each(off, on)), ("cpu", "smc"), 30),
    Effect(tcg() | one_insn_per_tb(each(off, on)), ("cpu", "memory", "indirect"), 12, ("5.2", "7.2")),
    Effect(tcg() | tb_size(each(512, 256)), ("cpu",), 30),  # nothing: one is as good as the other
)


def measured(effect: Effect, qemus: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Comparison, str]]:
    """The study's own verdicts, with the flushes of the translation cache where there are any."""
    with tempfile.TemporaryDirectory() as folder:
        result = study(
            effect.space,
            effect.guests,
            qemu=[command for version, command in qemus.items() if version not in effect.lacking],
            blocks=effect.blocks,
            race=False,
            store=str(Path(folder) / "effect.sqlite"),
            watch=False,
        )
        for row in result.comparisons:
            summary = result.summaries[row.cell]
            flushes = summary.counters.get("tb-flushes")
            yield row, f"{flushes:.3g} flushes a {summary.per}" if flushes else ""


def line(row: Comparison, note: str) -> str:
    digits = 3 if row.ratio < 1.2 else 2 if row.ratio < 10 else 0
    ratios = (row.ratio, row.low, row.high, row.undisturbed, row.paid, row.cpu)
    ratio, low, high, *others = (f"{value:.{digits}f}" for value in ratios)
    what, version = row.configuration.removeprefix("tcg,"), ".".join(row.build.split(".")[:2])
    cells = (
        f"`{what}`",
        f"`{row.guest}`",
        version,
        f"{ratio} [{low}, {high}]",
        *others,
        row.verdict,
        str(row.pairs),
        note,
    )
    return f"| {' | '.join(cells)} |"


def main(versions: Sequence[str]) -> None:
    found = {
        ".".join(qemu.version.split(".")[:2]): tuple(qemu.command)
        for qemu in discover()
        if qemu.target == "x86_64"
    }
    qemus = {version: found[version] for version in versions}
    print(f"{machine()}\n")
    print(
        "| setting | guest | QEMU | time, as a ratio | undisturbed | mean | CPU | verdict | blocks | |\n"
        "|---|---|---|---|---:|---:|---:|---|---:|---|",
        flush=True,
    )
    for effect in EFFECTS:
        for row, note in measured(effect, qemus):
            print(line(row, note), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or VERSIONS)
