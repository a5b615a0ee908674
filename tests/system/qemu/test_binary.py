"""The version that a program prints, or why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.binary import find, version


def test_a_version_is_read_behind_a_prefix(tmp_path: Path) -> None:
    odd = tmp_path / "my qemu"
    odd.write_text("#!/bin/sh\necho QEMU emulator version 9.8.7 '(mine)'\n")
    odd.chmod(0o755)
    assert version(find(f"env '{odd}'")) == (9, 8, 7)


def test_what_says_no_version_is_no_qemu() -> None:
    with pytest.raises(QemuError, match="no QEMU version in ''; is it a QEMU"):
        version(("sh", "-c", ":"))
    with pytest.raises(QemuError, match=r"no answer within 0.05 s$"):
        version(("sh", "-c", "sleep 9"), timeout=0.05)
    with pytest.raises(QemuError, match="No such file"):
        version(("/nonexistent",))
