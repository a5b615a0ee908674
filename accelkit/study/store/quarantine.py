"""Damaged rows leave the tables of a study for the table ``damaged``, so that their trials can be measured again."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from accelkit.study.model import Damage
from accelkit.study.store.checksum import KEYS
from accelkit.study.store.older_formats import TRIAL_DONE
from accelkit.study.store.rows import OVERSIZE, pages, read_drops, rows_of
from accelkit.study.store.search_tables import SEARCH_DONE
from accelkit.study.store.trials import Names, TrialTable, read_trial

INDEXES: Final[Mapping[TrialTable, tuple[str, str]]] = {
    "trial": ("trial_done", TRIAL_DONE),
    "search": ("search_done", SEARCH_DONE),
}
"""The index of each table of trials, and what makes it."""


def move_damaged(connection: sqlite3.Connection, names: Names) -> list[Damage]:
    """Moves damaged trials, drops and returns to the table ``damaged``, inside the caller's transaction; what they were."""
    moved = move_damaged_trials(connection, "trial", names)
    return [*moved, *_move(connection, read_drops(connection, names)[1])]


def move_damaged_rows(connection: sqlite3.Connection, table: str) -> list[Damage]:
    """Moves damaged rows of a table, inside the caller's transaction; what they were."""
    return _move(connection, rows_of(connection, table)[1])


def move_damaged_trials(connection: sqlite3.Connection, table: TrialTable, names: Names) -> list[Damage]:
    """Moves damaged rows of a table of trials, inside the caller's transaction; what they were."""
    moved: list[Damage] = []
    for number, row in pages(connection, table=table):
        why = OVERSIZE if row is None else read_trial(row, names, table)
        if isinstance(why, str):
            moved.append(Damage(f"{table} {number}", why))
            note(connection, moved[-1], row or ())
    if moved:  # SQLite refuses to delete a row of which the index does not know
        index, made_by = INDEXES[table]
        connection.execute(f"DROP INDEX {index}")
        numbers = [(int(damage.where.partition(" ")[2]),) for damage in moved]
        connection.executemany(f"DELETE FROM {table} WHERE number = ?", numbers)  # noqa: S608 - known names
        connection.execute(made_by)
    return moved


def _move(connection: sqlite3.Connection, damaged: list[Damage]) -> list[Damage]:
    for damage in damaged:
        table, _, text = damage.where.partition(" ")
        key = text.split("/")
        note(connection, damage, key)
        where = " AND ".join(f"{name} = ?" for name in KEYS[table])
        connection.execute(f"DELETE FROM {table} WHERE {where}", key)  # noqa: S608 - known names
    return damaged


def note(connection: sqlite3.Connection, damage: Damage, row: Sequence[Any]) -> None:
    """Keeps what could be read of a damaged row in the table ``damaged``."""
    content = json.dumps([cell.hex() if isinstance(cell, bytes) else cell for cell in row])
    connection.execute(
        "INSERT INTO damaged (moved, place, why, content) VALUES (?, ?, ?, ?)",
        (time.time(), *damage, content),
    )
