"""The tables and views of a store, and how older formats are migrated to the newest.

The first n steps make format n. Never edit a released step: a change is a new step. PRAGMA user_version
has the format, PRAGMA application_id marks the file as accelkit's.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from accelkit.study.store.older_formats import FIFTH, FIRST, FOURTH, SECOND, SIXTH, THIRD
from accelkit.study.store.search_tables import SEARCH_TABLES

APPLICATION_ID: Final = 0x616B6974
"""``akit``, at offset 68 of the file (sqlite.org/fileformat.html)."""

SEVENTH: Final = (
    # Where a study ran besides its own host: its trials have the name, those of the own host none.
    """CREATE TABLE host (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, kernel TEXT NOT NULL,
        cpu TEXT NOT NULL, cpus INTEGER NOT NULL, governor TEXT NOT NULL,
        checksum INTEGER
    ) STRICT""",
    "ALTER TABLE trial ADD COLUMN host TEXT NOT NULL DEFAULT ''",
    *(f"DROP VIEW {view}" for view in ("trials", "results", "failures", "summary")),
    """CREATE VIEW trials AS SELECT
        trial.number AS number, trial.id AS id, guest.name AS guest, build.name AS build,
        configuration.name AS configuration, block, position, cause, value, unit,
        wall AS wall_seconds, user AS user_seconds, system AS system_seconds,
        max_rss AS max_rss_kib, voluntary_switches, involuntary_switches, status, accelerator,
        datetime(started, 'unixepoch') AS started_utc, load, steal,
        slices, phases, counters, why, stderr,
        iif(trial.host = '', study.host, trial.host) AS host
    FROM trial
    JOIN build ON build.number = trial.build
    JOIN guest ON guest.number = trial.guest
    JOIN configuration ON configuration.number = trial.configuration
    JOIN study""",
    """CREATE VIEW results AS SELECT
        guest, build, configuration, block, value, unit, wall_seconds, user_seconds,
        system_seconds, max_rss_kib, accelerator, started_utc, id, host
    FROM trials WHERE cause = 'ok' AND value > 0 AND value < 9e999""",
    """CREATE VIEW failures AS SELECT
        guest, build, configuration, block, cause, why, status, wall_seconds, started_utc, stderr, id, host
    FROM trials WHERE (cause = 'ok' AND value > 0 AND value < 9e999) IS NOT TRUE""",
    """CREATE VIEW summary AS SELECT
        guest, build, configuration, count(*) AS trials, sum(is_result) AS results,
        min(iif(is_result, value, NULL)) AS best, avg(iif(is_result, value, NULL)) AS mean, unit
    FROM (SELECT *, (cause = 'ok' AND value > 0 AND value < 9e999) IS TRUE AS is_result FROM trials)
    GROUP BY guest, build, configuration, unit""",
)

STEPS: Final = (FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, SEARCH_TABLES)
"""Step n has the statements that make format n from format n - 1; format 0 is an empty file."""

STORE_FORMAT: Final = len(STEPS)
"""The newest format, in which every store is written."""


def format_of(connection: sqlite3.Connection) -> int:
    """The format of a store, 0 for an empty file, -1 for the database of another program."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if owner == APPLICATION_ID:
        return version
    used = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return -1 if used or owner or version else 0


def migrate(connection: sqlite3.Connection, to: int = STORE_FORMAT) -> None:
    """Migrate a store to format ``to``, inside the caller's transaction; ``bring_up_to_date`` adds checksums, too."""
    for step in STEPS[format_of(connection) : to]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {to}")
