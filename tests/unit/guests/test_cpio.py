"""The cpio archive that Linux unpacks: its bytes by the format's description, and what it refuses."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.errors import GuestError
from accelkit.guests.cpio import DATA, FOLDER, PROGRAM, SYMLINK, Entry, archive, refuse_path

NAMES = st.lists(st.text("abc.é", min_size=1, max_size=3), min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(NAMES, st.binary(max_size=9).map(lambda content: Entry(DATA, content)), max_size=5)


def unpacked(data: bytes) -> dict[str, tuple[int, bytes]]:
    """Name to mode and content, read as the format says: 110 characters, the name, the content, both padded to 4."""
    entries: dict[str, tuple[int, bytes]] = {}
    place = 0
    while True:
        assert data[place : place + 6] == b"070701"
        numbers = [int(data[start : start + 8], 16) for start in range(place + 6, place + 110, 8)]
        mode, size, length = numbers[1], numbers[6], numbers[11]
        name = data[place + 110 : place + 110 + length]
        assert name.endswith(b"\0")
        begin = -(-(place + 110 + length) // 4) * 4
        if name == b"TRAILER!!!\0":
            assert not any(data[begin:])
            assert len(data) % 512 == 0
            return entries
        assert name[:-1].decode() not in entries
        entries[name[:-1].decode()] = (mode, data[begin : begin + size])
        place = -(-(begin + size) // 4) * 4


@given(files=FILES, seed=st.integers(0, 9))
def test_what_is_packed_is_unpacked_whatever_the_order(files: dict[str, Entry], seed: int) -> None:
    names = [name for name in files if not any(other.startswith(f"{name}/") for other in files)]
    usable = {name: files[name] for name in names if not {".", ".."} & set(name.split("/"))}
    packed = archive(usable)
    found = unpacked(packed)
    assert {name: Entry(*found[name]) for name in usable} == usable
    assert all(mode == FOLDER for name, (mode, _) in found.items() if name not in usable)
    shuffled = list(usable.items())
    random.Random(seed).shuffle(shuffled)
    assert archive(dict(shuffled)) == packed


def test_a_folder_comes_before_what_lies_in_it() -> None:
    names = list(unpacked(archive({"a/b/c": Entry(DATA), "a-b": Entry(DATA)})))
    assert names == ["a", "a-b", "a/b", "a/b/c"]


def test_the_bytes_of_a_small_archive() -> None:
    packed = archive({"bin": Entry(FOLDER), "init": Entry(PROGRAM, b"#!x"), "l": Entry(SYMLINK, b"bin")})
    assert packed.rstrip(b"\0") == (
        b"07070100000001000041ED000000000000000000000002000000000000000000000000000000000000000000000000000000"
        b"0400000000bin\0\0\0"
        b"07070100000002000081ED000000000000000000000001000000000000000300000000000000000000000000000000000000"
        b"0500000000init\0\0#!x\0"
        b"070701000000030000A1FF000000000000000000000001000000000000000300000000000000000000000000000000000000"
        b"0200000000l\0bin\0"
        b"07070100000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000"
        b"000B00000000TRAILER!!!"
    )


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "a\0b", "TRAILER!!!"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(GuestError, match="is not a name for a file in the guest; write a relative path"):
        refuse_path(name)
    with pytest.raises(GuestError):
        archive({name: Entry(DATA)})
