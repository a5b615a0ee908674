"""How a session on a store begins: the store is made, or it is of the same study and is brought up to date."""

from __future__ import annotations

import json
import os
import sqlite3
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace

from accelkit.errors import StudyError
from accelkit.host.identity import Host, host_changes
from accelkit.study.model import Damage
from accelkit.study.plan import Plan, differences
from accelkit.study.searched import Tuning, other_terms
from accelkit.study.standards import Standards
from accelkit.study.store.connection import bring_up_to_date, file_damage, known_format, transaction
from accelkit.study.store.errors import DamageError, refusal
from accelkit.study.store.quarantine import move_damaged
from accelkit.study.store.rows import (
    StudyInfo,
    insert,
    judge_by,
    read_info,
    read_numbers,
    read_plan,
    update,
    write_plan,
)
from accelkit.study.store.search import move_damaged_search, read_tuning, write_tuning
from accelkit.study.store.trials import names_of


def begin(
    connection: sqlite3.Connection,
    shown: str,
    host: Host,
    plan: Plan,
    command: tuple[str, ...],
    standards: Standards | None,
    tuning: Tuning | None,
) -> int:
    """Make the store, or migrate it if it is of this study; returns the number of a new session.

    Raises StudyError if the store holds another study or tuning, or is of another host, and on a file system without
    shared memory; DamageError if the file is damaged.
    """
    old_format = known_format(connection, shown)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StudyError(
            f"store={shown!r}: this file system, maybe a network's, cannot share memory, which SQLite's WAL"
            " needs; put the store on a local disk"
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if old_format and (lines := file_damage(connection)):
        raise DamageError(f"the file is damaged ({lines[0]})")
    with transaction(connection):
        bring_up_to_date(connection)
        if old_format == 0:
            settled = standards or Standards()
            info = StudyInfo(time.time(), command, _own_version(), host, plan.fingerprint, settled)
            write_plan(connection, plan, info)
            if tuning is not None:
                write_tuning(connection, tuning)
        else:
            _refuse_another(connection, shown, plan, host, tuning)
            if standards is not None:
                judge_by(connection, standards)
            numbers = read_numbers(connection)
            moved = move_damaged(connection, names_of(numbers)) + move_damaged_search(connection, numbers)
            words = [_moved(moved)] if moved else []
            words += _keep_digests(connection, plan)
            for word in words:
                warnings.warn(f"store={shown!r}: {word}", UserWarning, stacklevel=2)
        session = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM session").fetchone()[0]
        now, own = time.time(), _own_version()
        row = (session, now, None, os.getpid(), host.governor, json.dumps(command), own)
        insert(connection, "session", row)
    return session


def _keep_digests(connection: sqlite3.Connection, plan: Plan) -> list[str]:
    """Keeps which binary a build is where the store does not know it; and what to say about builds that are not known."""
    words: list[str] = []
    given = {build.name: build.digest for build in plan.builds}
    for number, build in enumerate(read_plan(connection).builds, 1):
        new = given.get(build.name, "")
        if new and not build.digest:
            update(connection, "build", number, {"digest": new})
            words.append(
                f"it did not keep which binary QEMU {build.name} was; the one there now is taken for the same"
            )
        elif build.digest and not new:
            words.append(
                f"which binary QEMU {build.name} is cannot be seen here; it is taken for the stored one"
            )
    return words


def _moved(moved: Sequence[Damage]) -> str:
    trials = sum(damage.where.startswith(("trial ", "search ")) for damage in moved)
    first = moved[0]
    return (
        f"moved {len(moved)} damaged row{'s' * (len(moved) != 1)} to its table damaged ({first.where}: {first.why});"
        f" {trials} trial{'s' * (trials != 1)} to be measured again"
    )


def _refuse_another(
    connection: sqlite3.Connection, shown: str, plan: Plan, host: Host, tuning: Tuning | None
) -> None:
    info, stored, before = read_info(connection), read_plan(connection), read_tuning(connection)
    if before is not None and tuning is None:
        raise StudyError(refusal(shown, "a tuning", ("tune() resumes it, study() does not",), info.command))
    if before is None and tuning is not None:
        raise StudyError(refusal(shown, "a study", ("study() resumes it, tune() does not",), info.command))
    reasons: tuple[str, ...] = ()
    if before is not None and tuning is not None:
        baseline = [point for point in stored.configurations if point.name == stored.baseline]
        stored, reasons = replace(stored, configurations=baseline), other_terms(before.terms, tuning.terms)
    if reasons := (*differences(stored, plan), *reasons):
        holds = "another study" if before is None else "another tuning"
        raise StudyError(refusal(shown, holds, reasons, info.command))
    if reasons := host_changes(info.host, host):
        raise StudyError(refusal(shown, "measurements of another host", reasons, ()))


def _own_version() -> str:
    from accelkit import __version__  # inside: the package imports its modules

    return __version__
