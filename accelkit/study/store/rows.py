"""Records, plans and hosts to rows of a store, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any, Final, NamedTuple

from accelkit.host.identity import Host
from accelkit.study.columns import RECORD, TRIAL
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.standards import Standards

COLUMNS: Final = tuple(column.name for column in (*TRIAL, *RECORD))
"""Columns of the table trial, in the order of :func:`row_of`."""

_LISTS: Final = tuple(column.name for column in RECORD if column.arrow == "list")
_MAPPINGS: Final = tuple(column.name for column in RECORD if column.arrow == "json")
_TEXTS: Final = tuple(column.name for column in RECORD if column.arrow == "string")


class Numbers(NamedTuple):
    """The numbers that rows have in place of the names of a study."""

    builds: Mapping[str, int]
    guests: Mapping[str, int]
    configurations: Mapping[str, int]


class Names(NamedTuple):
    """The names that the numbers in rows refer to."""

    builds: Mapping[int, str]
    guests: Mapping[int, str]
    configurations: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class StudyInfo:
    """What a store knows of its study besides the plan. ``created`` is in seconds since the epoch."""

    created: float
    command: tuple[str, ...]
    accelkit: str
    host: Host
    fingerprint: str
    standards: Standards


def row_of(record: Record, numbers: Numbers) -> tuple[Any, ...]:
    """The row of a record, in the order of ``COLUMNS``."""
    trial = record.trial
    row: dict[str, Any] = {
        "id": trial.id,
        "build": numbers.builds[trial.build],
        "guest": numbers.guests[trial.guest],
        "configuration": numbers.configurations[trial.configuration],
        "block": trial.block,
        "position": trial.position,
    }
    row |= {column.name: getattr(record, column.name) for column in RECORD}
    row |= {name: json.dumps(row[name]) for name in _LISTS}
    row |= {name: json.dumps(dict(row[name])) for name in _MAPPINGS}
    row |= {name: _text(row[name]) for name in _TEXTS}
    return tuple(row[name] for name in COLUMNS)


def record_of(row: tuple[Any, ...], names: Names) -> Record:
    """The record of a row with the columns ``COLUMNS``."""
    fields = dict(zip(COLUMNS, row, strict=True))
    trial = Trial(
        build=names.builds[fields["build"]],
        guest=names.guests[fields["guest"]],
        configuration=names.configurations[fields["configuration"]],
        block=fields["block"],
        position=fields["position"],
    )
    for column in TRIAL:
        del fields[column.name]
    for name in _MAPPINGS:
        fields[name] = json.loads(fields[name])
    for name in _LISTS:
        fields[name] = tuple(json.loads(fields[name]))
    return Record(trial, **fields)


def write_plan(connection: sqlite3.Connection, plan: Plan, info: StudyInfo) -> None:
    """Writes the plan and the other facts of the study into an empty store."""
    host = info.host
    connection.execute(
        "INSERT INTO study VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            info.created, plan.seed, plan.baseline, info.fingerprint, json.dumps(info.command),
            info.accelkit, host.name, host.machine, host.kernel, host.cpu, host.cpus, host.governor,
            *astuple(info.standards),
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO build (name, version, command) VALUES (?, ?, ?)",
        [(build.name, build.version, json.dumps(build.command)) for build in plan.builds],
    )
    connection.executemany(
        "INSERT INTO guest (name, fingerprint, code) VALUES (?, ?, ?)",
        [(guest.name, guest.fingerprint, guest.code) for guest in plan.guests],
    )
    connection.executemany(
        "INSERT INTO configuration (name, argv, code) VALUES (?, ?, ?)",
        [(point.name, json.dumps(point.argv), point.code) for point in plan.configurations],
    )


def judge_by(connection: sqlite3.Connection, standards: Standards) -> None:
    """Replaces the stored standards with those of this call; but ``anytime``, once set, stays.

    A study to which blocks were added until its intervals were narrow needs wider ones from then on.
    """
    connection.execute(
        "UPDATE study SET delta = ?, confidence = ?, anytime = max(anytime, ?)", astuple(standards)
    )


def read_plan(connection: sqlite3.Connection) -> Plan:
    """The plan of the study in a store; its guests have name, fingerprint and code, without an image."""
    baseline, seed = connection.execute("SELECT baseline, seed FROM study").fetchone()
    builds = connection.execute("SELECT name, command, version FROM build ORDER BY number")
    points = connection.execute("SELECT name, argv, code FROM configuration ORDER BY number")
    guests = connection.execute("SELECT name, fingerprint, code FROM guest ORDER BY number")
    return Plan(
        builds=[Build(name, tuple(json.loads(command)), version) for name, command, version in builds],
        configurations=[stored_configuration(name, json.loads(argv), code) for name, argv, code in points],
        guests=[StoredGuest(*row) for row in guests],
        baseline=baseline,
        seed=seed,
    )


def read_info(connection: sqlite3.Connection) -> StudyInfo:
    """The facts of the study in a store besides its plan."""
    row = connection.execute(
        """SELECT created, command, accelkit, fingerprint, host, machine, kernel, cpu, cpus, governor,
        delta, confidence, anytime FROM study"""
    ).fetchone()
    return StudyInfo(
        created=row[0],
        command=tuple(json.loads(row[1])),
        accelkit=row[2],
        fingerprint=row[3],
        host=Host(*row[4:10]),
        standards=Standards(row[10], row[11], bool(row[12])),
    )


def read_numbers(connection: sqlite3.Connection) -> Numbers:
    """The numbers of builds, guests and configurations in this store."""
    return Numbers(
        dict(connection.execute("SELECT name, number FROM build")),
        dict(connection.execute("SELECT name, number FROM guest")),
        dict(connection.execute("SELECT name, number FROM configuration")),
    )


def names_of(numbers: Numbers) -> Names:
    """The names by their numbers."""
    return Names(*({number: name for name, number in named.items()} for named in numbers))


def _text(words: str) -> str:
    # What QEMU prints of a strange file name may have lone surrogates, which UTF-8 cannot encode.
    return words.encode("utf-8", "backslashreplace").decode()
