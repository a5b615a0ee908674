"""The version that a program prints; shell scripts stand in for QEMU."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.binary import find, version


def test_a_version_is_read_from_a_program_behind_a_prefix(tmp_path: Path) -> None:
    program = tmp_path / "my qemu"
    program.write_text("#!/bin/sh\necho QEMU emulator version 9.8.7 '(mine)'\n")
    program.chmod(0o755)
    assert version(find(f"env '{program}'")) == (9, 8, 7)


def test_a_program_that_prints_no_version_is_not_a_qemu() -> None:
    with pytest.raises(QemuError, match="no QEMU version in ''; is it a QEMU"):
        version(("sh", "-c", ":"))
    with pytest.raises(QemuError, match=r"not ended within 0.05 s; is it a QEMU\?$"):
        version(("sh", "-c", "sleep 9"), timeout=0.05)
    with pytest.raises(QemuError, match="/nonexistent --version: no such program"):
        version(("/nonexistent",))
