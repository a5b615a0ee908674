"""Files of guests: used where their content is the same, else sent in pieces and checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accelkit.errors import StudyError
from accelkit.guests import digest as digests
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import linux
from accelkit.study.hosts import guest_files
from accelkit.study.hosts.guest_files import cache, files_of, keep_chunk, place_of, placed, send


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(guest_files, "CHUNK", 4)
    path = tmp_path / "vmlinuz"
    path.write_bytes(b"0123456789")
    return path


def here(function: Callable[..., object], *words: Any) -> object:
    return function(*words)


def test_a_file_with_the_same_content_is_used_where_it_lies(kernel: Path) -> None:
    (file,) = files_of({"mine": linux(str(kernel))})
    assert place_of(file) == str(kernel)


@pytest.mark.parametrize("content", [b"0123456789", b"", b"0123"])
def test_a_file_that_is_missing_is_sent_and_found_by_its_content(kernel: Path, content: bytes) -> None:
    kernel.write_bytes(content)
    (file,) = files_of({"mine": linux(str(kernel))})
    path = send(file, here)
    assert Path(path).read_bytes() == content
    kernel.write_bytes(b"another")
    assert place_of(file) == path == str(cache() / file.digest)


def test_a_large_file_keeps_the_time_that_is_part_of_its_digest(
    kernel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MAX_WHOLE", 5)
    (file,) = files_of({"mine": linux(str(kernel))})
    path = send(file, here)
    kernel.unlink()
    assert os.stat(path).st_mtime_ns == file.modified
    assert place_of(file) == path


def test_a_file_that_changes_while_it_is_sent_is_refused(kernel: Path) -> None:
    (file,) = files_of({"mine": linux(str(kernel))})
    kernel.write_bytes(b"9876543210")
    with pytest.raises(StudyError, match="it changed while it was sent"):
        send(file, here)
    assert place_of(file) == ""
    assert list(cache().iterdir()) == []


def test_a_cached_file_that_was_changed_is_not_used(kernel: Path) -> None:
    (file,) = files_of({"mine": linux(str(kernel))})
    path = send(file, here)
    kernel.unlink()
    Path(path).write_bytes(b"0123456780")
    assert place_of(file) == ""


def test_a_piece_is_written_at_its_place(kernel: Path) -> None:
    (file,) = files_of({"mine": linux(str(kernel))})
    keep_chunk(file, 0, b"0123")
    keep_chunk(file, 4, b"45")
    keep_chunk(file, 0, b"ab")  # begun anew
    assert (cache() / f"{file.digest}.part").read_bytes() == b"ab"


def test_guests_get_the_paths_of_the_host(kernel: Path) -> None:
    guests = {"cpu": guest("cpu"), "mine": linux(str(kernel), name="mine")}
    moved = placed(guests, {str(kernel): "/there"})
    assert moved["cpu"] is guests["cpu"]
    assert [file.path for file in moved["mine"].files] == ["/there"]  # type: ignore[union-attr]
    assert placed(guests, {}) == guests
