"""What linux(), disk() and command() make, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit.errors import GuestError
from accelkit.guests.makers import PANIC, command, disk, linux


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name in ("vmlinuz", "initrd"):
        (tmp_path / name).write_text(name)
    return str(tmp_path / "vmlinuz"), str(tmp_path / "initrd")


def test_linux_gets_a_console_and_a_panic_setting_and_nothing_else(files: tuple[str, str]) -> None:
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


def test_a_disk_is_a_snapshot_and_its_name_may_have_commas(tmp_path: Path) -> None:
    image = tmp_path / "a,b.img"
    image.write_bytes(b"")
    words = disk(str(image), format="qcow2").argv()
    assert f"if=virtio,format=qcow2,snapshot=on,file={tmp_path}/a,,b.img" in words
    assert "if=virtio,format=qcow2,snapshot=on,file=/proc/self/fd/5" in disk(str(image), format="qcow2").argv(
        lambda _: "/proc/self/fd/5"
    )


def test_the_path_of_a_file_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vmlinuz").write_text("")
    monkeypatch.chdir(tmp_path)
    assert linux("vmlinuz").files[0].path == str(tmp_path / "vmlinuz")


def test_the_code_of_a_guest_has_its_arguments_without_the_defaults(files: tuple[str, str]) -> None:
    kernel, initrd = files
    made = linux(Path(kernel), initrd, until="login:", phases={"a": "b"}, extra=("-device", "x"), memory=512)
    assert made.code == (
        f"linux({kernel!r}, initrd={initrd!r}, until='login:', phases={{'a': 'b'}}, extra=['-device', 'x'])"
    )
    assert disk(kernel, format="qcow2").code == f"disk({kernel!r}, format='qcow2')"
    assert command(("-S", "-M none"), passing=(0, 3)).code == "command(['-S', '-M none'], passing=[0, 3])"


def test_phases_are_a_mapping_or_pairs_in_their_order(files: tuple[str, str]) -> None:
    pairs = [("boot", ""), ("work", "^go"), ("end", "bye")]
    guest = linux(*files, phases=pairs)
    assert guest.phases == tuple(pairs)
    assert linux(*files, phases=dict(pairs)) == guest
    assert linux(*files, phases=dict(pairs)).fingerprint == guest.fingerprint
    assert linux(*files, phases=pairs[:2]).fingerprint != guest.fingerprint


def test_the_code_of_a_guest_keeps_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vmlinuz").write_text("")
    monkeypatch.chdir(tmp_path)
    assert linux("vmlinuz").code == "linux('vmlinuz')"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"kernel": "/nonexistent"},
            "guest 'linux': '/nonexistent': No such file or directory; name a file that can be read",
        ),
        (
            {"until": "("},
            "guest 'linux': until: '(' is not a regular expression: missing ), unterminated subpattern",
        ),
        (
            {"phases": {"a": "["}},
            "guest 'linux': phase 'a': '[' is not a regular expression: unterminated character set",
        ),
        (
            {"phases": {"a": "x", "b": ""}},
            "guest 'linux': phase 'b' has an empty pattern, which is the start of QEMU",
        ),
        (
            {"phases": [("a", "x"), ("a", "y")]},
            "guest 'linux': two phases are named 'a'; give each its own name",
        ),
        (
            {"phases": ["ab"]},
            "guest 'linux': phases=['ab'] is no mapping of names to patterns; write {'boot': ''",
        ),
        ({"phases": "ab"}, "guest 'linux': phases='ab' is no mapping of names to patterns"),
        ({"cpus": 0}, "guest 'linux': cpus=0 is not a whole number from 1 to 1024"),
        ({"memory": True}, "guest 'linux': memory=True is not a whole number from 1 to 1048576"),
        ({"passing": ()}, "guest 'linux': passing=(): give one or more exit statuses from 0 to 255"),
        ({"target": "aarch65"}, "target 'aarch65': no default machine for it; did you mean 'aarch64'?"),
    ],
)
def test_arguments_that_make_no_guest_are_refused_with_the_reason(
    arguments: dict[str, object], message: str, files: tuple[str, str]
) -> None:
    with pytest.raises(GuestError) as refused:
        linux(**{"kernel": files[0], **arguments})  # type: ignore[arg-type]
    assert str(refused.value).startswith(message)


def test_a_command_needs_words_and_a_place_for_the_accelerator(files: tuple[str, str]) -> None:
    for words in ([], "qemu -M none"):
        with pytest.raises(GuestError, match=r"is not a list of words|has no words"):
            command(words)
    with pytest.raises(GuestError, match="every configuration would run the same command"):
        command(["{qemu}", "-M", "none"])
    with pytest.raises(GuestError, match=r"format='raw,x' is not a name that QEMU uses"):
        disk(files[0], format="raw,x")


def test_the_pattern_of_a_panic_has_no_line_break() -> None:
    assert "\n" not in PANIC
