"""The sources of a merged store, and what is damaged of them."""

from __future__ import annotations

from contextlib import closing

from support.stores import BARN, BEGUN, BOX

from accelkit.study.store.connection import connect
from accelkit.study.store.schema import migrate
from accelkit.study.store.sources import Source, SourceBlock, Sources, read_sources, write_sources

STUDIES = (
    Source("a.sqlite", BEGUN, 0, "f1", ("accelkit", "study"), "0.2.0", BOX),
    Source("b.sqlite", BEGUN + 1, 7, "f2", (), "0.3.0", BARN),
)
BLOCKS = (SourceBlock(0, 4), SourceBlock(1, 0))


def test_sources_come_back_as_they_were_written() -> None:
    with closing(connect("file::memory:")) as connection:
        migrate(connection)
        assert read_sources(connection) == Sources()
        write_sources(connection, STUDIES, BLOCKS)
        assert read_sources(connection) == Sources(STUDIES, dict(enumerate(BLOCKS)))


def test_a_damaged_source_takes_its_blocks_with_it() -> None:
    with closing(connect("file::memory:")) as connection:
        migrate(connection)
        write_sources(connection, STUDIES, BLOCKS)
        connection.execute("UPDATE source SET host = 'x' WHERE number = 1")
        found = read_sources(connection)
    assert found.studies == STUDIES[1:]
    assert found.blocks == {1: SourceBlock(0, 0)}
    assert [damage.where for damage in found.damage] == ["source 1"]


def test_a_study_is_known_by_its_begin_and_its_host() -> None:
    one, other = STUDIES
    assert one.key == Source("copy.sqlite", BEGUN, 0, "f1", (), "0.9", BOX).key != other.key
