"""The rows of a study's tables, each with its checksum: read and checked, written, and those of older formats."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from accelkit.errors import AccelkitError
from accelkit.host.identity import Host
from accelkit.study.budget import Budget
from accelkit.study.drops import Drops
from accelkit.study.model import Build, Cell, Configuration, Damage, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.standards import Standards
from accelkit.study.store.checksum import KEYS, TABLES, checksum, is_whole
from accelkit.study.store.errors import DamageError
from accelkit.study.store.trials import Names, Numbers, TrialTable

T = TypeVar("T")

PAGE: Final = 500
"""Trials that are read at once, so that memory is bounded and each read is short."""

OVERSIZE: Final = "a field is too large to be read"


@dataclass(frozen=True, slots=True)
class StudyInfo:
    """What a store knows of its study besides the plan. ``created`` is in seconds since the epoch."""

    created: float
    command: tuple[str, ...]
    accelkit: str
    host: Host
    fingerprint: str
    standards: Standards


def insert(connection: sqlite3.Connection, table: str, row: Sequence[object]) -> None:
    """Inserts a row with the columns of ``TABLES``, and its checksum."""
    columns = TABLES[table]
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}, checksum)"  # noqa: S608 - known names
        f" VALUES ({'?, ' * len(columns)}?)",
        (*row, checksum(table, row)),
    )


def update(connection: sqlite3.Connection, table: str, key: int, changes: Mapping[str, Any]) -> None:
    """Changes columns of the row with that number, and with them its checksum."""
    query = f"SELECT {', '.join(TABLES[table])} FROM {table} WHERE {KEYS[table][0]} = ?"  # noqa: S608 - known names
    if (row := connection.execute(query, (key,)).fetchone()) is None:
        return
    fields: dict[str, Any] = {**dict(zip(TABLES[table], row, strict=True)), **changes}
    names = (*changes, "checksum")
    connection.execute(
        f"UPDATE {table} SET {' = ?, '.join(names)} = ? WHERE {KEYS[table][0]} = ?",  # noqa: S608 - known names
        (*changes.values(), checksum(table, tuple(fields.values())), key),
    )


def rows_of(connection: sqlite3.Connection, table: str) -> tuple[list[tuple[Any, ...]], list[Damage]]:
    """The rows of a table that are as they were written, without their checksums; and what is wrong with the others."""
    good: list[tuple[Any, ...]] = []
    damage: list[Damage] = []
    for row in connection.execute(f"SELECT {', '.join(TABLES[table])}, checksum FROM {table}"):  # noqa: S608 - known names
        if is_whole(table, row):
            good.append(row[:-1])
        else:
            damage.append(
                Damage(
                    f"{table} {'/'.join(map(str, row[: len(KEYS[table])]))}", "its checksum does not match"
                )
            )
    return sorted(good, key=lambda row: row[: len(KEYS[table])]), damage


def trial_query(table: TrialTable, columns: Sequence[str] = TABLES["trial"]) -> str:
    """The query of the rows of a table of trials, each with its checksum."""
    return f"SELECT {', '.join(columns)}, checksum FROM {table}"  # noqa: S608 - known names


def pages(
    connection: sqlite3.Connection,
    after: int = 0,
    table: TrialTable = "trial",
    columns: Sequence[str] = TABLES["trial"],
) -> Iterator[tuple[int, tuple[Any, ...] | None]]:
    """The rows of a table of trials by their numbers, in pages; None for a row with a field too large to be read."""
    select = trial_query(table, columns)
    while True:
        query = f"{select} WHERE number > ? ORDER BY number LIMIT {PAGE}"
        try:
            page = [(row[0], row) for row in connection.execute(query, (after,))]
        except sqlite3.DataError:
            page = _one_by_one(connection, after, table, select)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _one_by_one(
    connection: sqlite3.Connection, after: int, table: TrialTable, select: str
) -> list[tuple[int, tuple[Any, ...] | None]]:
    query = f"SELECT number FROM {table} WHERE number > ? ORDER BY number LIMIT {PAGE}"  # noqa: S608 - known names
    page: list[tuple[int, tuple[Any, ...] | None]] = []
    for (number,) in connection.execute(query, (after,)).fetchall():
        try:
            page.append((number, connection.execute(f"{select} WHERE number = ?", (number,)).fetchone()))
        except sqlite3.DataError:
            page.append((number, None))
    return page


def write_plan(connection: sqlite3.Connection, plan: Plan, info: StudyInfo) -> None:
    """Writes the plan and the other facts of the study into an empty store."""
    host, standards = info.host, info.standards
    insert(connection, "study", (
        1, float(info.created), plan.seed, plan.baseline, info.fingerprint, json.dumps(info.command),
        info.accelkit, host.name, host.machine, host.kernel, host.cpu, host.cpus, host.governor,
        float(standards.delta), float(standards.confidence), int(standards.anytime),
    ))  # fmt: skip
    for n, build in enumerate(plan.builds, 1):
        insert(connection, "build", (n, build.name, build.version, json.dumps(build.command), build.digest))
    for n, guest in enumerate(plan.guests, 1):
        insert(connection, "guest", (n, guest.name, guest.fingerprint, guest.code))
    for n, point in enumerate(plan.configurations, 1):
        insert(connection, "configuration", configuration_row(n, point))


def configuration_row(number: int, point: Configuration) -> tuple[object, ...]:
    """The row of a configuration with that number."""
    return number, point.name, json.dumps(point.argv), point.code


def judge_by(connection: sqlite3.Connection, standards: Standards) -> None:
    """Replaces the stored standards with those of this call; but ``anytime``, once set, stays.

    A study to which blocks were added until its intervals were narrow needs wider ones from then on.
    """
    (anytime,) = connection.execute("SELECT anytime FROM study").fetchone()
    update(connection, "study", 1, {
        "delta": float(standards.delta), "confidence": float(standards.confidence),
        "anytime": max(anytime, int(standards.anytime)),
    })  # fmt: skip


def meant(read: Callable[[], T]) -> T:
    """What ``read`` returns. Raises DamageError if what it reads makes no plan."""
    try:
        return read()
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, AccelkitError) as error:
        raise DamageError(f"its plan cannot be read ({type(error).__name__}: {error})") from error


def planned(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table of the plan. Raises DamageError if one is not as it was written, or there is none."""
    good, damage = rows_of(connection, table)
    if damage:
        raise DamageError(f"its plan is damaged ({damage[0].where}: {damage[0].why})")
    if not good:
        raise DamageError(f"its plan is damaged (the table {table} is empty)")
    return good


def read_plan(connection: sqlite3.Connection) -> Plan:
    """The plan of the study in a store; its guests have name, fingerprint and code, without an image.

    Raises DamageError if a part of it is not as it was written.
    """
    study = dict(zip(TABLES["study"], planned(connection, "study")[0], strict=True))
    builds, guests, points = (planned(connection, table) for table in ("build", "guest", "configuration"))
    return meant(
        lambda: Plan(
            builds=[
                Build(name, words_of(command), version, digest)
                for _, name, version, command, digest in builds
            ],
            configurations=[
                stored_configuration(name, words_of(argv), code) for _, name, argv, code in points
            ],
            guests=[StoredGuest(*row[1:]) for row in guests],
            baseline=study["baseline"],
            seed=study["seed"],
        )
    )


def words_of(text: str) -> tuple[str, ...]:
    """The words of a JSON array. Raises TypeError or ValueError for other text."""
    words = json.loads(text)
    if not isinstance(words, list):
        raise TypeError(f"{text[:80]!r} is not a list")
    if not all(isinstance(word, str) for word in cast("list[object]", words)):
        raise TypeError(f"{text[:80]!r} is not a list of words")
    return tuple(cast("list[str]", words))


def read_info(connection: sqlite3.Connection) -> StudyInfo:
    """The facts of the study in a store besides its plan. Raises DamageError if they are damaged."""
    row = dict(zip(TABLES["study"], planned(connection, "study")[0], strict=True))
    return meant(
        lambda: StudyInfo(
            created=row["created"],
            command=words_of(row["command"]),
            accelkit=row["accelkit"],
            fingerprint=row["fingerprint"],
            host=Host(row["host"], *(row[name] for name in ("machine", "kernel", "cpu", "cpus", "governor"))),
            standards=Standards(row["delta"], row["confidence"], bool(row["anytime"])),
        )
    )


def read_numbers(connection: sqlite3.Connection) -> Numbers:
    """The numbers of builds, guests and configurations in this store. Raises DamageError if they are damaged."""
    tables = ("build", "guest", "configuration")
    return Numbers(*({row[1]: row[0] for row in planned(connection, table)} for table in tables))


def read_drops(connection: sqlite3.Connection, names: Names) -> tuple[Drops, list[Damage]]:
    """The drops and returns of cells; and damaged rows."""
    good, damage = rows_of(connection, "race")
    drops = Drops()
    for build, guest, point, block, every in good:
        try:
            cell = Cell(names.builds[build], names.guests[guest], names.configurations[point])
        except KeyError:
            damage.append(Damage(f"race {build}/{guest}/{point}/{block}", "the plan does not have it"))
        else:
            drops = drops.changed(block, {cell: every})
    return drops, damage


def read_hosts(connection: sqlite3.Connection) -> tuple[dict[str, Host], list[Damage]]:
    """The hosts besides the study's own that ran its trials, by name; and damaged rows."""
    good, damage = rows_of(connection, "host")
    return {row[1]: Host(*row[1:]) for row in good}, damage


def write_hosts(connection: sqlite3.Connection, hosts: Mapping[str, Host]) -> None:
    """Writes hosts by their names, those that are not there yet."""
    known = {name for (name,) in connection.execute("SELECT name FROM host")}
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM host").fetchone()
    for number, name in enumerate(sorted(hosts.keys() - known), last + 1):
        host = hosts[name]
        facts = (name, host.machine, host.kernel, host.cpu, host.cpus, host.governor)
        insert(connection, "host", (number, *facts))


def read_budgets(connection: sqlite3.Connection) -> tuple[tuple[Budget, ...], list[Damage]]:
    """The budgets of the calls so far, in their order; and damaged rows."""
    good, damage = rows_of(connection, "budget")
    budgets = (Budget(blocks, seconds, bool(precision), trials, bool(ended))
               for _, _, blocks, seconds, precision, trials, ended in good)  # fmt: skip
    return tuple(budgets), damage
