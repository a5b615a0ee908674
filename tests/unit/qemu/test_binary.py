"""Which program is meant by ``qemu=``, without starting it."""

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


def test_a_qemu_is_a_path_a_line_or_words(tmp_path: Path) -> None:
    odd = tmp_path / "my qemu"
    odd.write_text("#!/bin/sh\n")
    odd.chmod(0o755)
    assert find(str(odd)) == (str(odd),)
    assert find([str(odd), "-x"]) == (str(odd), "-x")
    env, *rest = find(f"env '{odd}'")
    assert os.path.isabs(env)
    assert rest == [str(odd)]
    with pytest.raises(QemuError, match="an empty command"):
        find("")
