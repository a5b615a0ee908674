"""Checksums of stores of older formats: rows that were as they had been written get those of the newest format."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from accelkit.study.store.checksum import KEYS, TABLES, checksum, is_whole
from accelkit.study.store.rows import OVERSIZE, pages
from accelkit.study.store.trials import COLUMNS, Names, implausible, record_of


def add_checksums(connection: sqlite3.Connection) -> None:
    """Gives the rows of a store of an older format their checksums, except trials that cannot be right."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    for table, columns in TABLES.items():
        if table != "trial":
            kept[table] = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()  # noqa: S608 - known names
            _add(connection, table, kept[table])
    names = Names(*({row[0]: row[1] for row in kept[table]} for table in ("build", "guest", "configuration")))
    prints = {name: fingerprint for _, name, fingerprint, _ in kept["guest"]}
    for _, row in pages(connection):
        record = OVERSIZE if row is None else record_of(row[1 : 1 + len(COLUMNS)], names)
        if (
            row is not None
            and not isinstance(record, str)
            and not implausible(record, prints[record.trial.guest])
        ):
            _add(connection, "trial", [row[:-1]])


def whole_drops(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """The rows of the table that format 5 has for dropped cells, as far as they are as they were written."""
    rows = connection.execute("SELECT build, guest, configuration, block, checksum FROM dropped").fetchall()
    return [(*row[:-1], 1_000_000) for row in rows if is_whole("dropped", row)]


def whole_trials(connection: sqlite3.Connection) -> list[int]:
    """The numbers of the trials of a store of format 5 or 6 that are as they were written."""
    columns = [column for column in TABLES["trial"] if column != "host"]
    rows = pages(connection, columns=columns)
    return [number for number, row in rows if row and is_whole("trial", row)]


def add_checksums_of(connection: sqlite3.Connection, trials: Sequence[int]) -> None:
    """Gives the trials of these numbers their checksums, with the columns that they have now."""
    whole = set(trials)
    _add(connection, "trial", [row[:-1] for number, row in _readable(connection) if number in whole])


def _readable(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[Any, ...]]]:
    return ((number, row) for number, row in pages(connection) if row is not None)


def add_checksum(connection: sqlite3.Connection, table: str, row: tuple[Any, ...]) -> None:
    """Gives a row that has none its checksum."""
    _add(connection, table, [row])


def _add(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    where = " AND ".join(f"{key} = ?" for key in KEYS[table])
    made = partial(checksum, table)
    with_sums: list[tuple[Any, ...]] = []
    for row in rows:
        try:
            with_sums.append((made(row), *row[: len(KEYS[table])]))
        except TypeError:  # a blob, in a table that holds none
            continue
    connection.executemany(f"UPDATE {table} SET checksum = ? WHERE {where}", with_sums)  # noqa: S608 - known names
