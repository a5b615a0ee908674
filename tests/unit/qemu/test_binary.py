"""The command that starts a QEMU."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.binary import find


def test_a_missing_qemu_names_the_package_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(QemuError) as missing:
        find()
    assert str(missing.value) == (
        "qemu-system-x86_64: no such program; install QEMU: apt-get install qemu-system-x86 (Debian, Ubuntu),"
        " dnf install qemu-system-x86-core (Fedora), brew install qemu (macOS)"
    )
    for target, package in {"aarch64": "qemu-system-arm", "s390x": "qemu-system"}.items():
        with pytest.raises(QemuError, match=rf"^qemu-system-{target}: .* apt-get install {package} "):
            find(target=target)


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A program with a space in its path; no test here runs it."""
    path = tmp_path / "my qemu"
    path.write_text("")
    path.chmod(0o755)
    return str(path)


def test_a_qemu_is_a_path_a_line_or_words(program: str) -> None:
    assert find(program) == (program,)
    assert find([program, "-x"]) == (program, "-x")
    env, *rest = find(f"env '{program}'")
    assert os.path.isabs(env)
    assert rest == [program]


def test_only_the_first_word_is_looked_up(program: str) -> None:
    assert find([program, "no-such-program"]) == (program, "no-such-program")


@pytest.mark.parametrize(
    ("qemu", "message"),
    [
        ("", "qemu='': an empty command; name a QEMU program or leave qemu out"),
        ([], "qemu=[]: an empty command; name a QEMU program or leave qemu out"),
        ("a\0b", "qemu='a\\x00b': has a NUL; remove it"),
        (
            "env 'qemu",
            'qemu="env \'qemu": No closing quotation; close the quote, or give the words as a list',
        ),
    ],
)
def test_what_is_not_a_command_is_refused_with_the_reason(qemu: str | list[str], message: str) -> None:
    with pytest.raises(QemuError) as refusal:
        find(qemu)
    assert str(refusal.value) == message
