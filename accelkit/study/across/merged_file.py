"""The file of a merged store: its plan, sources, sessions, trials and drops, in one transaction."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from accelkit.study.across.blocks import Arranged
from accelkit.study.across.mergeable import united
from accelkit.study.across.part import Part, own_names
from accelkit.study.model import Cell, Damage, Trial
from accelkit.study.plan import Plan
from accelkit.study.standards import Standards
from accelkit.study.store.checksum import TABLES
from accelkit.study.store.connection import connect, transaction
from accelkit.study.store.rows import StudyInfo, insert, read_numbers, write_plan
from accelkit.study.store.schema import migrate
from accelkit.study.store.sources import Source, SourceKey, write_sources
from accelkit.study.store.trials import Numbers

Session = tuple[Any, ...]


def write_merged(
    parts: Sequence[Part],
    made: Arranged,
    sources: Sequence[Source],
    places: Mapping[SourceKey, int],
    path: str,
) -> None:
    """Writes the trials of ``parts`` that are ``made`` to a new file at ``path``, durably.

    ``sources`` are in their order, ``places`` have the number of each. Raises what SQLite and the system raise.
    """
    for ending in ("", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(path + ending)
    plan = united([part.store.plan for part in parts])
    judged = [part.store.info.standards for part in parts]
    standards = Standards(
        min(rule.delta for rule in judged),
        max(rule.confidence for rule in judged),
        any(rule.anytime for rule in judged),
    )
    with closing(connect(f"file:{quote(os.fsencode(path))}?mode=rwc")) as new:
        new.execute("PRAGMA synchronous = FULL")
        with transaction(new):
            migrate(new)
            first = sources[0]
            info = StudyInfo(first.created, (), _own_version(), first.host, plan.fingerprint, standards)
            write_plan(new, plan, info)
            write_sources(new, sources, made.blocks)
            sessions = _write_sessions(new, parts)
            numbers = read_numbers(new)
            _write_trials(new, parts, made, places, plan, numbers, sessions, host_labels(sources))
            _write_hosts(new, parts, sources)
            _write_races(new, parts, made, sources, numbers)
            if len(sources) == 1:
                _write_budgets(new, parts, sessions)


def _write_trials(
    new: sqlite3.Connection, parts: Sequence[Part], made: Arranged, places: Mapping[SourceKey, int], plan: Plan,
    numbers: Numbers, sessions: Mapping[Session, int], labels: Sequence[str],
) -> None:  # fmt: skip
    waiting = dict(made.trials)
    for part in parts:
        of_part = {row[0]: sessions[_key(row)] for row in part.store.rows("session")}
        for trial in part.trials(places):
            if isinstance(trial, Damage) or trial[0].digest not in waiting:
                continue
            seen, fields, host = trial
            block, number = waiting.pop(seen.digest)
            cell = seen.cell
            planned = Trial(*cell, block, block * len(plan.cells) + seen.rank)
            fields |= {
                "number": number, "id": planned.id, "build": numbers.builds[cell.build],
                "guest": numbers.guests[cell.guest], "configuration": numbers.configurations[cell.configuration],
                "block": block, "position": planned.position, "host": host or labels[seen.block.source],
                "session": of_part.get(fields["session"]),
            }  # fmt: skip
            insert(new, "trial", [fields[name] for name in TABLES["trial"]])


def host_labels(sources: Sequence[Source]) -> list[str]:
    """What a trial says of the host of its study: nothing if it is that of the first, else a name of it alone."""
    machines = {source.host.machine: source.host.name for source in sources}
    names = Counter(machines.values())
    first = sources[0].host.machine
    return [
        "" if source.host.machine == first
        else source.host.name if names[source.host.name] == 1 and source.host.name
        else f"{source.host.name} ({source.host.machine})"
        for source in sources
    ]  # fmt: skip


def _write_hosts(new: sqlite3.Connection, parts: Sequence[Part], sources: Sequence[Source]) -> None:
    """The hosts besides that of the first study, by the names that trials have."""
    labels = zip(host_labels(sources), sources, strict=True)
    hosts = {label: replace(source.host, name=label) for label, source in labels if label}
    own = {name for source in sources for name in own_names(source)}
    for name, host in (item for part in parts for item in sorted(part.store.hosts().items())):
        if name not in own:
            hosts.setdefault(name, host)
    for number, (name, host) in enumerate(sorted(hosts.items()), 1):
        insert(new, "host", (number, name, host.machine, host.kernel, host.cpu, host.cpus, host.governor))


def _key(row: Sequence[Any]) -> Session:
    """What tells a session from all others: all but its number and its end, which one that was killed has not."""
    return row[1], *row[3:]


def _write_sessions(new: sqlite3.Connection, parts: Sequence[Part]) -> dict[Session, int]:
    """Writes the sessions of all parts, each once, with its end if a store knows it; their numbers."""
    ends: dict[Session, float | None] = {}
    for row in (row for part in parts for row in part.store.rows("session")):
        known = [end for end in (ends.get(_key(row)), row[2]) if end is not None]
        ends[_key(row)] = max(known, default=None)
    numbers: dict[Session, int] = {}
    for number, key in enumerate(sorted(ends, key=lambda key: (key[0], str(key))), 1):
        numbers[key] = number
        insert(new, "session", (number, key[0], ends[key], *key[1:]))
    return numbers


def _write_races(
    new: sqlite3.Connection,
    parts: Sequence[Part],
    made: Arranged,
    sources: Sequence[Source],
    numbers: Numbers,
) -> None:
    """The drops and returns of cells, study by study; what one study dropped, the next measures in all blocks again."""
    steps: dict[tuple[SourceKey, Cell], dict[int, int]] = defaultdict(dict)
    for step in (step for part in parts for step in part.steps()):
        known = steps[step.source, step.cell]
        known[step.block] = min(known.get(step.block, step.every), step.every)
    every = {(block, cell): number for cell, block, number in _merged_steps(steps, made, sources)}
    for (block, cell), number in sorted(every.items()):
        key = (
            numbers.builds[cell.build],
            numbers.guests[cell.guest],
            numbers.configurations[cell.configuration],
        )
        insert(new, "race", (*key, block, number))


def _merged_steps(
    steps: Mapping[tuple[SourceKey, Cell], Mapping[int, int]], made: Arranged, sources: Sequence[Source]
) -> Iterator[tuple[Cell, int, int]]:
    blocks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, block in enumerate(made.blocks):
        blocks[block.source].append((block.number, number))
    for place, source in enumerate(sources):
        if not blocks[place]:
            continue
        end = blocks[place][-1][1] + 1
        for (key, cell), changes in steps.items():
            state = 1
            for since, every in sorted(changes.items()):
                if key == source.key and every != state:
                    state = every
                    yield cell, next((new for old, new in blocks[place] if old >= since), end), every
            if state > 1 and place + 1 < len(sources):
                yield cell, end, 1


def _write_budgets(new: sqlite3.Connection, parts: Sequence[Part], sessions: Mapping[Session, int]) -> None:
    """The budgets of a single study: those of the copy that has most."""
    most = max(parts, key=lambda part: (len(part.store.rows("budget")), part.store.count()))
    numbers = {row[0]: sessions[_key(row)] for row in most.store.rows("session")}
    for number, session, *rest in most.store.rows("budget"):
        insert(new, "budget", (number, numbers.get(session), *rest))


def _own_version() -> str:
    from accelkit import __version__  # inside: the package imports its modules

    return __version__
