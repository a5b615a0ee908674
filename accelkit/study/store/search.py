"""The search of a tuning in a store: what was asked for, the points that were tried, their trials; read and written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from accelkit.errors import StudyError
from accelkit.host.identity import Host
from accelkit.study.model import Damage, Record
from accelkit.study.searched import SearchBlock, Terms, TriedPoint, Tuning
from accelkit.study.store.checksum import TABLES
from accelkit.study.store.connection import transaction
from accelkit.study.store.errors import as_study_error
from accelkit.study.store.quarantine import move_damaged_rows, move_damaged_trials
from accelkit.study.store.rows import (
    OVERSIZE,
    insert,
    meant,
    pages,
    planned,
    rows_of,
    update,
    words_of,
    write_hosts,
)
from accelkit.study.store.trials import Names, Numbers, names_of, read_trial, record_of, row_of

NO_HOSTS: Final[Mapping[str, Host]] = {}


class SearchReader:
    """The search of an open store: ``store.search``. Each call sees what is stored by then."""

    def __init__(self, path: str, connection: sqlite3.Connection, numbers: Numbers) -> None:
        self._path, self._connection, self._numbers = path, connection, numbers

    def tuning(self) -> Tuning | None:
        """What was asked for; None for a plain study. Raises StudyError if it is damaged."""
        with as_study_error(self._path):
            return read_tuning(self._connection)

    def points(self) -> tuple[TriedPoint, ...]:
        """The points that were tried, in the order tried, without damaged ones."""
        with as_study_error(self._path):
            return tuple(_point(row) for row in rows_of(self._connection, "point")[0])

    def blocks(self) -> tuple[SearchBlock, ...]:
        """The blocks of which a trial is stored, by their numbers, without damaged ones."""
        with as_study_error(self._path):
            rows = rows_of(self._connection, "search_block")[0]
            return tuple(SearchBlock(number, position, _numbers(text)) for number, position, text in rows)

    def count(self) -> int:
        """The number of trials, each once, including damaged ones and those that are to be measured again."""
        with as_study_error(self._path):
            return self._connection.execute("SELECT count(DISTINCT id) FROM search").fetchone()[0]

    def read(self, after: int = 0) -> Iterator[Record | Damage]:
        """The record of each trial, or how it is damaged, in the order stored, those after number ``after``."""
        names: Names | None = None
        reading = pages(self._connection, after, "search")
        while True:
            with as_study_error(self._path):
                number, row = next(reading, (0, None))
                if number and (names is None or (row and row[4] not in names.configurations)):
                    names = self._names()
            if not number or names is None:
                return
            record = OVERSIZE if row is None else read_trial(row, names, "search")
            yield Damage(f"search {number}", record) if isinstance(record, str) else record

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records of :meth:`read`, without damaged trials."""
        return (record for record in self.read(after) if isinstance(record, Record))

    def damage(self) -> tuple[Damage, ...]:
        """What is damaged of the search."""
        with as_study_error(self._path):
            tables = [rows_of(self._connection, table)[1] for table in ("point", "search_block")]
        trials = (row for row in self.read() if isinstance(row, Damage))
        return (*(damage for rows in tables for damage in rows), *trials)

    def _names(self) -> Names:
        return names_of(with_points(self._connection, self._numbers))


class SearchWriter(SearchReader):
    """The search of a store that is open for writing. ``session`` is its number, ``now`` tells the time."""

    def __init__(
        self,
        path: str,
        connection: sqlite3.Connection,
        numbers: Numbers,
        session: int,
        now: Callable[[], float],
    ) -> None:
        super().__init__(path, connection, with_points(connection, numbers))
        self._session, self._now = session, now
        self._known = names_of(self._numbers)
        query = "SELECT coalesce(max(number), 0) FROM search"
        self._last: int = connection.execute(query).fetchone()[0]

    def append(
        self,
        records: Sequence[Record],
        points: Iterable[TriedPoint] = (),
        blocks: Iterable[SearchBlock] = (),
        hosts: Mapping[str, Host] = NO_HOSTS,
    ) -> None:
        """Store records, and the points and blocks that are new with them: on the disk when this returns, or none.

        ``hosts`` are those that their ``host`` names. Records given before a wrong one are stored. Raises StudyError as :meth:`accelkit.study.store.writer.StoreWriter.append`.
        """
        new = {point.name: point for point in points}
        known = cast("dict[str, int]", self._numbers.configurations)
        names = cast("dict[int, str]", self._known.configurations)
        known |= {name: point.number for name, point in new.items()}
        names |= {point.number: name for name, point in new.items()}
        rows, wrong = stored_rows(self._path, records, self._numbers, self._known)
        with as_study_error(self._path), transaction(self._connection):
            if ran := {record.host for record in records} & hosts.keys():
                write_hosts(self._connection, {name: hosts[name] for name in ran})
            for point in new.values():
                insert(self._connection, "point", _point_row(point))
            for block in blocks:
                row = (block.number, block.position, json.dumps(block.points))
                insert(self._connection, "search_block", row)
            for number, row in enumerate(rows, self._last + 1):
                insert(self._connection, "search", (number, *row, self._session, self._now()))
        self._last += len(rows)
        if wrong is not None:
            raise wrong


def stored_rows(
    path: str, records: Iterable[Record], numbers: Numbers, names: Names
) -> tuple[list[tuple[Any, ...]], StudyError | None]:
    """The rows of records, those before the first that makes none; and what is wrong with that one."""
    rows: list[tuple[Any, ...]] = []
    for record in records:
        try:
            rows.append(_stored_row(path, record, numbers, names))
        except StudyError as error:
            return rows, error
    return rows, None


def _stored_row(path: str, record: Record, numbers: Numbers, names: Names) -> tuple[Any, ...]:
    where = f"store={path!r}: trial {record.trial.id}"
    try:
        row = row_of(record, numbers)
    except KeyError as error:
        raise StudyError(
            f"{where} names {error.args[0]!r}, which is not in this study; give records of the plan that"
            " the store was opened with"
        ) from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StudyError(f"{where}: {error}; correct the record that measure= returns") from None
    if isinstance(why := record_of(row, names), str):  # what is written can be read
        raise StudyError(f"{where}: {why}; correct the record that measure= returns")
    return row


def with_points(connection: sqlite3.Connection, numbers: Numbers) -> Numbers:
    """``numbers`` with those of the points that were tried in place of those of configurations."""
    rows = rows_of(connection, "point")[0]
    return Numbers(numbers.builds, numbers.guests, {row[2]: row[0] for row in rows})


def write_tuning(connection: sqlite3.Connection, tuning: Tuning) -> None:
    """Writes what was asked for into an empty store."""
    terms = tuning.terms
    seconds = None if terms.seconds is None else float(terms.seconds)
    weights, goals = (json.dumps(dict(sorted(kind.items()))) for kind in (terms.weights, terms.goals))
    row = (
        1, terms.space, str(terms.size), weights, goals, terms.max_rss, terms.trials, seconds, tuning.sampler,
        tuning.first, tuning.blocks,
    )  # fmt: skip
    insert(connection, "tuning", row)


def read_tuning(connection: sqlite3.Connection) -> Tuning | None:
    """What was asked for; None for a plain study. Raises DamageError if it is not as it was written."""
    if not connection.execute("SELECT count(*) FROM tuning").fetchone()[0]:
        return None
    row = dict(zip(TABLES["tuning"], planned(connection, "tuning")[0], strict=True))
    return meant(
        lambda: Tuning(
            Terms(
                row["space"], int(row["size"]), _weights(row["weights"]), _weights(row["goals"]), row["max_rss"],
                row["trials"], row["seconds"],
            ),
            row["sampler"], row["first"], row["blocks"],
        )
    )  # fmt: skip


def end_search(connection: sqlite3.Connection, first: int, blocks: int, points: Iterable[TriedPoint]) -> None:
    """Notes the plan of the confirming study and what the search found out, inside the caller's transaction."""
    update(connection, "tuning", 1, {"first": first, "blocks": blocks})
    for point in points:
        changes = {"ratio": point.ratio, "spread": point.spread, "dropped": point.dropped}
        update(connection, "point", point.number, changes)


def move_damaged_search(connection: sqlite3.Connection, numbers: Numbers) -> list[Damage]:
    """Moves damaged rows of a search to the table ``damaged``, inside the caller's transaction; what they were."""
    names = names_of(with_points(connection, numbers))
    trials = move_damaged_trials(
        connection, "search", names
    )  # first those of damaged points, which they refer to
    return [
        *trials,
        *(row for table in ("point", "search_block") for row in move_damaged_rows(connection, table)),
    ]


def _point(row: Sequence[Any]) -> TriedPoint:
    number, place, name, argv, code, ratio, spread, dropped = row
    return meant(lambda: TriedPoint(number, int(place), name, words_of(argv), code, ratio, spread, dropped))


def _point_row(point: TriedPoint) -> tuple[Any, ...]:
    argv = json.dumps(point.argv)
    found = (point.ratio, point.spread, point.dropped)
    return (point.number, str(point.place), point.name, argv, point.code, *found)


def _weights(text: str) -> dict[str, float]:
    weights = json.loads(text)
    return {str(name): float(weight) for name, weight in cast("Mapping[str, Any]", weights).items()}


def _numbers(text: str) -> tuple[int, ...]:
    return meant(lambda: tuple(int(number) for number in json.loads(text)))
