"""What makes a study's numbers doubtful, and what to do about it. One function a doubt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from accelkit.host.identity import Host
from accelkit.study.analysis.panel import Panel, panel
from accelkit.study.model import Record

CautionKind = Literal[
    "failures",
    "too few blocks",
    "busy host",
    "steal time",
    "frequency scaling",
    "first run slow",
    "drift",
    "two modes",
]

ENOUGH_BLOCKS: Final = 20
"""Blocks after which a difference of 2% is found on a quiet host; a busy one takes :data:`MANY_BLOCKS`."""

MANY_BLOCKS: Final = 50

NOTABLE: Final = 0.02
"""A change that is worth a word: as much as a run may be off its configuration's fastest."""

STEADY: Final = frozenset({"performance", "userspace"})
"""Governors that keep the frequency where it is (Documentation/admin-guide/pm/cpufreq.rst)."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to doubt the numbers: what was seen, and what would help."""

    kind: CautionKind
    seen: str
    remedy: str


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """A study's records, as one table too, and the host that they are from."""

    records: Sequence[Record]
    table: Panel
    host: Host


def cautions(records: Sequence[Record], host: Host) -> tuple[Caution, ...]:
    """All that speaks for doubt in ``records``, in no order that matters; none for no records.

    >>> from accelkit.host.identity import Host
    >>> from accelkit.study.model import Trial
    >>> records = [Record(Trial("7.2", "cpu", "tcg", block, block), "ok", value=1.0) for block in range(8)]
    >>> here = Host("h", "0", "Linux", "a CPU", cpus=2, governor="powersave")
    >>> for caution in cautions(records, here):
    ...     print(caution.kind, "-", caution.seen)
    too few blocks - 8 blocks
    frequency scaling - the governor is powersave
    """
    if not records:
        return ()
    seen = Observations(records, panel(records), host)
    return tuple(caution for doubt in DOUBTS if (caution := doubt(seen)) is not None)


def failures(seen: Observations) -> Caution | None:
    """Trials that gave no figure, by cause, and where most of them were."""
    causes = Counter[str]()
    for each in seen.table.causes:
        causes.update(each)
    if not causes.total():
        return None
    worst = max(range(len(seen.table.cells)), key=lambda row: sum(seen.table.causes[row].values()))
    counts = ", ".join(f"{cause} {count}" for cause, count in causes.most_common())
    cell = seen.table.cells[worst]
    words = next((r.why for r in seen.records if r.trial.cell == cell and not r.ok and r.why), "")
    return Caution(
        "failures",
        f"{causes.total()} of {int(seen.table.tried.sum())} trials failed ({counts}), most of them with "
        f"{cell.configuration} on {cell.guest}{': ' * bool(words)}{words}",
        "look at their records: what failed is left out of the ratios, and left out of the answer",
    )


def too_few_blocks(seen: Observations) -> Caution | None:
    """Fewer blocks than it takes to see 2% on a quiet host."""
    blocks = len(seen.table.blocks)
    if blocks >= ENOUGH_BLOCKS:
        return None
    return Caution(
        "too few blocks",
        f"{blocks} block{'s' * (blocks != 1)}",
        f"run {ENOUGH_BLOCKS} at least, {MANY_BLOCKS} on a busy host; what is done is kept",
    )


def busy_host(seen: Observations) -> Caution | None:
    """Others at work on the same CPUs: the load average before a trial, less what the study's own QEMUs use."""
    shares = [(r.user + r.system) / r.wall for r in seen.records if r.wall > 0]
    loads = [r.load for r in seen.records]
    cpus = max(1, seen.host.cpus)
    others = median(loads) - (median(shares) if shares else 0.0)
    if others <= max(0.5, cpus / 4):
        return None
    return Caution(
        "busy host",
        f"other work kept about {others:.1f} of {cpus} CPUs busy (load average {median(loads):.1f})",
        f"stop it, or measure at another hour; else run {MANY_BLOCKS} blocks and expect 'undecided'",
    )


def steal_time(seen: Observations) -> Caution | None:
    """CPU time that the hypervisor below this machine gave to others: over 1% on average."""
    share = float(np.mean([r.steal for r in seen.records]))
    if share <= 0.01:
        return None
    return Caution(
        "steal time",
        f"{share:.1%} of CPU time went to other virtual machines",
        "use a host of your own or CPUs of your own; more blocks help, other configurations do not",
    )


def frequency_scaling(seen: Observations) -> Caution | None:
    """A governor that changes the CPUs' frequency as it sees fit."""
    governor = seen.host.governor
    if not governor or governor in STEADY:
        return None
    return Caution(
        "frequency scaling",
        f"the governor is {governor}",
        "set it for the study: sudo cpupower frequency-set -g performance",
    )


def first_run_slow(seen: Observations) -> Caution | None:
    """The first block was slower than usual by 2%, and by twice as much as any other one: cold caches."""
    blocks = seen.table.levels()
    blocks = blocks[np.isfinite(blocks)]
    if len(blocks) < 5:
        return None
    others = blocks[1:] - np.median(blocks[1:])
    excess = float(blocks[0] - np.median(blocks[1:]))
    if excess < NOTABLE or excess < 2 * others.max():
        return None
    return Caution(
        "first run slow",
        f"the first block took {math.expm1(excess):.0%} longer than the others",
        "files and caches were cold; ratios hold, but boot once before the study, or add blocks",
    )


def drift(seen: Observations) -> Caution | None:
    """All grew slower, or faster, as the study went on (:meth:`accelkit.study.analysis.panel.Panel.drift`)."""
    change = seen.table.drift()
    if not change:
        return None
    return Caution(
        "drift",
        f"from the first block to the last everything became {math.expm1(abs(change)):.0%} "
        f"{'slower' if change > 0 else 'faster'}",
        "ratios within a block hold; do not compare times of different blocks, and look for heat or other work",
    )


def two_modes(seen: Observations) -> Caution | None:
    """Cells whose runs fall into two groups with a gap between, as if there were two machines."""
    split = {
        cell: gap
        for cell, row in zip(seen.table.cells, seen.table.logs, strict=True)
        if (gap := _gap(row[np.isfinite(row)])) is not None
    }
    if len(split) <= 0.02 * len(seen.table.cells):
        return None
    cell, (share, factor) = max(split.items(), key=lambda item: item[1][1])
    return Caution(
        "two modes",
        f"{len(split)} of {len(seen.table.cells)} cells have two kinds of runs; with {cell.configuration} on "
        f"{cell.guest} {share:.0%} take {factor:.3g} times as long as the rest",
        "find what differs: CPUs of two kinds, hyperthreads, turbo, huge pages; pin QEMU (taskset) and compare",
    )


def _gap(logs: NDArray[np.float64]) -> tuple[float, float] | None:
    """Share and factor of the slower of two groups of runs, None if there is one group.

    The split is the one that explains most of the variance (Otsu, IEEE Transactions SMC 9, 1979, p. 62), with
    a fifth of the runs on each side. Two groups are two when it explains nine tenths, which of one normal or
    exponential group it does not (64%, 65%), and the gap is at least half as wide as either group.
    """
    n = len(logs)
    least = n // 5
    if n < 16:  # fewer runs of one skewed kind look like two too often
        return None
    x = np.sort(logs)
    x = x - x.mean()
    sizes = np.arange(least, n - least + 1)
    sums = np.cumsum(x)[sizes - 1]
    explained = sums**2 * n / (sizes * (n - sizes))  # between groups; x has mean 0
    best = int(np.argmax(explained))
    size = int(sizes[best])
    low, high = x[:size], x[size:]
    gap = float(high[0] - low[-1])
    whole = float((x**2).sum())
    if (
        gap < NOTABLE
        or explained[best] < 0.9 * whole
        or 2 * gap < max(float(np.ptp(low)), float(np.ptp(high)))
    ):
        return None
    return (n - size) / n, math.exp(float(np.median(high) - np.median(low)))


DOUBTS: Final[tuple[Callable[[Observations], Caution | None], ...]] = (
    failures,
    too_few_blocks,
    busy_host,
    steal_time,
    frequency_scaling,
    first_run_slow,
    drift,
    two_modes,
)
