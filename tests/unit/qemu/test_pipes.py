"""What a child writes is kept up to a limit, through a pipe or a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from accelkit.qemu import pipes
from accelkit.qemu.pipes import SPARE, MemoryFile, Stream


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
        MemoryFile(10, parent_ends)
    assert os.listdir("/dev/fd") == before


@pytest.mark.parametrize("platform", ["linux", "darwin"] if sys.platform == "linux" else [sys.platform])
def test_a_file_is_read_as_it_grows_up_to_the_limit(
    platform: str, ends: tuple[ExitStack, ExitStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipes, "sys", SimpleNamespace(platform=platform))
    file = MemoryFile(10, ends[0])
    assert not file.read()
    os.write(file.writer, b"abc")
    assert file.read()
    assert not file.read()
    os.write(file.writer, b"defghij")
    assert file.read()
    assert (file.kept, file.floods) == (b"abcdefghij", False)
    os.write(file.writer, b"klm")
    assert file.read()
    assert (file.kept, file.floods) == (b"abcdefghijk", True)
    assert not file.read()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is a pipe")
@pytest.mark.parametrize("size", [1, 7, 4096, 65536])
def test_a_report_never_grows_beyond_its_file(size: int, ends: tuple[ExitStack, ExitStack]) -> None:
    """Whatever the size of the writes, a flood gets beyond the limit and then no further."""
    limit = 100_000
    file = MemoryFile(limit, ends[0])
    os.lseek(file.writer, max(0, limit + SPARE - 30 * size) | 1, os.SEEK_SET)
    refused = 0
    for _ in range(32):
        try:
            os.write(file.writer, b"x" * size)
        except PermissionError:
            refused += 1
    assert refused
    assert os.fstat(file.writer).st_size == limit + SPARE
    file.read()
    assert file.floods
    assert len(file.kept) == limit + 1
