"""A store as a part of a merged one: its studies, and its rows with the names and numbers that all parts share."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from accelkit.errors import StudyError
from accelkit.study.across.blocks import Seen
from accelkit.study.model import Cell, Damage
from accelkit.study.store.checksum import TABLES
from accelkit.study.store.reader import StoreReader, read_store
from accelkit.study.store.rows import OVERSIZE
from accelkit.study.store.sources import Source, SourceBlock, SourceKey
from accelkit.study.store.trials import COLUMNS, read_trial

PLACED: Final = frozenset({"id", "build", "guest", "configuration", "block", "position", "host"})
"""Columns that depend on the store in which a trial lies; the others are its content."""


class Step(NamedTuple):
    """From a block of a study on, a cell is measured in one of ``every`` blocks."""

    cell: Cell
    source: SourceKey
    block: int
    every: int


@dataclass(frozen=True, slots=True)
class Part:
    """A store that is open for reading, its ``sources`` and its ``number`` among the parts."""

    store: StoreReader
    number: int
    sources: tuple[Source, ...]
    is_merged: bool
    _blocks: dict[int, SourceBlock]
    _cells: int

    def block(self, number: int) -> SourceBlock | None:
        """Where a block of this store is from; None where the row that says it is damaged."""
        return self._blocks.get(number) if self.is_merged else SourceBlock(0, number)

    def trials(self, places: Mapping[SourceKey, int]) -> Iterator[tuple[Seen, dict[str, Any], str] | Damage]:
        """Each trial: where it belongs, its row by the names of columns, and the host that it names; or how it is damaged.

        ``places`` numbers the sources of all parts.
        """
        names = self.store.names
        for number, row in self.store.trial_rows():
            record = OVERSIZE if row is None else read_trial(row, names)
            if isinstance(record, str) or row is None:
                yield Damage(f"trial {number}", str(record))
                continue
            trial = record.trial
            if (block := self.block(trial.block)) is None:
                yield Damage(f"trial {number}", f"it is unknown which study its block {trial.block} is from")
                continue
            source = self.sources[block.source]
            fields: dict[str, Any] = dict(zip(TABLES["trial"], row[:-1], strict=True))
            content = [
                *source.key,
                block.number,
                *trial.cell,
                *(fields[name] for name in COLUMNS if name not in PLACED),
            ]
            digest = hashlib.blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()
            host = fields.get("host", "")
            seen = Seen(
                digest, (self.number, trial.block), SourceBlock(places[source.key], block.number), trial.cell,
                trial.position - trial.block * self._cells, record.started, record.done,
            )  # fmt: skip
            yield seen, fields, "" if host in own_names(source) else host

    def steps(self) -> Iterator[Step]:
        """The drops and returns of cells, in the blocks of the studies that they are from."""
        last = max(self._blocks, default=0)
        for cell, steps in self.store.drops().steps.items():
            for since, every in steps:
                block = self.block(since)
                if block is None and self.is_merged and last in self._blocks:  # after the last block
                    block = SourceBlock(self._blocks[last].source, self._blocks[last].number + since - last)
                if block is not None:
                    yield Step(cell, self.sources[block.source].key, block.number, every)


def own_names(source: Source) -> tuple[str, str, str]:
    """What may stand in a trial's row for the host on which its study began."""
    return "", source.host.name, f"{source.host.name} ({source.host.machine})"


def part_of(path: str | os.PathLike[str], number: int) -> Part:
    """The store at ``path``, open; the caller closes its ``store``. Raises StudyError if it cannot be read."""
    stored = read_store(path)
    try:
        sources = stored.sources()
        info, plan = stored.info, stored.plan
        own = Source(
            stored.path, info.created, plan.seed, info.fingerprint, info.command, info.accelkit, info.host,
            {guest.name: guest.fingerprint for guest in plan.guests},
        )  # fmt: skip
        return Part(
            stored,
            number,
            sources.studies or (own,),
            bool(sources.studies),
            dict(sources.blocks),
            len(plan.cells),
        )
    except BaseException:
        stored.close()
        raise


def all_parts(paths: Sequence[str]) -> list[Part]:
    """The stores at ``paths``, open. Raises StudyError that has all reasons, if one cannot be read; then none is open."""
    parts: list[Part] = []
    wrong: list[str] = []
    for number, path in enumerate(paths):
        try:
            parts.append(part_of(path, number))
        except StudyError as error:
            wrong.append(str(error))
    if wrong:
        close(parts)
        raise StudyError(" | ".join(wrong))
    return parts


def close(parts: Sequence[Part]) -> None:
    """Closes the stores of ``parts``."""
    for part in parts:
        part.store.close()
