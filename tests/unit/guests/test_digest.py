"""The content digest of a file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from accelkit.errors import GuestError
from accelkit.guests.digest import MAX_WHOLE, digest


def test_a_digest_is_that_of_the_content(tmp_path: Path) -> None:
    for name, content in (("a", b""), ("b", b"kernel"), ("c", b"kernel")):
        (tmp_path / name).write_bytes(content)
        assert digest(str(tmp_path / name)) == hashlib.blake2b(content, digest_size=16).hexdigest()


def test_a_file_is_read_again_once_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "kernel"
    path.write_bytes(b"one")
    os.utime(path, ns=(1, 1))
    before = digest(str(path))
    path.write_bytes(b"two")
    os.utime(path, ns=(2, 2))
    assert digest(str(path)) != before


def test_a_change_at_the_start_of_a_large_file_changes_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "disk"
    with path.open("wb") as file:
        file.truncate(MAX_WHOLE + 1)
    before = digest(str(path))
    with path.open("r+b") as file:
        file.write(b"x")
    assert digest(str(path)) != before


def test_the_middle_of_a_large_file_counts_by_its_modification_time(tmp_path: Path) -> None:
    path = tmp_path / "disk"
    with path.open("wb") as file:
        file.truncate(MAX_WHOLE + 1)
    os.utime(path, ns=(1, 1))
    before = digest(str(path))
    with path.open("r+b") as file:
        file.seek(MAX_WHOLE // 2)
        file.write(b"x")
    os.utime(path, ns=(1, 1))
    assert digest(str(path)) == before
    os.utime(path, ns=(2, 2))
    assert digest(str(path)) != before


def test_a_file_that_cannot_be_read_is_an_error_of_the_guest(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(GuestError, match="name a file that can be read"):
            digest(str(path))
