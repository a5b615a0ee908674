"""Stores written at once: studies with known effects, begun at a known time, on a known host."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from accelkit.host.identity import Host
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.standards import Standards
from accelkit.study.store.connection import connect, transaction
from accelkit.study.store.rows import StudyInfo, insert, read_numbers, write_plan
from accelkit.study.store.schema import migrate
from accelkit.study.store.trials import row_of

BOX = Host("box", "1a2b3c4d", "Linux 6.1.0 x86_64", "Example CPU @ 2.60GHz", 4, "performance")
BARN = Host("barn", "00facade", "Linux 6.12.0 x86_64", "Another CPU", 8, "powersave")
BEGUN = 1_790_000_000.0
DAY = 86_400.0
TRUTH = {"tcg": 1.0, "tcg,thread=single": 1.2}


def plan_of(
    names: Sequence[str] = tuple(TRUTH),
    *,
    guests: Sequence[str] = ("cpu",),
    version: str = "7.2.22",
    baseline: str = "tcg",
    digest: str = "",
    fingerprint: str = "cpu 1000",
    command: Sequence[str] = ("qemu-system-x86_64",),
    seed: int = 0,
) -> Plan:
    """A plan of one QEMU; each guest's fingerprint is its name before ``fingerprint``."""
    return Plan(
        [Build(version, tuple(command), version, digest)],
        [stored_configuration(name, ("-accel", name)) for name in names],
        [StoredGuest(guest, f"{guest} {fingerprint}") for guest in guests],
        baseline,
        seed,
    )


def records_for(
    plan: Plan, truth: Mapping[str, float], *, blocks: int = 20, seed: int = 1, noise: float = 0.004,
    begun: float = BEGUN, failing: Callable[[Trial], bool] = lambda _: False, speed: float = 1.0,
) -> list[Record]:  # fmt: skip
    """A record of each trial; ``truth`` are factors of time by the name of a configuration, or ``configuration on guest``."""
    rng = np.random.default_rng(seed)
    records: list[Record] = []
    for block in range(blocks):
        for trial in plan.block(block):
            started = begun + len(records)
            if failing(trial):
                records.append(Record(trial, "crashed", why="it crashed", started=started))
                continue
            key = f"{trial.configuration} on {trial.guest}"
            factor = truth.get(key, truth.get(trial.configuration, 1.0))
            value = 1e6 * speed * factor * float(np.exp(noise * rng.standard_normal()))
            records.append(
                Record(trial, "ok", value=round(value, 3), wall=0.5, user=0.4, started=started, load=0.4)
            )
    return records


def write_store(
    path: Path, plan: Plan, records: Sequence[Record], *, created: float = BEGUN, host: Host = BOX,
    standards: Standards | None = None, session: int = 1,
) -> Path:  # fmt: skip
    """The store at ``path``, as a study that reached the end of its budget leaves it."""
    with closing(connect(f"file:{path}?mode=rwc")) as connection, transaction(connection):
        migrate(connection)
        command = ("accelkit", "study", "tcg", "--store", path.name)
        info = StudyInfo(created, command, "0.2.0", host, plan.fingerprint, standards or Standards())
        write_plan(connection, plan, info)
        insert(
            connection,
            "session",
            (session, created, created + len(records), 7, host.governor, json.dumps(command), "0.2.0"),
        )
        numbers = read_numbers(connection)
        for number, record in enumerate(records, 1):
            insert(connection, "trial", (number, *row_of(record, numbers), session, record.started + 0.5))
        blocks = len({record.trial.block for record in records})
        insert(connection, "budget", (1, session, blocks, None, 0, 0, 1))
    return path


def study_store(
    path: Path, truth: Mapping[str, float] = TRUTH, *, created: float = BEGUN, host: Host = BOX, blocks: int = 20,
    seed: int = 1, noise: float = 0.004, guests: Sequence[str] = ("cpu",), version: str = "7.2.22",
    failing: Callable[[Trial], bool] = lambda _: False, speed: float = 1.0, names: Sequence[str] | None = None,
    digest: str = "",
) -> Path:  # fmt: skip
    """The store of a study of the configurations ``names``, by default those of ``truth``."""
    chosen = tuple(names or dict.fromkeys(name.partition(" on ")[0] for name in truth))
    plan = plan_of(chosen, guests=guests, version=version, digest=digest)
    records = records_for(
        plan, truth, blocks=blocks, seed=seed, noise=noise, begun=created, failing=failing, speed=speed
    )
    return write_store(path, plan, records, created=created, host=host)
