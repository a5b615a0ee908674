"""What a child writes is kept up to a limit, through a pipe or a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from accelkit.measure.pipes import MemoryFile, Stream


@pytest.fixture
def ends() -> Iterator[tuple[ExitStack, ExitStack]]:
    with ExitStack() as parent_ends, ExitStack() as child_ends:
        yield parent_ends, child_ends


def test_a_stream_keeps_the_first_bytes_and_counts_the_rest(ends: tuple[ExitStack, ExitStack]) -> None:
    stream = Stream(4, *ends)
    assert stream.read()  # nothing yet, more may come
    os.write(stream.writer, b"abc")
    os.write(stream.writer, b"defg")
    assert stream.read()
    assert (stream.kept, stream.dropped) == (b"abcd", 3)
    assert stream.text() == "abcd\n… and 3 bytes more"


def test_a_stream_ends_when_its_writer_closes(ends: tuple[ExitStack, ExitStack]) -> None:
    stream = Stream(100, *ends)
    os.write(stream.writer, b"last \xff")
    ends[1].close()
    assert stream.read()
    assert not stream.read()
    assert stream.text() == "last \ufffd"


def test_both_ends_are_closed_by_their_stacks() -> None:
    before = os.listdir("/dev/fd")
    with ExitStack() as parent_ends, ExitStack() as child_ends:
        Stream(1, parent_ends, child_ends)
        MemoryFile(parent_ends)
    assert os.listdir("/dev/fd") == before


def test_a_file_is_read_as_it_grows_up_to_the_limit(ends: tuple[ExitStack, ExitStack]) -> None:
    file = MemoryFile(ends[0])
    assert not file.read(10)
    os.write(file.writer, b"abc")
    assert file.read(10)
    assert not file.read(10)
    os.write(file.writer, b"defghijklm")
    assert file.read(10)
    assert file.kept == b"abcdefghij"
    assert not file.read(10)
