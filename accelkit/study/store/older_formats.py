"""The statements that made the formats 1 to 6 of a store, each from the one before it. Never edited."""

from __future__ import annotations

from typing import Final

TRIAL_DONE: Final = """CREATE UNIQUE INDEX trial_done ON trial (id)
        WHERE cause NOT IN ('missing', 'no-space', 'error')"""
"""A trial is done once. One that the host could not measure may be stored again."""

FIRST: Final = (
    """CREATE TABLE study (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        created REAL NOT NULL,  -- seconds since the epoch
        seed INTEGER NOT NULL,
        baseline TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        command TEXT NOT NULL,  -- JSON, the argv that repeats the study
        accelkit TEXT NOT NULL,
        host TEXT NOT NULL,
        machine TEXT NOT NULL,
        kernel TEXT NOT NULL,
        cpu TEXT NOT NULL,
        cpus INTEGER NOT NULL,
        governor TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE build (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        version TEXT NOT NULL, command TEXT NOT NULL  -- JSON
    ) STRICT""",
    """CREATE TABLE guest (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE configuration (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        argv TEXT NOT NULL,  -- JSON
        code TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE trial (
        number INTEGER PRIMARY KEY,  -- in the order stored
        id TEXT NOT NULL,
        build INTEGER NOT NULL REFERENCES build,
        guest INTEGER NOT NULL REFERENCES guest,
        configuration INTEGER NOT NULL REFERENCES configuration,
        block INTEGER NOT NULL,
        position INTEGER NOT NULL,  -- in the order planned
        cause TEXT NOT NULL,
        why TEXT NOT NULL,
        figure REAL,
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
        stderr TEXT NOT NULL
    ) STRICT""",
    TRIAL_DONE,
    """CREATE VIEW trials AS SELECT
        trial.number AS number, trial.id AS id, guest.name AS guest, build.name AS build,
        configuration.name AS configuration, block, position, cause, figure, unit,
        wall AS wall_seconds, user AS user_seconds, system AS system_seconds,
        max_rss AS max_rss_kib, voluntary_switches, involuntary_switches, status, accelerator,
        datetime(started, 'unixepoch') AS started_utc, load, steal,
        slices, phases, counters, why, stderr
    FROM trial
    JOIN build ON build.number = trial.build
    JOIN guest ON guest.number = trial.guest
    JOIN configuration ON configuration.number = trial.configuration""",
    """CREATE VIEW results AS SELECT
        guest, build, configuration, block, figure, unit, wall_seconds, user_seconds,
        system_seconds, max_rss_kib, accelerator, started_utc, id
    FROM trials WHERE cause = 'ok' AND figure IS NOT NULL""",
    """CREATE VIEW failures AS SELECT
        guest, build, configuration, block, cause, why, status, wall_seconds, started_utc, stderr, id
    FROM trials WHERE cause <> 'ok' OR figure IS NULL""",
    """CREATE VIEW summary AS SELECT
        guest, build, configuration, count(*) AS trials,
        sum(cause = 'ok' AND figure IS NOT NULL) AS results,
        min(figure) AS best, avg(figure) AS mean, unit
    FROM trials GROUP BY guest, build, configuration, unit""",
    """CREATE VIEW study_info AS
        SELECT 'created (UTC)' AS item, datetime(created, 'unixepoch') AS value FROM study
        UNION ALL SELECT 'repeat it with', command FROM study
        UNION ALL SELECT 'baseline', baseline FROM study
        UNION ALL SELECT 'seed', seed FROM study
        UNION ALL SELECT 'host', host || ' (' || machine || ')' FROM study
        UNION ALL SELECT 'kernel', kernel FROM study
        UNION ALL SELECT 'CPU', cpus || ' x ' || cpu FROM study
        UNION ALL SELECT 'governor', governor FROM study
        UNION ALL SELECT 'accelkit', accelkit FROM study
        UNION ALL SELECT 'QEMU ' || name, version || ' by ' || command FROM build
        UNION ALL SELECT 'guest ' || name, fingerprint FROM guest
        UNION ALL SELECT 'configuration ' || name, argv FROM configuration""",
)

SECOND: Final = (
    # Each time a study is begun or gone on with. A session that was killed has no end.
    """CREATE TABLE session (
        number INTEGER PRIMARY KEY,
        started REAL NOT NULL,
        ended REAL,
        pid INTEGER,
        governor TEXT NOT NULL,
        command TEXT NOT NULL,  -- JSON
        accelkit TEXT NOT NULL
    ) STRICT""",
    """INSERT INTO session
        SELECT 1, created, NULL, NULL, governor, command, accelkit FROM study""",
    "ALTER TABLE trial ADD COLUMN session INTEGER REFERENCES session",
    "ALTER TABLE trial ADD COLUMN stored REAL",  # seconds since the epoch
    "UPDATE trial SET session = 1, stored = started + wall",
    # The cells that were dropped, each with the first block in which it is not measured.
    """CREATE TABLE dropped (
        build INTEGER NOT NULL REFERENCES build,
        guest INTEGER NOT NULL REFERENCES guest,
        configuration INTEGER NOT NULL REFERENCES configuration,
        block INTEGER NOT NULL,
        PRIMARY KEY (build, guest, configuration)
    ) STRICT, WITHOUT ROWID""",
    """CREATE VIEW given_up AS SELECT
        guest.name AS guest, build.name AS build, configuration.name AS configuration,
        block AS from_block
    FROM dropped
    JOIN build ON build.number = dropped.build
    JOIN guest ON guest.number = dropped.guest
    JOIN configuration ON configuration.number = dropped.configuration""",
    """CREATE VIEW sessions AS SELECT
        session.number AS number, datetime(session.started, 'unixepoch') AS started_utc,
        datetime(session.ended, 'unixepoch') AS ended_utc, count(trial.id) AS trials, pid,
        governor, command, accelkit
    FROM session LEFT JOIN trial ON trial.session = session.number GROUP BY session.number""",
)

THIRD: Final = (
    # By what the last call judged the trials; before, it was not kept, and these were the defaults.
    "ALTER TABLE study ADD COLUMN delta REAL NOT NULL DEFAULT 0.01",
    "ALTER TABLE study ADD COLUMN confidence REAL NOT NULL DEFAULT 0.95",
    "ALTER TABLE study ADD COLUMN anytime INTEGER NOT NULL DEFAULT 0",
    # The call that makes it again, as Python; empty for a bundled guest, and where it was not kept.
    "ALTER TABLE guest ADD COLUMN code TEXT NOT NULL DEFAULT ''",
    "DROP VIEW study_info",
    """CREATE VIEW study_info AS
        SELECT 'created (UTC)' AS item, datetime(created, 'unixepoch') AS value FROM study
        UNION ALL SELECT 'repeat it with', command FROM study
        UNION ALL SELECT 'baseline', baseline FROM study
        UNION ALL SELECT 'seed', seed FROM study
        UNION ALL SELECT 'no difference below', delta FROM study
        UNION ALL SELECT 'confidence', confidence FROM study
        UNION ALL SELECT 'host', host || ' (' || machine || ')' FROM study
        UNION ALL SELECT 'kernel', kernel FROM study
        UNION ALL SELECT 'CPU', cpus || ' x ' || cpu FROM study
        UNION ALL SELECT 'governor', governor FROM study
        UNION ALL SELECT 'accelkit', accelkit FROM study
        UNION ALL SELECT 'QEMU ' || name, version || ' by ' || command FROM build
        UNION ALL SELECT 'guest ' || name, fingerprint FROM guest
        UNION ALL SELECT 'guest ' || name || ' is', code FROM guest WHERE code <> ''
        UNION ALL SELECT 'configuration ' || name, argv FROM configuration""",
)

FOURTH: Final = (
    # What is compared is a value with a unit; a figure is a picture.
    *(f"DROP VIEW {view}" for view in ("trials", "results", "failures", "summary")),
    "ALTER TABLE trial RENAME COLUMN figure TO value",
    """CREATE VIEW trials AS SELECT
        trial.number AS number, trial.id AS id, guest.name AS guest, build.name AS build,
        configuration.name AS configuration, block, position, cause, value, unit,
        wall AS wall_seconds, user AS user_seconds, system AS system_seconds,
        max_rss AS max_rss_kib, voluntary_switches, involuntary_switches, status, accelerator,
        datetime(started, 'unixepoch') AS started_utc, load, steal,
        slices, phases, counters, why, stderr
    FROM trial
    JOIN build ON build.number = trial.build
    JOIN guest ON guest.number = trial.guest
    JOIN configuration ON configuration.number = trial.configuration""",
    """CREATE VIEW results AS SELECT
        guest, build, configuration, block, value, unit, wall_seconds, user_seconds,
        system_seconds, max_rss_kib, accelerator, started_utc, id
    FROM trials WHERE cause = 'ok' AND value IS NOT NULL""",
    """CREATE VIEW failures AS SELECT
        guest, build, configuration, block, cause, why, status, wall_seconds, started_utc, stderr, id
    FROM trials WHERE cause <> 'ok' OR value IS NULL""",
    """CREATE VIEW summary AS SELECT
        guest, build, configuration, count(*) AS trials,
        sum(cause = 'ok' AND value IS NOT NULL) AS results,
        min(value) AS best, avg(value) AS mean, unit
    FROM trials GROUP BY guest, build, configuration, unit""",
)

FIFTH: Final = (
    # Each row has the checksum of its other columns; a row without one is damaged.
    *(
        f"ALTER TABLE {table} ADD COLUMN checksum INTEGER"
        for table in ("study", "build", "guest", "configuration", "session", "dropped", "trial")
    ),
    # What is run, by its content; empty where it was not kept.
    "ALTER TABLE build ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    # Rows that were not as they had been written when the study was resumed or the store repaired.
    """CREATE TABLE damaged (
        number INTEGER PRIMARY KEY,
        moved REAL NOT NULL,  -- seconds since the epoch
        place TEXT NOT NULL,
        why TEXT NOT NULL,
        content TEXT NOT NULL  -- JSON, as far as it could be read
    ) STRICT""",
    # Only a finite number above 0 is a result.
    *(f"DROP VIEW {view}" for view in ("results", "failures", "summary")),
    """CREATE VIEW results AS SELECT
        guest, build, configuration, block, value, unit, wall_seconds, user_seconds,
        system_seconds, max_rss_kib, accelerator, started_utc, id
    FROM trials WHERE cause = 'ok' AND value > 0 AND value < 9e999""",
    """CREATE VIEW failures AS SELECT
        guest, build, configuration, block, cause, why, status, wall_seconds, started_utc, stderr, id
    FROM trials WHERE (cause = 'ok' AND value > 0 AND value < 9e999) IS NOT TRUE""",
    """CREATE VIEW summary AS SELECT
        guest, build, configuration, count(*) AS trials, sum(is_result) AS results,
        min(iif(is_result, value, NULL)) AS best, avg(iif(is_result, value, NULL)) AS mean, unit
    FROM (SELECT *, (cause = 'ok' AND value > 0 AND value < 9e999) IS TRUE AS is_result FROM trials)
    GROUP BY guest, build, configuration, unit""",
)

SIXTH: Final = (
    # A cell that was dropped is measured in one of some blocks, and may return: from which block on in one of how many.
    # Of what an older format dropped no block is to be measured that was not: its turn comes in one of a million.
    """CREATE TABLE race (
        build INTEGER NOT NULL REFERENCES build, guest INTEGER NOT NULL REFERENCES guest,
        configuration INTEGER NOT NULL REFERENCES configuration, block INTEGER NOT NULL,
        every INTEGER NOT NULL,  -- 1: in every block; 8: in one of eight
        checksum INTEGER,
        PRIMARY KEY (build, guest, configuration, block)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO race (build, guest, configuration, block, every)
        SELECT build, guest, configuration, block, 1000000 FROM dropped""",
    "DROP VIEW given_up",
    "DROP TABLE dropped",
    """CREATE VIEW measured_rarely AS SELECT guest, build, configuration, from_block, until_block, one_block_of
    FROM (SELECT
        guest.name AS guest, build.name AS build, configuration.name AS configuration, block AS from_block,
        lead(block) OVER (PARTITION BY race.build, race.guest, race.configuration ORDER BY block) AS until_block,
        every AS one_block_of
    FROM race
    JOIN build ON build.number = race.build
    JOIN guest ON guest.number = race.guest
    JOIN configuration ON configuration.number = race.configuration)
    WHERE one_block_of > 1""",
    # The budget of each call: who changes it once there are trials may have looked at them.
    """CREATE TABLE budget (
        number INTEGER PRIMARY KEY, session INTEGER, blocks INTEGER, seconds REAL,
        precision INTEGER NOT NULL,  -- 1: blocks are added until the intervals are narrow
        trials INTEGER NOT NULL,  -- stored before
        ended INTEGER NOT NULL,  -- 1: it was used up
        checksum INTEGER
    ) STRICT""",
)
