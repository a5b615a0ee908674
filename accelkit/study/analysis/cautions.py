"""Cautions: what makes the numbers of a study doubtful, and what to do about it. One function for each kind. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal

import numpy as np

from accelkit.host.identity import Host
from accelkit.host.noise import changes_frequency, is_busy, is_stolen_from
from accelkit.study.analysis.by_host import Contradiction
from accelkit.study.analysis.modes import NOTABLE, gap
from accelkit.study.analysis.panel import Panel, panel
from accelkit.study.model import Damage, Record

CautionKind = Literal[
    "damaged store",
    "failures",
    "too few blocks",
    "busy host",
    "steal time",
    "frequency scaling",
    "first run slow",
    "drift",
    "two modes",
    "hosts differ",
    "effect differs by host",
]

ENOUGH_BLOCKS: Final = 20
"""After this many blocks a difference of 2% is detected on a quiet host; a busy host takes :data:`MANY_BLOCKS`."""

MANY_BLOCKS: Final = 50

NO_HOSTS: Final[Mapping[str, Host]] = {}

MOST_KINDS: Final = 3
"""Kinds of hosts that one sentence names."""

MOST_DAMAGE: Final = 5
"""Damaged rows that one sentence lists."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to doubt the numbers: what was observed, and what helps."""

    kind: CautionKind
    observation: str
    remedy: str


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """What the functions below judge: the records of a study, the same as a panel, and the host they are from."""

    records: Sequence[Record]
    table: Panel
    host: Host
    damage: Sequence[Damage] = ()
    hosts: Mapping[str, Host] = field(default_factory=dict[str, Host])
    contradictions: Sequence[Contradiction] = ()

    def by_host(self) -> Iterator[tuple[str, Host, Sequence[Record]]]:
        """Of each host its name, for a sentence, what is known of it, and its records; no name of the only one."""
        groups: dict[str, list[Record]] = {}
        for record in self.records:
            groups.setdefault(record.host, []).append(record)
        unknown = Host("", "", "", "", max(1, self.host.cpus))
        for name, records in sorted(groups.items()):
            host = self.hosts.get(name, unknown) if name else self.host
            yield ("" if len(groups) == 1 else f" on {name or self.host.name}"), host, records


def cautions(
    records: Sequence[Record],
    host: Host,
    damage: Sequence[Damage] = (),
    hosts: Mapping[str, Host] = NO_HOSTS,
    contradictions: Sequence[Contradiction] = (),
) -> tuple[Caution, ...]:
    """Every reason to doubt ``records``, in the order of :data:`DOUBTS`; ``damage`` is that of their store.

    ``hosts`` are those besides ``host`` that measured, ``contradictions`` where they say different things. Without records only damage is a reason.

    >>> from accelkit.host.identity import Host
    >>> from accelkit.study.model import Trial
    >>> records = [Record(Trial("7.2", "cpu", "tcg", block, block), "ok", value=1.0) for block in range(8)]
    >>> laptop = Host("h", "0", "Linux", "a CPU", cpus=2, governor="powersave")
    >>> for caution in cautions(records, laptop):
    ...     print(caution.kind, "-", caution.observation)
    too few blocks - 8 blocks may leave a difference of a few percent undecided
    frequency scaling - the governor is powersave
    """
    study = Observations(records, panel(records), host, damage, hosts, contradictions)
    doubts = DOUBTS if records else (damaged_store,)
    return tuple(caution for doubt in doubts if (caution := doubt(study)) is not None)


def damaged_store(study: Observations) -> Caution | None:
    """Rows of the store that are not as they were written; trials among them are left out."""
    if not study.damage:
        return None
    shown = "; ".join(f"{damage.where}: {damage.why}" for damage in study.damage[:MOST_DAMAGE])
    more = len(study.damage) - MOST_DAMAGE
    return Caution(
        "damaged store",
        f"the store is not as it was written, and damaged trials are left out: {shown}{f'; and {more} more' * (more > 0)}",
        "resume the study, which measures them again; accelkit store check STORE lists all damage",
    )


def failures(study: Observations) -> Caution | None:
    """Trials that gave no value, counted by cause, and the cell with most of them."""
    causes = Counter[str]()
    for counts in study.table.causes:
        causes.update(counts)
    if not causes.total():
        return None
    worst = max(range(len(study.table.cells)), key=lambda row: sum(study.table.causes[row].values()))
    listing = ", ".join(f"{cause} {count}" for cause, count in causes.most_common())
    cell = study.table.cells[worst]
    why = next((r.why for r in study.records if r.trial.cell == cell and not r.ok and r.why), "")
    return Caution(
        "failures",
        f"{causes.total()} of {int(study.table.tried.sum())} trials failed ({listing}), most of them with "
        f"{cell.configuration} on {cell.guest}{': ' * bool(why)}{why}",
        "look at the records of the failures: ratios and answers leave failed trials out",
    )


def too_few_blocks(study: Observations) -> Caution | None:
    """Fewer blocks than it takes to detect a difference of 2% on a quiet host."""
    blocks = len(study.table.blocks)
    if blocks >= ENOUGH_BLOCKS:
        return None
    return Caution(
        "too few blocks",
        f"{blocks} block{'s' * (blocks != 1)} may leave a difference of a few percent undecided",
        f"run at least {ENOUGH_BLOCKS}, on a busy host {MANY_BLOCKS}; the blocks measured so far are kept",
    )


def busy_host(study: Observations) -> Caution | None:
    """Other work on the same CPUs: the load average before a trial, less what the study's own QEMUs use."""
    for where, host, records in study.by_host():
        shares = [(r.user + r.system) / r.wall for r in records if r.wall > 0]
        load = median(r.load for r in records)
        cpus = max(1, host.cpus)
        others = load - (median(shares) if shares else 0.0)
        if is_busy(others, cpus):
            return Caution(
                "busy host",
                f"other work kept about {others:.1f} of {cpus} CPUs busy{where} (load average {load:.1f})",
                f"stop it, or measure at another hour; else run {MANY_BLOCKS} blocks and expect 'undecided'",
            )
    return None


def steal_time(study: Observations) -> Caution | None:
    """CPU time that the hypervisor below this machine gave to others, on average over the trials."""
    share = float(np.mean([r.steal for r in study.records]))
    if not is_stolen_from(share):
        return None
    return Caution(
        "steal time",
        f"{share:.1%} of CPU time went to other virtual machines",
        "use a dedicated host or dedicated CPUs; more blocks help, other configurations do not",
    )


def frequency_scaling(study: Observations) -> Caution | None:
    """A governor that lets the CPUs' frequency follow the load."""
    for where, host, _ in study.by_host():
        if changes_frequency(host.governor):
            return Caution(
                "frequency scaling",
                f"the governor is {host.governor}{where}",
                "set it for the study: sudo cpupower frequency-set -g performance",
            )
    return None


def first_run_slow(study: Observations) -> Caution | None:
    """The first block was at least 2% slower than usual, and twice as much so as any other: cold caches."""
    blocks = study.table.levels()
    blocks = blocks[np.isfinite(blocks)]
    if len(blocks) < 5 or study.table.hosts:  # of several hosts each has its own first block
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


def drift(study: Observations) -> Caution | None:
    """Everything became slower, or faster, during the study (:meth:`accelkit.study.analysis.panel.Panel.drift`)."""
    change = study.table.drift()
    if not change:
        return None
    return Caution(
        "drift",
        f"from the first block to the last everything became {math.expm1(abs(change)):.0%} "
        f"{'slower' if change > 0 else 'faster'}",
        "ratios within a block hold; do not compare times of different blocks, and look for heat or other work",
    )


def two_modes(study: Observations) -> Caution | None:
    """Cells whose runs fall into two groups with a gap between them, as if there were two machines."""
    split = {
        cell: found
        for cell, row in zip(study.table.cells, study.table.of_one_level(), strict=True)
        if (found := gap(row[np.isfinite(row)])) is not None
    }
    if len(split) <= 0.02 * len(study.table.cells):
        return None
    cell, (share, factor) = max(split.items(), key=lambda item: item[1][1])
    return Caution(
        "two modes",
        f"{len(split)} of {len(study.table.cells)} cells have two kinds of runs; with {cell.configuration} on "
        f"{cell.guest} {share:.0%} take {factor:.3g} times as long as the rest",
        "find what differs: CPUs of two kinds, hyperthreads, turbo, huge pages; pin QEMU (taskset) and compare",
    )


def hosts_differ(study: Observations) -> Caution | None:
    """Hosts of different kinds: another CPU, another number of CPUs, another kernel."""
    facts = (("CPU", "cpu"), ("number of CPUs", "cpus"), ("kernel", "kernel"))
    known = [(where, host) for where, host, _ in study.by_host() if host.kernel]
    lines: list[str] = []
    for what, attribute in facts:
        kinds: dict[object, str] = {}
        for where, host in known:
            kinds.setdefault(getattr(host, attribute), where)
        if len(kinds) > 1:
            shown = [f"{value}{where}" for value, where in kinds.items()]
            more = f", and {len(shown) - MOST_KINDS} more" if len(shown) > MOST_KINDS else ""
            lines.append(f"{what}: {', '.join(shown[:MOST_KINDS])}{more}")
    if not lines:
        return None
    return Caution(
        "hosts differ",
        f"the hosts are not of one kind ({'; '.join(lines)})",
        "ratios are taken within a host; what holds on one kind need not hold on the other: read each host's ratios",
    )


def effect_differs_by_host(study: Observations) -> Caution | None:
    """Hosts that contradict each other by more than their intervals allow."""
    if not study.contradictions:
        return None
    first = study.contradictions[0]
    one, other = first.one, first.other
    names = [row.host or study.host.name for row in (one, other)]
    return Caution(
        "effect differs by host",
        f"{one.cell.configuration} on {one.cell.guest} takes {one.ratio:.3g} of the baseline's time on {names[0]}"
        f" [{one.low:.3g}, {one.high:.3g}], and {other.ratio:.3g} on {names[1]} [{other.low:.3g}, {other.high:.3g}]"
        + (f"; {len(study.contradictions) - 1} more differ" if len(study.contradictions) > 1 else ""),
        "decide for each kind of host by itself: measure it in a store of its own",
    )


DOUBTS: Final[tuple[Callable[[Observations], Caution | None], ...]] = (
    damaged_store,
    failures,
    too_few_blocks,
    busy_host,
    steal_time,
    frequency_scaling,
    first_run_slow,
    drift,
    two_modes,
    hosts_differ,
    effect_differs_by_host,
)
