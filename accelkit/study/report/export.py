"""The records of a study as a file for other tools: CSV, JSON lines or Parquet, a row for each trial.

JSON and Parquet have the texts as they are. CSV is read by people and spreadsheets, too: its texts are as
:func:`accelkit.errors.visible` shows them, and one that a spreadsheet would take for a formula begins with ``'``.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import islice
from typing import Any, Final, TextIO

from accelkit.errors import StudyError, encodable, nearest, visible
from accelkit.study.columns import RECORD, TRIAL
from accelkit.study.model import Record

COLUMNS: Final = {
    "trial" if column.name == "id" else column.name: column.arrow for column in (*TRIAL, *RECORD)
}
"""Columns to their Arrow types. Seconds, KiB and ticks as in a Record; ``trial`` is the trial's id."""

JSON: Final = tuple(name for name, arrow in COLUMNS.items() if arrow == "json")

FORMATS: Final = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}
"""Endings of file names to formats."""

BATCH: Final = 1000
"""Rows in memory at the same time."""

FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "'")
"""What a text begins with that gets a ``'`` in CSV: a reader takes off the one that is before any of these.

All but the last begin a formula, after trimming of tabs, in Excel, LibreOffice or Google Sheets (OWASP, CSV Injection).
"""

ExportRow = dict[str, Any]


def row(record: Record) -> ExportRow:
    """The record as a row: names, numbers and text; slices as a list, phases and counters as dicts.

    >>> from accelkit.study.model import Trial
    >>> list(row(Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.5)).items())[1:9:2]
    [('build', '7.2'), ('configuration', 'tcg'), ('position', 0), ('why', '')]
    """
    trial = record.trial
    which: ExportRow = {"trial": trial.id} | {
        column.name: getattr(trial, column.name) for column in TRIAL[1:]
    }
    values: ExportRow = {column.name: getattr(record, column.name) for column in RECORD}
    texts = {name: encodable(value) for name, value in (which | values).items() if isinstance(value, str)}
    named = {name: {encodable(key): value for key, value in values[name].items()} for name in JSON}
    return which | values | texts | {"slices": list(record.slices)} | named


def export(records: Iterable[Record], path: str | os.PathLike[str], format: str | None = None) -> int:
    """Writes the records to a file at ``path``; returns how many.

    ``format`` is ``csv``, ``json`` (one object a line) or ``parquet``; by default the file's ending decides.
    Slices are a list in Parquet and JSON; phases and counters are JSON text in CSV and Parquet. The file
    appears when it is complete. Raises StudyError for another ending or format, for a file that cannot be
    written, and for Parquet if pyarrow is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> from accelkit.study.model import Trial
    >>> with TemporaryDirectory() as folder:
    ...     export([Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=1.5)], f"{folder}/tcg.csv")
    1
    """
    shown = os.fspath(path)
    write = WRITERS[_format(shown, format)]
    try:
        with complete(shown) as partial:
            return write(records, partial)
    except OSError as error:
        raise StudyError(
            f"export to {shown!r}: {error.strerror or error}; give a place where you may write, with room"
        ) from error


def write_csv(records: Iterable[Record], file: TextIO) -> int:
    """Writes the records as CSV with a line of names; returns how many."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    rows = 0
    for rows, record in enumerate(records, 1):  # noqa: B007 - the last number is the count
        cells = _flat(row(record)) | {"slices": json.dumps(record.slices)}
        writer.writerow(
            {name: _csv_text(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
        )
    return rows


def _csv_text(text: str) -> str:
    """``text`` as a cell that no spreadsheet computes, without line ends that some readers take for the row's."""
    return "'" * text.startswith(FORMULA) + visible(text)


def write_json(records: Iterable[Record], file: TextIO) -> int:
    """Writes the records as JSON, one object a line; returns how many."""
    rows = 0
    for rows, record in enumerate(records, 1):  # noqa: B007 - the last number is the count
        file.write(json.dumps(row(record)) + "\n")
    return rows


def _to_csv(records: Iterable[Record], path: str) -> int:
    with open(path, "w", encoding="utf-8", newline="") as file:
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
    types = {"list": arrow.list_(arrow.uint64()), "json": arrow.string()} | {
        name: getattr(arrow, name)() for name in ("string", "int64", "float64")
    }
    schema = arrow.schema([(name, types[type]) for name, type in COLUMNS.items()])
    rows = 0
    # pyarrow takes no path that is not UTF-8, so it gets the open file.
    with open(path, "wb") as sink, parquet.ParquetWriter(sink, schema, compression="zstd") as file:
        for batch in _batches(records):
            try:
                table = arrow.Table.from_pylist(batch, schema=schema)
            except (OverflowError, ValueError, TypeError) as error:  # ticks that no counter of 64 bits has
                raise StudyError(
                    f"export to {path!r}: a number has no place in its column ({error}); give csv or json"
                ) from None
            file.write_table(table)
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


def _flat(row: ExportRow) -> ExportRow:
    return row | {name: json.dumps(row[name]) for name in JSON}


def _format(path: str, format: str | None) -> str:
    if format is not None:
        if format not in WRITERS:
            raise StudyError(f"format={format!r}: no such format; {nearest(format, WRITERS)}")
        return format
    ending = os.path.splitext(path)[1].lower()
    if ending not in FORMATS:
        raise StudyError(
            f"export to {path!r}: the ending {ending!r} does not say which format; give"
            f" {', '.join(FORMATS)}, or format= with one of {', '.join(WRITERS)}"
        )
    return FORMATS[ending]


@contextmanager
def complete(path: str) -> Generator[str]:
    """The file to write to; it replaces the one at ``path`` when the block ends without an exception."""
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
