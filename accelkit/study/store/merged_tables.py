"""The tables of a merged store, beside those of a study: a step of :mod:`accelkit.study.store.schema`."""

from __future__ import annotations

from typing import Final

MERGED: Final = (
    # The studies whose trials a merged store has; and of each block the one that it is from, and its number there.
    # A store of one study has no rows here.
    """CREATE TABLE source (
        number INTEGER PRIMARY KEY,
        store TEXT NOT NULL,  -- the file that was merged
        created REAL NOT NULL,  -- seconds since the epoch
        seed INTEGER NOT NULL, fingerprint TEXT NOT NULL,
        command TEXT NOT NULL,  -- JSON
        accelkit TEXT NOT NULL,
        host TEXT NOT NULL, machine TEXT NOT NULL, kernel TEXT NOT NULL,
        cpu TEXT NOT NULL, cpus INTEGER NOT NULL, governor TEXT NOT NULL,
        guests TEXT NOT NULL,  -- JSON, fingerprints by name: each study has calibrated its own work
        checksum INTEGER
    ) STRICT""",
    """CREATE TABLE source_block (
        block INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, number INTEGER NOT NULL,
        checksum INTEGER
    ) STRICT""",
    """CREATE VIEW sources AS SELECT
        source.number AS number, store, datetime(created, 'unixepoch') AS created_utc, host, machine, kernel, cpu,
        cpus, governor, accelkit, command, count(block) AS blocks
    FROM source LEFT JOIN source_block ON source_block.source = source.number GROUP BY source.number""",
)
