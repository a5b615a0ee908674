"""Guests of the user's own as values: command lines, fingerprints, pickling."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from accelkit.errors import GuestError
from accelkit.guests.custom import File
from accelkit.guests.makers import command, linux


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name in ("vmlinuz", "initrd"):
        (tmp_path / name).write_text(name)
    return str(tmp_path / "vmlinuz"), str(tmp_path / "initrd")


def test_a_path_in_a_suboption_has_its_commas_doubled() -> None:
    assert File("-kernel", "a").words("x,y") == ("-kernel", "x,y")
    assert File("-drive", "a", "format=raw,file=").words("x,y") == ("-drive", "format=raw,file=x,,y")


def test_a_command_gets_qemu_and_accelerator_in_place_of_the_placeholders() -> None:
    qemu, accel = ("chroot", "/my root", "qemu"), ("-accel", "tcg,tb-size=1")
    assert command(["-M", "none"]).line(qemu, accel) == (*qemu, *accel, "-M", "none")
    assert command(["time", "{qemu}", "{accel}", "-S"]).line(qemu, accel) == ("time", *qemu, *accel, "-S")
    assert command(["sh", "-c", "{qemu} {accel}; true"]).line(qemu, accel) == (
        "sh", "-c", "chroot '/my root' qemu -accel tcg,tb-size=1; true",
    )  # fmt: skip


def test_a_fingerprint_of_a_command_changes_with_its_words_and_statuses() -> None:
    fingerprints = {
        command(["-S"]).fingerprint,
        command(["-S", "-S"]).fingerprint,
        command(["-S"], passing=(3,)).fingerprint,
        command(["-S"], name="other").fingerprint,
    }
    assert len(fingerprints) == 4


def test_a_fingerprint_covers_the_content_of_the_files_not_their_paths(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("kernel")
    other.write_text("kernel")
    boot = linux(str(one), until="x")
    assert boot.fingerprint == linux(str(other), until="x").fingerprint
    assert boot.fingerprint != linux(str(one), until="y").fingerprint
    before = boot.fingerprint
    one.write_text("another kernel")
    assert boot.fingerprint != before
    one.unlink()
    with pytest.raises(GuestError, match="one': No such file"):
        boot.fingerprint


def test_guests_survive_pickling(files: tuple[str, str]) -> None:
    for guest in (linux(*files, phases={"a": "b"}), command(["-S"])):
        assert pickle.loads(pickle.dumps(guest)) == guest
