"""The digest of what a command runs, asked of real processes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from support.processes import qemu
from support.tools import tool

from accelkit.errors import QemuError
from accelkit.qemu import identity
from accelkit.qemu.identity import digest

MODULES = "/usr/lib/x86_64-linux-gnu/qemu"
"""Where Debian has QEMU's modules: a copy of the binary elsewhere does not look there by itself."""


def test_a_prefix_does_not_change_what_runs(tmp_path: Path) -> None:
    (program,) = qemu()
    script = tmp_path / "my-qemu"
    script.write_text(f'#!/bin/sh\n{program} "$@"\nexit $?\n')
    script.chmod(0o755)
    plain = digest([program])
    assert len(plain) == 32
    assert digest([shutil.which("env") or "", program]) == plain
    assert digest([str(script)]) == plain


def test_another_binary_under_the_same_path_has_another_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = qemu()
    monkeypatch.setenv("QEMU_MODULE_DIR", MODULES)
    copy = tmp_path / "qemu-system-x86_64"
    shutil.copy(program, copy)
    before = digest([str(copy)])
    with copy.open("ab") as file:
        file.write(b"\0")  # which the loader ignores
    os.utime(copy, ns=(0, 0))
    assert len({before, digest([str(copy)]), ""}) == 3


def test_the_modules_of_accelerators_count(tmp_path: Path) -> None:
    process = tmp_path / "1"
    (process / "root" / "lib").mkdir(parents=True)
    (process / "exe").write_bytes(b"qemu")
    module = process / "root" / "lib" / "accel-tcg-x86_64.so"
    module.write_bytes(b"tcg")
    (process / "root" / "lib" / "accel-qtest-x86_64.so").write_bytes(b"qtest")
    (process / "maps").write_text(
        "7f00-7f01 r-xp 00000000 08:01 7 /lib/accel-qtest-x86_64.so\n7f02-7f03 rw-p 0 00:00 0\n"
    )
    before = identity._content(process)
    module.write_bytes(b"another tcg")
    assert len({before, identity._content(process), ""}) == 3
    (process / "exe").unlink()
    assert identity._content(process) == ""


def test_a_qemu_that_does_not_start_has_none() -> None:
    assert digest([tool("qemu-system-x86_64"), "-no-such-option"]) == ""
    with pytest.raises(QemuError):
        digest(["/nonexistent/qemu"])
