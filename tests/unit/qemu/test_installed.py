"""The QEMUs of a host by their names; nothing is started."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.installed import Installed, installed


def program(folder: Path, name: str, mode: int = 0o755) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("")
    path.chmod(mode)
    return str(path)


def told(command: Sequence[str], timeout: float) -> tuple[int, int, int]:
    assert timeout > 0
    if "arm" in command[0]:
        raise QemuError("no QEMU")
    return 7, 2, 22


def test_programs_are_known_by_their_names_and_each_file_counts_once(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    x86 = program(first, "qemu-system-x86_64")
    (first / "kvm").symlink_to(x86)
    arm = program(first, "qemu-system-arm")
    program(first, "qemu-system-riscv64", 0o644)
    for other in ("qemu-img", "qemu-x86_64", "qemu-system-x86_64-microvm", "qemu-system-"):
        program(first, other)
    program(second, "qemu-system-x86_64")  # hidden by the first of the name
    kvm = program(second, "qemu-kvm")
    assert installed(f"{first}:/nonexistent:{second}", version=told) == (
        Installed(arm, "arm", None),
        Installed(x86, "x86_64", (7, 2, 22)),
        Installed(kvm, "", (7, 2, 22)),
    )


def test_path_decides_which_folders_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    x86 = program(tmp_path, "qemu-system-x86_64")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Installed(x86, "x86_64", (7, 2, 22)) in installed(version=told)
    assert installed("", version=told) == ()


def test_after_the_time_limit_none_is_asked(tmp_path: Path) -> None:
    path = program(tmp_path, "qemu-system-x86_64")
    assert installed(str(tmp_path), version=told, timeout=0) == (Installed(path, "x86_64", None),)
