"""What linux_guest() makes of a script, and what it refuses; tests/qemu boots it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.elf import AARCH64, elf

from accelkit.errors import GuestError
from accelkit.guests import installed
from accelkit.guests.custom import SerialGuest
from accelkit.guests.notation import guest_from
from accelkit.guests.small_linux import linux_guest

Make = Callable[..., SerialGuest]


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host with a kernel, a static busybox and an empty cache."""
    (tmp_path / "vmlinuz-6.1").write_bytes(bytes(0x202) + b"HdrS")
    (tmp_path / "busybox").write_bytes(elf())
    monkeypatch.setattr(installed, "KERNELS", (f"{tmp_path}/vmlinuz-*",))
    monkeypatch.setattr(installed, "BUSYBOXES", (f"{tmp_path}/busybox",))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def initrd(guest: SerialGuest) -> bytes:
    return Path(guest.files[1].path).read_bytes()


def test_a_script_becomes_a_guest_with_three_phases(host: Path) -> None:
    guest = linux_guest("true", cpus=2, memory=256, name="mine")
    words = guest.argv()
    assert (guest.name, guest.until, guest.passing) == ("mine", None, (0,))
    assert [name for name, _ in guest.phases] == ["boot", "workload", "shutdown"]
    assert words[words.index("-smp") + 1] == "2"
    assert words[words.index("-m") + 1] == "256M"
    assert words[words.index("-kernel") + 1] == str(host / "vmlinuz-6.1")
    assert b"true\n" in initrd(guest)
    assert elf() in initrd(guest)


@pytest.mark.usefixtures("host")
def test_the_script_may_divide_its_work_into_phases_of_its_own() -> None:
    guest = linux_guest("echo a; echo b", phases={"one": "^a", "two": "^b"})
    assert [name for name, _ in guest.phases] == ["boot", "workload", "one", "two", "shutdown"]
    with pytest.raises(GuestError, match="two phases are named 'boot'"):
        linux_guest("true", phases={"boot": "x"})


def test_the_same_call_makes_the_same_guest_and_another_script_another(host: Path) -> None:
    guest = linux_guest("true")
    first = os.stat(guest.files[1].path)
    again = linux_guest("true")
    assert (again, again.fingerprint) == (guest, guest.fingerprint)
    assert os.stat(again.files[1].path).st_mtime_ns == first.st_mtime_ns
    other = linux_guest("false")
    assert other.fingerprint != guest.fingerprint
    assert len(list((host / "cache/accelkit").iterdir())) == 2


@pytest.mark.usefixtures("host")
def test_a_damaged_initrd_in_the_cache_is_written_again() -> None:
    guest = linux_guest("true")
    right = initrd(guest)
    Path(guest.files[1].path).write_bytes(b"half")
    assert initrd(linux_guest("true")) == right


def test_its_code_makes_it_again(host: Path) -> None:
    (host / "prog").write_bytes(elf())
    guest = linux_guest('./prog "$x"', files=[host / "prog"], memory=300)  # type: ignore[list-item]
    assert guest.code == f"""linux_guest('./prog "$x"', files=[{str(host / "prog")!r}], memory=300)"""
    assert guest_from(guest.code) == guest
    mapped = linux_guest("./a/b", files={"a/b": str(host / "prog")})
    assert guest_from(mapped.code).fingerprint == mapped.fingerprint


def test_files_keep_their_right_to_be_run_and_programs_bring_their_libraries(host: Path) -> None:
    linker = host / "ld-mine.so"
    linker.write_bytes(elf())
    program = host / "prog"
    program.write_bytes(elf(interpreter=str(linker)))
    program.chmod(0o700)
    data = host / "data.txt"
    data.write_text("input")
    packed = initrd(linux_guest("prog data.txt", files=[str(program), str(data)]))
    assert b"root/prog\0" in packed
    assert f"{str(linker)[1:]}\0".encode() in packed
    modes = {
        name: packed[packed.index(name) - 96 : packed.index(name) - 88]
        for name in (b"root/prog", b"root/data.txt")
    }
    assert modes == {b"root/prog": b"000081ED", b"root/data.txt": b"000081A4"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"script": " \n"}, r"guest 'linux': script=.* has no command; give what the guest is to run"),
        ({"script": 5}, "guest 'linux': script=5 is not text; give text"),
        ({"script": "a\0b"}, "has a NUL"),
        ({"target": "riscv64"}, "target='riscv64': give x86_64 or aarch64"),
        ({"files": "./prog"}, "files='./prog' is neither a list of paths nor a mapping"),
        ({"files": ["/nonexistent"]}, "guest 'linux': '/nonexistent': No such file or directory; name a file that can"),
        ({"files": ["/etc"]}, "name files, not folders"),
        ({"files": ["/dev/null"]}, "character device"),
        ({"files": ["a/x", "b/x"]}, "files: two are named 'x'; give a mapping"),
        ({"files": {"../x": "/etc/passwd"}}, "guest 'linux': files: '../x': is not a name for a file in the guest"),
        ({"files": {"x": 5}}, "files=5 is not text"),
        ({"memory": 64}, r"memory=64 is too little for its files; give \d+ or more \(MiB\)"),
        ({"memory": True}, "memory=True is not a whole number"),
        ({"kernel": "/nonexistent"}, "'/nonexistent': No such file or directory"),
        ({"busybox": "/nonexistent"}, "'/nonexistent': No such file or directory"),
        ({"name": ""}, "linux_guest: name='' is not a name"),
        ({"append": 5}, "append=5 is not text"),
        ({"phases": 5}, "phases=5 is no mapping"),
        ({"extra": ["-daemonize"]}, "-daemonize"),
    ],
)  # fmt: skip
def test_arguments_that_make_no_guest_are_refused_with_the_reason(
    host: Path, arguments: dict[str, object], message: str
) -> None:
    make: Make = linux_guest
    big = host / "big"
    big.write_bytes(bytes(9 << 20))
    if arguments.get("memory") == 64:
        arguments = {**arguments, "files": [str(big)]}
    with pytest.raises(Exception, match=message) as refused:
        make(**{"script": "true", **arguments})
    assert isinstance(refused.value, ValueError | RuntimeError)


def test_a_program_for_another_cpu_is_refused(host: Path) -> None:
    (host / "prog").write_bytes(elf(AARCH64))
    with pytest.raises(
        GuestError, match=r"^guest 'linux': '.*/prog': is made for aarch64, and the guest is x86_64"
    ):
        linux_guest("prog", files=[str(host / "prog")])


def test_a_cache_that_cannot_be_written_is_told_with_what_to_do(
    host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (host / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(host / "file"))
    with pytest.raises(
        GuestError, match=r"Not a directory.*set XDG_CACHE_HOME to a folder that can be written"
    ):
        linux_guest("true")
