"""The columns of a trial and its record, in one list: store, export and frames follow from it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Arrow = Literal["string", "int64", "float64", "list", "json"]
"""The type in an export: ``list`` is of int64, ``json`` is an object as JSON text in CSV and Parquet."""


class Column(NamedTuple):
    """A column: its name, its type in the store's table ``trial`` and in an export.

    ``framed`` says whether frames of trials have it as it is, and in this order.
    """

    name: str
    sql: Literal["TEXT", "INTEGER", "REAL"]
    arrow: Arrow
    framed: bool


TRIAL: Final = (
    Column("id", "TEXT", "string", framed=False),  # an export calls it "trial"
    Column("build", "INTEGER", "string", framed=True),  # the store has the number of the name
    Column("guest", "INTEGER", "string", framed=True),
    Column("configuration", "INTEGER", "string", framed=True),
    Column("block", "INTEGER", "int64", framed=True),
    Column("position", "INTEGER", "int64", framed=False),  # frames have "order", in which it was measured
)
"""What says which trial it was: properties of :class:`accelkit.study.model.Trial`."""

RECORD: Final = (
    Column("cause", "TEXT", "string", framed=True),
    Column("why", "TEXT", "string", framed=False),  # frames have it as the last of these
    Column("value", "REAL", "float64", framed=False),  # frames have it of successful trials
    Column("unit", "TEXT", "string", framed=True),
    Column("slices", "TEXT", "list", framed=False),
    Column("phases", "TEXT", "json", framed=False),  # frames have a column for each of them
    Column("wall", "REAL", "float64", framed=True),
    Column("user", "REAL", "float64", framed=True),
    Column("system", "REAL", "float64", framed=True),
    Column("max_rss", "INTEGER", "int64", framed=True),
    Column("voluntary_switches", "INTEGER", "int64", framed=True),
    Column("involuntary_switches", "INTEGER", "int64", framed=True),
    Column("status", "INTEGER", "int64", framed=True),
    Column("accelerator", "TEXT", "string", framed=True),
    Column("counters", "TEXT", "json", framed=False),  # frames have a column for each of them
    Column("started", "REAL", "float64", framed=True),
    Column("load", "REAL", "float64", framed=True),
    Column("steal", "REAL", "float64", framed=True),
    Column("stderr", "TEXT", "string", framed=False),
    Column("host", "TEXT", "string", framed=True),
)
"""What came of it: the fields of :class:`accelkit.study.model.Record` but ``trial``, in their order."""
