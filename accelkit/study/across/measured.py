"""What a store holds, as it is compared with others: the result, where it was measured, and a series for each cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accelkit.errors import StudyError, visible_line
from accelkit.host.identity import Host
from accelkit.study.across.circumstances import Circumstances
from accelkit.study.across.unpaired import Median, median_of
from accelkit.study.across.work import Amount, amount_of
from accelkit.study.analysis.panel import Panel, panel
from accelkit.study.analysis.phases import with_phases
from accelkit.study.analysis.verdict import Side
from accelkit.study.model import Cell
from accelkit.study.result import Result
from accelkit.study.store.reader import StoreReader, read_store
from accelkit.study.store.sources import Sources


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A store that was read: its name, its ``result``, where it was measured, and ``created``, when it was begun.

    ``created`` is in seconds since the epoch. ``label`` is what stands for the store in words and pictures.
    """

    store: str
    result: Result
    circumstances: Circumstances
    created: float
    sources: Sources = field(default_factory=Sources)
    label: str = ""
    _memo: dict[str, Any] = field(default_factory=dict[str, Any], init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label or visible_line(self.store))

    @property
    def table(self) -> Panel:
        """The values of all trials, those of phases included."""
        if "table" not in self._memo:
            records = tuple(with_phases(self.result.records, self.result.phases.values()))
            self._memo["table"] = panel(records)
        return self._memo["table"]

    def series(self, cell: Cell, beside: Cell | None = None) -> NDArray[np.float64]:
        """(blocks,) The logarithms of the cell's values, NaN for a block without one; less those of ``beside`` there.

        Values of a bundled guest are those of one repetition of its work (:mod:`accelkit.study.across.work`).
        """
        never = np.full(len(self.table.blocks), np.nan)
        one, other = (
            self.table.logs[self._rows[name]] if name in self._rows else never
            for name in (cell, beside or cell)
        )
        if beside is None:
            return one - self._repetitions(cell.guest)
        if beside.guest == cell.guest:  # the number of repetitions cancels
            return one - other
        return one - self._repetitions(cell.guest) - (other - self._repetitions(beside.guest))

    def amount(self, guest: str) -> Amount:
        """How much work a run of that guest does; of a merged store, one in the first study."""
        return amount_of(
            next((known.fingerprint for known in self.result.plan.guests if known.name == guest), "")
        )

    def repetitions(self, guest: str) -> frozenset[int]:
        """How often a slice repeats the work of that guest, in each study that the store has."""
        prints = [study.guests.get(guest, "") for study in self.sources.studies]
        return frozenset(amount_of(text).repetitions for text in prints) or frozenset(
            {self.amount(guest).repetitions}
        )

    def _repetitions(self, guest: str) -> NDArray[np.float64] | float:
        """(blocks,) The logarithm of the number of repetitions in each block: a merged store has several studies."""
        if not self.sources.studies:
            return math.log(self.amount(guest).repetitions)
        logs = [
            math.log(amount_of(study.guests.get(guest, "")).repetitions) for study in self.sources.studies
        ]
        places = [self.sources.blocks.get(block) for block in self.table.blocks]
        return np.array([math.nan if place is None else logs[place.source] for place in places])

    def median(self, cell: Cell, alpha: float, beside: Cell | None = None) -> Median:
        """The median of :meth:`series` with its interval, which misses the truth with probability ``alpha``."""
        return median_of(self.series(cell, beside), alpha, self.result.anytime)

    def side(self, cell: Cell) -> Side:
        """How many trials of the cell gave a value, and why others did not."""
        if (row := self._rows.get(cell)) is None:
            return Side(self.label)
        runs = int(np.isfinite(self.table.logs[row]).sum())
        return Side(
            f"{cell.configuration} on {cell.guest} in {self.label}", runs, runs, self.table.causes[row]
        )

    def unit(self, guest: str) -> str:
        """The unit of a guest's values; empty where none of its trials gave one."""
        return next(
            (record.unit for record in self.result.records if record.trial.guest == guest and record.ok), ""
        )

    def why_failed(self, cell: Cell) -> str:
        """How many trials of the cell failed, and what the last of them says."""
        guest = self.result.phases[cell.guest].guest if cell.guest in self.result.phases else cell.guest
        last = [r for r in self.result.records if r.trial.cell == cell._replace(guest=guest) and not r.ok]
        said = last[-1].why if last else ""
        return f"{self.side(cell).failures}{f': {said}' if said else ''}"

    @property
    def _rows(self) -> dict[Cell, int]:
        if "rows" not in self._memo:
            self._memo["rows"] = {cell: row for row, cell in enumerate(self.table.cells)}
        return self._memo["rows"]


def measured_in(stored: StoreReader) -> Measured:
    """What an open store has now."""
    sources, info = stored.sources().studies, stored.info
    hosts = _distinct(
        *(source.host for source in sources or ()),
        *([] if sources else [info.host]),
        *stored.hosts().values(),
    )
    versions = tuple(dict.fromkeys(source.accelkit for source in sources)) or (info.accelkit,)
    circumstances = Circumstances(hosts, tuple(stored.plan.builds), versions)
    return Measured(stored.path, Result.of(stored), circumstances, info.created, stored.sources())


def _distinct(*hosts: Host) -> tuple[Host, ...]:
    """The hosts, each once: the same machine with the same kernel may have a name for each of its stores."""
    facts = {
        (host.machine, host.kernel, host.cpu, host.cpus, host.governor): host for host in reversed(hosts)
    }
    return tuple(reversed(facts.values()))


def measured_at(paths: Sequence[str]) -> list[Measured]:
    """What each of the stores has now. Raises StudyError with the reasons for all that cannot be read."""
    read: list[Measured] = []
    wrong: list[str] = []
    for path in dict.fromkeys(paths):
        try:
            with read_store(path) as stored:
                read.append(measured_in(stored))
        except StudyError as error:
            wrong.append(str(error))
    if wrong:
        raise StudyError(" | ".join(wrong))
    by_path = {store.store: store for store in read}
    return [by_path[path] for path in paths]


def damage_notes(stores: Sequence[Measured]) -> Iterator[str]:
    """What is damaged in each of the stores, a sentence each."""
    for store in stores:
        if not store.result.damage:
            continue
        first, *rest = store.result.damage
        more = f", and {len(rest)} more" if rest else ""
        yield (
            f"{store.store}: damaged, and damaged trials are left out ({first.where}: {first.why}{more});"
            " accelkit store check lists all"
        )
