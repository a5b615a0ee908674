"""The tables of a merged store can be asked with any client: a view lists the studies with their blocks."""

from __future__ import annotations

from contextlib import closing

from support.stores import BARN, BEGUN

from accelkit.study.store.connection import connect
from accelkit.study.store.merged_tables import MERGED
from accelkit.study.store.schema import STEPS, migrate
from accelkit.study.store.sources import Source, SourceBlock, write_sources


def test_the_view_counts_the_blocks_of_each_study() -> None:
    assert STEPS[7][: len(MERGED)] == MERGED
    with closing(connect("file::memory:")) as connection:
        migrate(connection)
        source = Source("a.sqlite", BEGUN, 0, "f", (), "0.2.0", BARN)
        write_sources(connection, [source], [SourceBlock(0, 0), SourceBlock(0, 1)])
        rows = connection.execute("SELECT number, store, host, blocks FROM sources").fetchall()
    assert rows == [(1, "a.sqlite", "barn", 2)]
