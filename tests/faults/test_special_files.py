"""A FIFO, a device, a folder or a socket in place of a file is refused at once, and never waited for or read on."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from support.cli import ask
from support.fake_study import PLAN, fake
from support.tools import out_of_reach

from accelkit import tcg
from accelkit.errors import GuestError, StudyError
from accelkit.guests import digest as digest_module
from accelkit.guests import guest
from accelkit.guests.custom import SerialGuest
from accelkit.guests.digest import digest
from accelkit.guests.makers import disk, linux
from accelkit.host.files import SpecialFileError, open_regular
from accelkit.measure.console import run_console
from accelkit.measure.plain_boot import boot
from accelkit.study import Result, study
from accelkit.study.store.repair import damage_of
from accelkit.study.store.writer import open_store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/zero and /proc are Linux'")

KINDS = {"fifo": "a FIFO", "zero": "a character device", "folder": "a folder", "socket": "a socket"}


@pytest.fixture(params=KINDS)
def special(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The path of a file that is no regular one, and what it is."""
    kind, path = str(request.param), tmp_path / "file"
    with ExitStack() as stack:
        match kind:
            case "fifo":
                os.mkfifo(path)
            case "zero":
                path.symlink_to("/dev/zero")
            case "folder":
                path.mkdir()
            case _:
                stack.enter_context(socket.socket(socket.AF_UNIX)).bind(os.path.relpath(path))
        yield str(path), KINDS[kind]


def put_in_place(make: Callable[[str], SerialGuest], path: str) -> SerialGuest:
    """A guest whose file was a regular one when it was made."""
    guest = make(__file__)
    return replace(guest, files=tuple(replace(file, path=path) for file in guest.files))


OPENERS: dict[str, Callable[[str], object]] = {
    "the digest": digest,
    "a kernel": linux,
    "an initrd": lambda path: linux(__file__, path),
    "a disk": disk,
    "the digest of a kernel": lambda path: put_in_place(linux, path).fingerprint,
    "the digest of a disk": lambda path: put_in_place(disk, path).fingerprint,
    "a kernel that is booted": lambda path: run_console(["true"], [], put_in_place(linux, path), timeout=60),
    "a disk that is booted": lambda path: run_console(["true"], [], put_in_place(disk, path), timeout=60),
    "the digest of an image": lambda path: replace(guest("cpu"), image=path).fingerprint,
    "an image that is booted": lambda path: boot(["true"], [], replace(guest("cpu"), image=path)),
}


@pytest.mark.parametrize("opener", OPENERS)
def test_a_guests_file_must_be_a_regular_one(opener: str, special: tuple[str, str]) -> None:
    path, kind = special
    with pytest.raises(GuestError, match=f"{path}.*: is {kind}, not a regular file; name a file"):
        OPENERS[opener](path)


@pytest.mark.parametrize("words", [("parse", "--libvirt"), ("diff", "7.2")])
def test_the_command_refuses_them_in_one_line(words: tuple[str, ...], special: tuple[str, str]) -> None:
    path, kind = special
    ran = ask(*words, path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"accelkit: {path}: is {kind}, not a regular file\n"


def test_what_is_put_in_its_place_after_the_look_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was opened decides, and not what was there before."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    regular = os.stat(__file__)
    monkeypatch.setattr(os, "stat", lambda _: regular)
    before = os.listdir("/dev/fd")
    with pytest.raises(SpecialFileError, match="is a FIFO"):
        open_regular(str(path))
    assert os.listdir("/dev/fd") == before


def test_a_pipe_that_the_shell_has_opened_is_read() -> None:
    """``accelkit parse --libvirt <(virsh dumpxml NAME)`` names one."""
    script = f"{sys.executable} -m accelkit parse --libvirt <(sleep 0.1; echo \"<domain type='kvm'/>\")"
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "kvm()\n")


def test_it_is_no_store(special: tuple[str, str]) -> None:
    path, kind = special
    for ask_for in (
        lambda: study(tcg(), store=path, blocks=1, watch=False),
        lambda: open_store(path, PLAN),
        lambda: Result.from_store(path),
        lambda: damage_of(path),
    ):
        with pytest.raises(StudyError, match=f"is {kind}; give the name of a file"):
            ask_for()


def test_a_fifo_in_the_place_of_a_stores_log_is_not_waited_for(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", PLAN) as store:
        store.append(fake(PLAN.block(0)[0]))
    os.mkfifo(tmp_path / "s-wal")
    with pytest.raises(StudyError, match="is a FIFO, not a regular file"):
        Result.from_store(str(tmp_path / "s"))


def test_a_file_of_proc_that_waits_is_not_waited_for() -> None:
    """It says that it is a regular one, of 0 bytes."""
    path = "/proc/kmsg"
    if not os.access(path, os.R_OK):
        out_of_reach("only root reads the kernel's messages")
    with pytest.raises(GuestError, match=path):
        [digest(path) for _ in range(100)]  # it waits once the messages are read


def test_a_file_with_more_than_its_size_says_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of /proc, whose size is 0, or one that grows while it is read."""
    assert os.stat("/proc/self/status").st_size == 0
    assert digest("/proc/self/status")
    monkeypatch.setattr(digest_module, "MAX_WHOLE", 10)
    digest_module._digest.cache_clear()
    with pytest.raises(GuestError, match="has more than the 0 bytes that its size says"):
        digest("/proc/self/status")


def test_a_block_device_is_known_by_its_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 3 MiB stands in for it: its size and its first and last MiB count, its middle and its times do not."""
    path = tmp_path / "device"
    path.write_bytes(bytes(3 << 20))
    monkeypatch.setattr(stat, "S_ISBLK", lambda _: True)

    def changes(offset: int, whence: int) -> bool:
        before = digest(str(path), devices=True)
        with path.open("r+b") as file:
            file.seek(offset, whence)
            file.write(b"x")
        return digest(str(path), devices=True) != before

    assert [changes(0, os.SEEK_SET), changes(-1, os.SEEK_END)] == [True, True]
    assert not changes((3 << 20) // 2, os.SEEK_SET)
    assert changes(0, os.SEEK_END)  # it has grown


def test_a_real_block_device_is_taken_as_a_disk_and_as_nothing_else() -> None:
    devices = [path for path in Path("/dev").glob("*") if path.is_block_device() and os.access(path, os.R_OK)]
    readable = next((str(path) for path in devices if _can_be_opened(path)), None)
    if readable is None:
        out_of_reach("no block device that this user may read")
    assert disk(readable).fingerprint == disk(readable).fingerprint
    with pytest.raises(GuestError, match="is a block device, not a regular file"):
        linux(readable)


def _can_be_opened(path: Path) -> bool:
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True
