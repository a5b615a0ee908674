"""The tables of a search in a store: a step of :mod:`accelkit.study.store.schema`.

The tables of a study hold the confirming study of a tuning. Those of its search stay empty for a plain study.
"""

from __future__ import annotations

from typing import Final

SEARCH_DONE: Final = """CREATE UNIQUE INDEX search_done ON search (id)
        WHERE cause NOT IN ('missing', 'no-space', 'error')"""
"""A trial is done once. One that the host could not measure may be stored again."""

SEARCH_TABLES: Final = (
    """CREATE TABLE tuning (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        space TEXT NOT NULL,  -- Python source, or the names of the points as JSON
        size TEXT NOT NULL,  -- the number of points, which may have more than 64 bits
        weights TEXT NOT NULL,  -- JSON, of each guest
        goals TEXT NOT NULL,  -- JSON, the weights of time and max_rss
        max_rss INTEGER,  -- KiB
        trials INTEGER,
        seconds REAL,
        sampler TEXT NOT NULL,
        first INTEGER,  -- the first block of the confirming study; NULL while it is searched
        blocks INTEGER,  -- those of the confirming study
        checksum INTEGER
    ) STRICT""",
    # The points that were tried; what was estimated of them is known at the end of the search.
    """CREATE TABLE point (
        number INTEGER PRIMARY KEY,
        place TEXT NOT NULL,  -- its number in the space, which may have more than 64 bits
        name TEXT NOT NULL UNIQUE,
        argv TEXT NOT NULL,  -- JSON
        code TEXT NOT NULL,
        ratio REAL,  -- the logarithm of its cost as a multiple of the baseline's
        spread REAL,
        dropped TEXT NOT NULL,
        checksum INTEGER
    ) STRICT""",
    """CREATE TABLE search_block (
        number INTEGER PRIMARY KEY,
        position INTEGER NOT NULL,
        points TEXT NOT NULL,  -- JSON, their numbers
        checksum INTEGER
    ) STRICT""",
    # As the table trial, but of points in place of configurations.
    """CREATE TABLE search (
        number INTEGER PRIMARY KEY,  -- in the order stored
        id TEXT NOT NULL,
        build INTEGER NOT NULL REFERENCES build,
        guest INTEGER NOT NULL REFERENCES guest,
        configuration INTEGER NOT NULL REFERENCES point,
        block INTEGER NOT NULL,
        position INTEGER NOT NULL,
        cause TEXT NOT NULL,
        why TEXT NOT NULL,
        value REAL,
        unit TEXT NOT NULL,
        slices TEXT NOT NULL,  -- JSON
        phases TEXT NOT NULL,  -- JSON
        wall REAL NOT NULL,
        user REAL NOT NULL,
        system REAL NOT NULL,
        max_rss INTEGER,
        voluntary_switches INTEGER NOT NULL,
        involuntary_switches INTEGER NOT NULL,
        status INTEGER,
        accelerator TEXT NOT NULL,
        counters TEXT NOT NULL,  -- JSON
        started REAL NOT NULL,
        load REAL NOT NULL,
        steal REAL NOT NULL,
        stderr TEXT NOT NULL,
        host TEXT NOT NULL,
        session INTEGER REFERENCES session,
        stored REAL,
        checksum INTEGER
    ) STRICT""",
    SEARCH_DONE,
    """CREATE VIEW searched AS SELECT
        search.number AS number, search.id AS id, guest.name AS guest, build.name AS build,
        point.name AS configuration, block, position, cause, value, unit,
        wall AS wall_seconds, user AS user_seconds, system AS system_seconds,
        max_rss AS max_rss_kib, voluntary_switches, involuntary_switches, status, accelerator,
        datetime(started, 'unixepoch') AS started_utc, load, steal, host,
        slices, phases, counters, why, stderr
    FROM search
    JOIN build ON build.number = search.build
    JOIN guest ON guest.number = search.guest
    JOIN point ON point.number = search.configuration""",
    "DROP VIEW sessions",
    """CREATE VIEW sessions AS SELECT
        session.number AS number, datetime(session.started, 'unixepoch') AS started_utc,
        datetime(session.ended, 'unixepoch') AS ended_utc,
        (SELECT count(*) FROM search WHERE search.session = session.number)
        + (SELECT count(*) FROM trial WHERE trial.session = session.number) AS trials,
        pid, governor, command, accelkit
    FROM session""",
)
