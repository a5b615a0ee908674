"""A disk boots on a real QEMU: its first sector is machine code that writes to COM1 and to the disk."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from support.processes import long_enough, qemu
from support.tools import tool

from accelkit import each, multi, single, tcg, thread
from accelkit.guests.custom import SerialGuest
from accelkit.guests.makers import disk
from accelkit.study import study
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

pytestmark = pytest.mark.qemu

ORIGIN = 0x7C00  # where the BIOS puts the first sector of a disk that ends with 55 aa
COPY = 0x8000

HANG = b"\xfa\xf4\xeb\xfd"  # cli; hlt; jmp back to hlt
PANIC = b"\xba\x05\x05\xb0\x01\xee" + HANG  # mov dx, 0x505; mov al, 1; out dx, al: tells pvpanic of a panic
RESET = b"\xb0\xfe\xe6\x64" + HANG  # mov al, 0xfe; out 0x64, al: the keyboard controller's reset line
PHASES = {"loaded": "^AK loaded", "written": "^AK written"}


def word(number: int) -> bytes:
    return number.to_bytes(2, "little")


def boot_sector(ending: bytes) -> bytes:
    """512 bytes: prints "AK loaded", writes itself to the second sector, reads that back and prints its text.

    So "AK written" is on the console only if the disk took the sector and gave it back.
    """
    texts = (b"AK loaded\r\n\0", b"AK written\r\n\0", b"AK failed\r\n\0")
    places = [ORIGIN + 0x100 + sum(map(len, texts[:number])) for number in range(3)]
    show = 0x80  # the function that prints what SI points to
    code = bytearray()

    def call(target: int) -> bytes:
        return b"\xe8" + word((target - (len(code) + 3)) & 0xFFFF)

    def int13(function: int, buffer: int) -> bytes:
        """INT 13h on sector 2 of head 0, track 0 of the drive in DL; jumps to the end of the program's part."""
        return b"\xb8" + word(function << 8 | 1) + b"\xb9\x02\x00\xb6\x00\xbb" + word(buffer) + b"\xcd\x13"

    code += b"\x31\xc0\x8e\xd8\x8e\xc0\x8e\xd0\xbc" + word(ORIGIN)  # ds = es = ss = 0, sp below us
    code += b"\x52\xbe" + word(places[0])  # push dx; mov si, loaded
    code += call(show) + b"\x5a"  # pop dx
    code += int13(3, ORIGIN)  # write
    code += b"\x72" + bytes([len(int13(2, COPY)) + 5])  # jc to the failure
    code += int13(2, COPY)  # read back
    code += b"\xbe" + word(places[1] - ORIGIN + COPY) + b"\x73\x03"  # mov si, written; jnc over the next
    code += b"\xbe" + word(places[2])  # the failure: mov si, failed
    code += call(show) + ending
    assert len(code) <= show
    code += bytes(show - len(code))
    code += b"\xac\x84\xc0\x74\x06\xba\xf8\x03\xee\xeb\xf5\xc3"  # lodsb; until 0: out 0x3f8, al
    code += bytes(0x100 - len(code))
    return bytes(code + b"".join(texts)).ljust(510, b"\0") + b"\x55\xaa"


def raw(folder: Path, ending: bytes) -> Path:
    path = folder / "a,disk.img"
    path.write_bytes(boot_sector(ending) + bytes((1 << 20) - 512))
    return path


def qcow2(folder: Path, ending: bytes) -> Path:
    path = folder / "disk.qcow2"
    line = [tool("qemu-img"), "convert", "-f", "raw", "-O", "qcow2", str(raw(folder, ending)), str(path)]
    subprocess.run(line, check=True, timeout=60)
    return path


def record_of(guest: SerialGuest, timeout: float = 600) -> Record:
    trial = Trial("here", guest.name, "tcg", 0, 0)
    build, point = Build("here", qemu(), ""), stored_configuration("tcg", ("-accel", "tcg"))
    return measure(trial, build, point, guest, timeout=timeout)


@pytest.mark.parametrize("interface", ["virtio", "ide"])
@pytest.mark.parametrize("make", [raw, qcow2])
def test_a_disk_boots_and_is_not_changed(tmp_path: Path, make, interface: str) -> None:
    image = make(tmp_path, HANG)
    before = hashlib.sha256(image.read_bytes()).digest()
    guest = disk(
        str(image), format=make.__name__, interface=interface, until="^AK written", phases=PHASES,
        fails="AK failed", memory=64,
    )  # fmt: skip
    record = record_of(guest)
    assert (record.cause, record.why) == ("ok", "")
    assert list(record.phases) == ["loaded", "written"]
    assert 0 <= sum(record.phases.values()) < (record.value or 0) < record.wall
    assert (record.accelerator, record.unit) == ("tcg", "s")
    assert record.counters["tbs"] > 100
    assert hashlib.sha256(image.read_bytes()).digest() == before


def test_a_disk_whose_machine_exits_needs_no_pattern(tmp_path: Path) -> None:
    record = record_of(disk(str(raw(tmp_path, RESET)), phases=PHASES, memory=64))
    assert (record.cause, record.why, record.status) == ("ok", "", 0)
    assert list(record.phases) == ["loaded", "written"]
    assert 0 < (record.value or 0) < record.wall
    assert record.counters["tbs"] > 100


def test_a_machine_that_stops_in_a_panic_has_ended_and_is_asked(tmp_path: Path) -> None:
    record = record_of(
        disk(str(raw(tmp_path, PANIC)), phases=PHASES, memory=64, extra=["-device", "pvpanic"])
    )
    assert (record.cause, record.why, record.status) == ("ok", "", 0)
    assert 0 < (record.value or 0) < record.wall
    assert record.counters["tbs"] > 100


def test_a_disk_that_hangs_is_a_timeout_with_the_last_line_of_its_console(tmp_path: Path) -> None:
    hanging = disk(str(raw(tmp_path, HANG)), until="login:", memory=64)
    record = long_enough(
        lambda seconds: record_of(hanging, seconds), lambda record: "AK written" in record.why
    )
    assert (record.cause, record.value) == ("timeout", None)
    assert record.why == "not ended in time; 'login:' was not seen; last on the console: 'AK written'"


def test_a_failure_on_the_console_ends_the_run(tmp_path: Path) -> None:
    record = record_of(disk(str(raw(tmp_path, HANG)), until="never", fails="AK wr[a-z]+", memory=64))
    assert (record.cause, record.why, record.value) == (
        "exception", "AK written; before it: 'AK loaded'", None,
    )  # fmt: skip


def test_a_study_compares_settings_with_a_users_own_disk(tmp_path: Path) -> None:
    image = raw(tmp_path, HANG)
    own = disk(str(image), until="^AK written", phases=PHASES, memory=64)
    space = tcg() | thread(each(single, multi))
    result = study(
        space,
        [own],
        qemu="qemu-system-x86_64",
        store=str(tmp_path / "s.sqlite"),
        blocks=2,
        anyway=True,
        watch=False,
    )
    assert [record.why for record in result.records] == [""] * 4
    assert all(record.ok for record in result.records)
    assert {"loaded", "written"} <= set(result.records[0].phases)
    assert own.code in result.markdown()
