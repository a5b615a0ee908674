"""Damaged rows leave the tables of a study for the table ``damaged``, so that their trials can be measured again."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from accelkit.study.model import Damage
from accelkit.study.store.checksum import KEYS
from accelkit.study.store.older_formats import TRIAL_DONE
from accelkit.study.store.rows import OVERSIZE, pages, read_drops
from accelkit.study.store.trials import Names, read_trial


def move_damaged(connection: sqlite3.Connection, names: Names) -> list[Damage]:
    """Moves damaged trials, drops and returns to the table ``damaged``, inside the caller's transaction; what they were."""
    moved: list[Damage] = []
    for number, row in pages(connection):
        why = OVERSIZE if row is None else read_trial(row, names)
        if isinstance(why, str):
            moved.append(Damage(f"trial {number}", why))
            note(connection, moved[-1], row or ())
    if moved:  # SQLite refuses to delete a row of which the index does not know
        connection.execute("DROP INDEX trial_done")
    connection.executemany(
        "DELETE FROM trial WHERE number = ?", [(int(damage.where.partition(" ")[2]),) for damage in moved]
    )
    if moved:
        connection.execute(TRIAL_DONE)
    for damage in read_drops(connection, names)[1]:
        key = damage.where.partition(" ")[2].split("/")
        note(connection, damage, key)
        where = " AND ".join(f"{name} = ?" for name in KEYS["race"])
        connection.execute(f"DELETE FROM race WHERE {where}", key)  # noqa: S608 - known names
        moved.append(damage)
    return moved


def note(connection: sqlite3.Connection, damage: Damage, row: Sequence[Any]) -> None:
    """Keeps what could be read of a damaged row in the table ``damaged``."""
    content = json.dumps([cell.hex() if isinstance(cell, bytes) else cell for cell in row])
    connection.execute(
        "INSERT INTO damaged (moved, place, why, content) VALUES (?, ?, ?, ?)",
        (time.time(), *damage, content),
    )
