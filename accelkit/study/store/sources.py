"""The studies that a merged store has trials of, and which of its blocks is from which of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from accelkit.host.identity import Host
from accelkit.study.model import Damage
from accelkit.study.store.checksum import TABLES
from accelkit.study.store.rows import insert, rows_of


class SourceKey(NamedTuple):
    """What tells one study from all others, wherever its store lies: when it began, on which host, with which plan."""

    created: float
    machine: str
    fingerprint: str
    seed: int


@dataclass(frozen=True, slots=True)
class Source:
    """A study whose trials a store has: its file, when it began in seconds since the epoch, its command and its host.

    ``guests`` has the fingerprint of each guest by its name.
    """

    store: str
    created: float
    seed: int
    fingerprint: str
    command: tuple[str, ...]
    accelkit: str
    host: Host
    guests: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def key(self) -> SourceKey:
        """The same in each copy of the study's store."""
        return SourceKey(self.created, self.host.machine, self.fingerprint, self.seed)


class SourceBlock(NamedTuple):
    """A block of a study: the number of the study among the sources, from 0, and that of the block there."""

    source: int
    number: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The studies of a merged store, and by the number of each block where it is from. Of one study both are empty."""

    studies: tuple[Source, ...] = ()
    blocks: Mapping[int, SourceBlock] = field(default_factory=dict[int, SourceBlock])
    damage: tuple[Damage, ...] = ()


MERGED: Final = "the store was merged from several, and whoever measures once more may have looked before"
"""Why the intervals of a merged store hold at any time."""


def write_sources(
    connection: sqlite3.Connection, studies: Sequence[Source], blocks: Sequence[SourceBlock]
) -> None:
    """Writes the sources, numbered from 1, and where each block, numbered from 0, is from."""
    for number, study in enumerate(studies, 1):
        host = study.host
        insert(connection, "source", (
            number, study.store, float(study.created), study.seed, study.fingerprint, json.dumps(study.command),
            study.accelkit, host.name, host.machine, host.kernel, host.cpu, host.cpus, host.governor,
            json.dumps(dict(study.guests)),
        ))  # fmt: skip
    for block, (source, number) in enumerate(blocks):
        insert(connection, "source_block", (block, source + 1, number))


def read_sources(connection: sqlite3.Connection) -> Sources:
    """The sources of a store; damaged rows, and blocks of a source that is damaged, are among its ``damage``."""
    rows, damage = rows_of(connection, "source")
    studies: dict[int, Source] = {}
    for row in rows:
        fields = dict(zip(TABLES["source"], row, strict=True))
        try:
            studies[fields["number"]] = _source(fields)
        except (ValueError, TypeError) as error:
            damage.append(
                Damage(f"source {fields['number']}", f"its command or its guests cannot be read ({error})")
            )
    places = {number: place for place, number in enumerate(studies)}
    blocks, damaged = rows_of(connection, "source_block")
    known = {
        block: SourceBlock(places[source], number) for block, source, number in blocks if source in places
    }
    return Sources(tuple(studies.values()), known, (*damage, *damaged))


def _source(fields: Mapping[str, Any]) -> Source:
    command, guests = json.loads(fields["command"]), json.loads(fields["guests"])
    if not isinstance(command, list) or not isinstance(guests, dict):
        raise TypeError("not a list and an object")
    host = Host(fields["host"], *(fields[name] for name in ("machine", "kernel", "cpu", "cpus", "governor")))
    return Source(
        fields["store"], fields["created"], fields["seed"], fields["fingerprint"],
        tuple(map(str, cast("list[object]", command))), fields["accelkit"], host,
        {str(name): str(text) for name, text in cast("dict[object, object]", guests).items()},
    )  # fmt: skip
