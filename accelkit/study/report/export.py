"""The records of a study as a file for other tools: CSV, JSON lines or Parquet, a row a trial."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import islice
from typing import Any, Final, TextIO

from accelkit.errors import StudyError, nearest
from accelkit.study.columns import RECORD, TRIAL
from accelkit.study.model import Record

COLUMNS: Final = {
    "trial" if column.name == "id" else column.name: column.arrow for column in (*TRIAL, *RECORD)
}
"""Columns to their Arrow types. Seconds, KiB and ticks as in a Record; ``trial`` is its id."""

JSON: Final = tuple(name for name, arrow in COLUMNS.items() if arrow == "json")

FORMATS: Final = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}
"""Endings of file names to formats."""

BATCH: Final = 1000
"""Rows that are in memory at once."""

ExportRow = dict[str, Any]


def row(record: Record) -> ExportRow:
    """The record as a flat row: names, numbers and text; slices, phases and counters as they are.

    >>> from accelkit.study.model import Trial
    >>> list(row(Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.5)).items())[1:9:2]
    [('build', '7.2'), ('configuration', 'tcg'), ('position', 0), ('why', '')]
    """
    trial = record.trial
    which: ExportRow = {"trial": trial.id} | {
        column.name: getattr(trial, column.name) for column in TRIAL[1:]
    }
    values: ExportRow = {column.name: getattr(record, column.name) for column in RECORD}
    return which | values | {"slices": list(record.slices)} | {name: dict(values[name]) for name in JSON}


def export(records: Iterable[Record], path: str | os.PathLike[str], format: str | None = None) -> int:
    """Writes the records to a file at ``path``, and says how many there were.

    ``format`` is ``csv``, ``json`` (an object a line) or ``parquet``; if not given, the file's ending
    says it. Slices are a list in Parquet and JSON, phases and counters JSON text in CSV and Parquet.
    The file is there when it is complete, never in part. Raises StudyError for another ending, a
    file that cannot be written, or Parquet without pyarrow.

    >>> from tempfile import TemporaryDirectory
    >>> from accelkit.study.model import Trial
    >>> with TemporaryDirectory() as folder:
    ...     export([Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.5)], f"{folder}/tcg.csv")
    1
    """
    shown = os.fspath(path)
    write = WRITERS[_format(shown, format)]
    try:
        with _complete(shown) as partial:
            return write(records, partial)
    except OSError as error:
        raise StudyError(
            f"export to {shown!r}: {error.strerror or error}; give a place where you may write, with room"
        ) from error


def write_csv(records: Iterable[Record], file: TextIO) -> int:
    """Writes the records as CSV with a line of names, and says how many there were."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    written = 0
    for written, record in enumerate(records, 1):  # noqa: B007 - the last number is the count
        writer.writerow(_flat(row(record)) | {"slices": json.dumps(record.slices)})
    return written


def write_json(records: Iterable[Record], file: TextIO) -> int:
    """Writes the records as JSON, an object a line, and says how many there were."""
    written = 0
    for written, record in enumerate(records, 1):  # noqa: B007 - the last number is the count
        file.write(json.dumps(row(record)) + "\n")
    return written


def _to_csv(records: Iterable[Record], path: str) -> int:
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        return write_csv(records, file)


def _to_json(records: Iterable[Record], path: str) -> int:
    with open(path, "w", encoding="utf-8") as file:
        return write_json(records, file)


def _to_parquet(records: Iterable[Record], path: str) -> int:
    try:
        arrow: Any = import_module("pyarrow")  # it has no types, and is not installed with accelkit
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise StudyError(
            "format='parquet': needs pyarrow, which is not installed; pip install pyarrow, or give csv or json"
        ) from None
    types = {"list": arrow.list_(arrow.int64()), "json": arrow.string()} | {
        name: getattr(arrow, name)() for name in ("string", "int64", "float64")
    }
    schema = arrow.schema([(name, types[type]) for name, type in COLUMNS.items()])
    rows = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as file:
        for batch in _batches(records):
            file.write_table(arrow.Table.from_pylist(batch, schema=schema))
            rows += len(batch)
    return rows


WRITERS: Final[dict[str, Callable[[Iterable[Record], str], int]]] = {
    "csv": _to_csv,
    "json": _to_json,
    "parquet": _to_parquet,
}


def _batches(records: Iterable[Record]) -> Iterator[Sequence[ExportRow]]:
    rows = (_flat(row(record)) for record in records)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _flat(facts: ExportRow) -> ExportRow:
    return facts | {name: json.dumps(facts[name]) for name in JSON}


def _format(path: str, given: str | None) -> str:
    if given is not None:
        if given not in WRITERS:
            raise StudyError(f"format={given!r}: no such format; {nearest(given, WRITERS)}")
        return given
    ending = os.path.splitext(path)[1].lower()
    if ending not in FORMATS:
        raise StudyError(
            f"export to {path!r}: the ending {ending!r} does not say which format; give"
            f" {', '.join(FORMATS)}, or format= with one of {', '.join(WRITERS)}"
        )
    return FORMATS[ending]


@contextmanager
def _complete(path: str) -> Generator[str]:
    """Where to write what shall be at ``path`` once it is complete."""
    if os.path.exists(path) and not os.path.isfile(path):  # /dev/stdout, a pipe
        yield path
        return
    partial = f"{path}.{os.getpid()}.partial"
    try:
        yield partial
        os.replace(partial, path)
    finally:
        with suppress(OSError):
            os.unlink(partial)
