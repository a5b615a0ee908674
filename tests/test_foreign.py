"""Guests of the user's own: what they are told, what they refuse, and a real Linux, measured phase by phase."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from processes import qemu
from support.tools import unavailable

from accelkit.errors import GuestError
from accelkit.guests import Guest, guest
from accelkit.guests.digest import digest
from accelkit.guests.foreign import PANIC, command, disk, linux
from accelkit.guests.serial_guest import SerialGuest
from accelkit.guests.written import written
from accelkit.qemu.measure import measure
from accelkit.qemu.outcome import Ending
from accelkit.qemu.serial import LONGEST_LINE, MOST_SERIAL, Heard, Listening, judge_serial
from accelkit.qemu.supervise import Run
from accelkit.qemu.whole import judge_whole
from accelkit.study.trial import Build, Configuration, Record, Trial

KERNEL = "linux-image-cloud-amd64"
TCG = ("-accel", "tcg")

INIT = b"""#!/bin/busybox sh
echo AK init
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox mount -t proc none /proc
case "$(/bin/busybox cat /proc/cmdline)" in
*ak-poweroff*) /bin/busybox poweroff -f ;;
*ak-panic*) exit 1 ;;
esac
echo AK ready
exec /bin/busybox sleep 1000
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name in ("vmlinuz", "initrd"):
        (tmp_path / name).write_text(name)
    return str(tmp_path / "vmlinuz"), str(tmp_path / "initrd")


def run(ending: Ending = "itself", status: int = 0, stderr: str = "") -> Run:
    return Run(ending, status, 1.0, 0.5, 0.1, None, 0, 0, stderr)


# ---- what QEMU is told ----


def test_linux_is_told_what_it_needs_and_nothing_else(files: tuple[str, str]) -> None:
    kernel, initrd = files
    assert linux(kernel, initrd, "quiet", cpus=2).argv() == (
        "-M", "q35", "-m", "512M", "-smp", "2", "-append", "quiet console=ttyS0 panic=-1",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", kernel, "-initrd", initrd, "-chardev", "stdio,id=ak,signal=off", "-serial", "chardev:ak",
    )  # fmt: skip
    own = linux(kernel, append="console=hvc0 panic=5", target="aarch64", extra=("-device", "virtio-serial"))
    assert own.argv()[:10] == (
        "-M", "virt", "-m", "512M", "-smp", "1", "-cpu", "max", "-append", "console=hvc0 panic=5",
    )  # fmt: skip
    assert own.argv()[10:12] == ("-device", "virtio-serial")


def test_a_disk_is_never_written_to_and_its_name_may_have_commas(tmp_path: Path) -> None:
    image = tmp_path / "a,b.img"
    image.write_bytes(b"")
    words = disk(str(image), format="qcow2").argv()
    assert f"if=virtio,format=qcow2,snapshot=on,file={tmp_path}/a,,b.img" in words
    assert "if=virtio,format=qcow2,snapshot=on,file=/proc/self/fd/5" in disk(str(image), format="qcow2").argv(
        lambda _: "/proc/self/fd/5"
    )


def test_a_command_takes_qemu_and_accelerator_where_they_are_marked() -> None:
    qemu, accel = ("chroot", "/my root", "qemu"), ("-accel", "tcg,tb-size=1")
    assert command(["-M", "none"]).line(qemu, accel) == (*qemu, *accel, "-M", "none")
    assert command(["time", "{qemu}", "{accel}", "-S"]).line(qemu, accel) == ("time", *qemu, *accel, "-S")
    assert command(["sh", "-c", "{qemu} {accel}; true"]).line(qemu, accel) == (
        "sh", "-c", "chroot '/my root' qemu -accel tcg,tb-size=1; true",
    )  # fmt: skip


def test_a_relative_file_is_found_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vmlinuz").write_text("")
    monkeypatch.chdir(tmp_path)
    assert linux("vmlinuz").files[0].path == str(tmp_path / "vmlinuz")


# ---- the same guest, known again ----


def test_a_fingerprint_is_of_what_the_files_hold(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("kernel")
    other.write_text("kernel")
    asked = linux(str(one), until="x")
    assert asked.fingerprint == linux(str(other), until="x").fingerprint
    assert asked.fingerprint != linux(str(one), until="y").fingerprint
    before = asked.fingerprint
    one.write_text("another kernel")
    assert asked.fingerprint != before
    one.unlink()
    with pytest.raises(GuestError, match="one': No such file"):
        asked.fingerprint


def test_a_large_file_is_known_by_its_ends_and_its_time(tmp_path: Path) -> None:
    path = tmp_path / "disk"
    with path.open("wb") as file:
        file.truncate(300 << 20)
    found = digest(str(path))
    with path.open("r+b") as file:
        file.write(b"x")
    assert digest(str(path)) != found


def test_guests_survive_pickling(files: tuple[str, str]) -> None:
    for made in (linux(*files, phases={"a": "b"}), command(["-S"])):
        assert pickle.loads(pickle.dumps(made)) == made


# ---- as text, and back ----


def test_the_call_that_makes_it_again_has_what_was_given_and_no_more(files: tuple[str, str]) -> None:
    kernel, initrd = files
    made = linux(Path(kernel), initrd, until="login:", phases={"a": "b"}, extra=("-device", "x"), memory=512)
    assert made.code == (
        f"linux({kernel!r}, initrd={initrd!r}, until='login:', phases={{'a': 'b'}}, extra=['-device', 'x'])"
    )
    assert disk(kernel, format="qcow2").code == f"disk({kernel!r}, format='qcow2')"
    assert command(("-S", "-M none"), passing=(0, 3)).code == "command(['-S', '-M none'], passing=[0, 3])"
    for each in (made, disk(kernel, format="qcow2", cpus=2), command(["sh", "{accel}"], name='"')):
        again = written(each.code)
        assert (again, again.code, again.fingerprint) == (each, each.code, each.fingerprint)


@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_bundled_guest_with_other_work_says_how_it_is_made(target: str) -> None:
    usual = guest("memory", target)
    assert [usual.code, usual.with_work(n=5, slices=3).code] == ["", ""]  # as it is calibrated
    other = usual.with_work(n=5, size=64 << 20, seed=3, slices=7)
    assert written(other.code) == other
    assert written(usual.with_work(memory=512).code).memory == 512
    large = usual.with_work(name="memory of 8 MiB", size=8 << 20)
    assert (written(large.code), large.workload) == (large, usual.workload)
    assert large.fingerprint == usual.with_work(size=8 << 20).fingerprint
    for text in ("guest('memory')", "guest('memory').with_work(n=5)"):
        assert isinstance(written(text), Guest)


def test_a_path_stays_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vmlinuz").write_text("")
    monkeypatch.chdir(tmp_path)
    assert linux("vmlinuz").code == "linux('vmlinuz')"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("linux(", "'(' was never closed (<unknown>, line 1); write as in linux('vmlinuz', until='login:')"),
        ("linux", "is no call; write as in linux('vmlinuz'"),
        ("a.linux('x')", "is no call; write as in linux('vmlinuz'"),
        ("open('x')", "'open' makes no guest; one of linux, disk, command, guest"),
        ("linux('x').with_work()", "is no call; write as in linux('vmlinuz'"),
        ("guest('cpu').verify(1)", "is no call; write as in linux('vmlinuz'"),
        ("guest('memroy')", "did you mean 'memory'?"),
        ("guest(['cpu'])", "it takes text, numbers"),
        ("guest('cpu').with_work(1)", "it takes text, numbers"),
        ("guest('cpu').with_work(cpus=0)", "cpus=0 is not a whole number"),
        ("guest('cpu').with_work(machine=5)", "guest 'cpu': machine=5 is no name; give text"),
        ("guest('cpu').with_work(name=' ')", "guest 'cpu': name=' ' is no name; give text"),
        ("linux()", "missing 1 required positional argument: 'kernel'; it takes text"),
        ("linux('x', utnil='y')", "unexpected keyword argument 'utnil'"),
        ("linux(__import__('os'))", "malformed node or string"),
        ("linux(5)", "5"),
        ("linux('/dev/null', until=5)", "until"),
        ("linux('/dev/null', phases=['a'])", "phases"),
        ("linux('/nonexistent')", "guest 'linux': '/nonexistent' cannot be read; name a file that can"),
        ("command([])", "argv=[] is no list of words"),
        ("(" * 1000, "write as in"),
        ("linux('x\0y')", "write"),
    ],
)
def test_text_that_makes_no_guest_is_told_so(text: str, message: str) -> None:
    with pytest.raises(GuestError) as caught:
        written(text)
    assert message in str(caught.value)


@given(st.text(max_size=40))
def test_no_text_does_more_than_make_a_guest(text: str) -> None:
    for tried in (text, f"command({text})", f"linux({text!r}, {text})", f"guest('cpu').with_work({text})"):
        with suppress(GuestError):
            written(tried)


# ---- what cannot be ----


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel": "/nonexistent"}, "guest 'linux': '/nonexistent' cannot be read; name a file that can"),
        ({"until": "("}, "guest 'linux': until: '(' is no pattern: missing ), unterminated subpattern"),
        ({"phases": {"a": "["}}, "guest 'linux': phase 'a': '[' is no pattern: unterminated character set"),
        ({"cpus": 0}, "guest 'linux': cpus=0 is not a whole number from 1 to 1024"),
        ({"memory": True}, "guest 'linux': memory=True is not a whole number from 1 to 1048576"),
        ({"passing": ()}, "guest 'linux': passing=() are no exit statuses, which are 0 to 255"),
        ({"target": "aarch65"}, "target 'aarch65': its machine is not known here; did you mean 'aarch64'?"),
    ],
)
def test_what_cannot_be_is_said_when_it_is_written(
    arguments: dict[str, object], message: str, files: tuple[str, str]
) -> None:
    with pytest.raises(GuestError) as refused:
        linux(**{"kernel": files[0], **arguments})  # type: ignore[arg-type]
    assert str(refused.value).startswith(message)


def test_a_command_needs_words_and_a_place_for_the_accelerator(files: tuple[str, str]) -> None:
    for words in ([], "qemu -M none"):
        with pytest.raises(GuestError, match="is no list of words"):
            command(words)
    with pytest.raises(GuestError, match="every configuration would run the same"):
        command(["{qemu}", "-M", "none"])
    with pytest.raises(GuestError, match=r"format='raw,x' is no word of QEMU's"):
        disk(files[0], format="raw,x")


# ---- what a console says ----


class Console:
    """A console that says one text a look."""

    def __init__(self, guest: SerialGuest) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        self.listening = Listening(guest, self._reader)

    def say(self, text: bytes, at: float, *, last: bool = False) -> Ending | None:
        os.write(self._writer, text)
        return self.listening.look(at, last=last)

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


def test_phases_are_timed_at_their_first_match(files: tuple[str, str]) -> None:
    console = Console(
        linux(*files, until="login: $", phases={"kernel": "^Linux", "init": "init", "no": "never"})
    )
    assert console.say(b"SeaBIOS\r\nLinux ver", 0.1) is None
    console.say(b"sion\r\nLinux\r\ninit", 0.2)
    console.say(b" init\r\n", 0.3)
    assert console.say(b"host login: ", 0.4) == "told"
    assert console.listening.heard() == Heard(0.4, {"kernel": 0.1, "init": 0.2}, "", "host login: ")
    console.close()


def test_a_failure_is_told_by_its_whole_line(files: tuple[str, str]) -> None:
    console = Console(linux(*files, until="login:"))
    assert console.say(b"[ 1.0] Kernel panic - not syncing: no", 0.1) is None
    assert console.say(b" init found\r\n", 0.2) == "told"
    assert console.listening.heard().failure == "Kernel panic - not syncing: no init found"
    console.close()


def test_a_console_is_read_in_bounds(files: tuple[str, str]) -> None:
    console = Console(linux(*files))
    said = 0
    answer: Ending | None = None
    while answer != "flood":
        answer = console.say(b"x" * 60_000, 0.1, last=True)
        said += 60_000
        assert len(console.listening._line) <= LONGEST_LINE
        assert said <= MOST_SERIAL + 60_000
    console.close()


@pytest.mark.parametrize(
    ("until", "seen", "heard", "cause", "why"),
    [
        ("ok", run("told"), Heard(1.0, last="ok"), "ok", ""),
        (None, run(), Heard(last="bye"), "ok", ""),
        ("ok", run(), Heard(last="bye"), "silent", "it ended, and 'ok' was not seen; last on the console: 'bye'"),
        ("ok", run("timeout", -9), Heard(), "timeout", "not ended in time; 'ok' was not seen; nothing on the console"),
        (None, run("timeout", -9), Heard(last="x"), "timeout",
         "not ended in time; the machine did not end; last on the console: 'x'"),
        ("ok", run("told"), Heard(failure="Kernel panic", last="x"), "exception", "Kernel panic"),
        ("ok", run("flood", -9), Heard(last="x"), "flood",
         "more than 16777216 bytes on the console; killed; last on the console: 'x'"),
        ("ok", run("itself", -11, "a\nb"), Heard(), "crashed", "ended by SIGSEGV; QEMU said: b"),
        ("ok", run("itself", 1, "qemu: no"), Heard(), "refused", "qemu: no"),
        ("ok", run("itself", 127, "env: no"), Heard(), "missing", "env: no"),
        (None, run("itself", 3), Heard(last="x"), "crashed",
         "exit status 3, not one of (0,); last on the console: 'x'"),
    ],
)  # fmt: skip
def test_a_cause_is_judged_from_console_status_and_words(
    until: str | None, seen: Run, heard: Heard, cause: str, why: str, files: tuple[str, str]
) -> None:
    assert judge_serial(linux(*files, until=until), seen, heard) == (cause, why)


@pytest.mark.parametrize(
    ("words", "seen", "cause", "why"),
    [
        (["-S"], run(), "ok", ""),
        (["-S"], run("itself", 1, "qemu: no"), "refused", "qemu: no"),
        (
            ["x", "{accel}"],
            run("itself", 1, "x: no"),
            "crashed",
            "exit status 1, not one of (0,); it said: x: no",
        ),
        (["x", "{accel}"], run("itself", 127, "x: no"), "missing", "x: no"),
        (["-S"], run("itself", -6, ""), "crashed", "ended by SIGABRT"),
        (["-S"], run("timeout", -9, "a"), "timeout", "not ended in time; it said: a"),
        (["-S"], run("flood", -9), "flood", "more than 16777216 bytes of output; killed"),
    ],
)
def test_a_command_is_judged_from_status_and_words(words: list[str], seen: Run, cause: str, why: str) -> None:
    assert judge_whole(command(words), seen) == (cause, why)


# ---- a real Linux ----


def cpio(entries: dict[str, bytes | None]) -> bytes:
    """An initramfs: names to what they hold, None for a folder (Linux' driver-api/early-userspace)."""
    archive = bytearray()
    for inode, (name, content) in enumerate([*entries.items(), ("TRAILER!!!", b"")], start=1):
        data, mode = content or b"", 0o40755 if content is None else 0o100755
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        archive += b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        archive += bytes(-len(archive) % 4) + data
        archive += bytes(-len(archive) % 4)
    return bytes(archive)


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Debian's kernel for clouds, and an initramfs of busybox and one script."""
    folder = tmp_path_factory.mktemp("debian")

    def packages(*words: str) -> str:
        try:
            done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            unavailable(f"{words[0]}: {error}: no Debian kernel to boot")
        if done.returncode:
            unavailable(f"{' '.join(words)}: {done.stderr.strip()}: no Debian kernel to boot")
        return done.stdout

    depends = packages("apt-cache", "depends", KERNEL)
    image = next(word for word in depends.split() if word.startswith("linux-image-") and word != KERNEL)
    packages("apt-get", "download", image, "busybox-static")
    for package in folder.glob("*.deb"):
        packages("dpkg-deb", "-x", str(package), str(folder / "root"))
    busybox = next(iter(folder.glob("root/**/bin/busybox"))).read_bytes()
    (folder / "initrd").write_bytes(
        cpio({"dev": None, "proc": None, "bin": None, "bin/busybox": busybox, "init": INIT})
    )
    return str(next(iter(folder.glob("root/boot/vmlinuz-*")))), str(folder / "initrd")


def trial(guest: SerialGuest, timeout: float = 60) -> Record:
    asked = Trial("here", guest.name, "tcg", 0, 0)
    return measure(asked, Build("here", qemu(), ""), Configuration("tcg", TCG), guest, timeout=timeout)


@pytest.mark.qemu
@pytest.mark.skipif(sys.platform != "linux", reason="takes Debian's packages")
class TestLinux:
    PHASES = {"kernel": "Linux version", "memory": "Memory: ", "init": "AK init"}  # noqa: RUF012 - as it is written

    def test_a_boot_is_measured_phase_by_phase(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "tsc=reliable", until="AK ready", phases=self.PHASES))
        assert (record.cause, record.why) == ("ok", "")
        assert list(record.phases) == ["kernel", "memory", "init"]
        times = [*record.phases.values(), record.figure or 0.0, record.wall]
        assert times == sorted(times)
        assert record.phases["kernel"] < record.phases["init"]
        assert (record.unit, record.accelerator, record.status) == ("s", "tcg", 0)
        assert record.counters["tbs"] > 1000

    def test_without_until_the_machine_ends_itself(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "quiet ak-poweroff", phases=self.PHASES))
        assert (record.cause, record.why) == ("ok", "")
        assert record.figure == record.wall
        assert "init" in record.phases

    def test_a_panic_is_told_in_the_kernels_words(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "ak-panic", until="AK ready"))
        assert record.cause == "exception"
        assert record.why.startswith("Kernel panic - not syncing: Attempted to kill init!")
        assert record.figure is None


def test_the_pattern_of_a_panic_is_for_one_line() -> None:
    assert "\n" not in PANIC
