"""A program that cannot be captured: the error has its own message."""

from __future__ import annotations

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.capture import capture


def test_capturing_what_is_no_qemu_tells_its_words() -> None:
    with pytest.raises(QemuError, match=r"does not start: no such machine$"):
        capture(["sh", "-c", "echo no such machine; exit 1"])
    with pytest.raises(QemuError, match=r"^/nonexistent: no such program$"):
        capture(["/nonexistent"])
    with pytest.raises(QemuError, match=r"no answer within 0.05 s$"):
        capture(["sh", "-c", "sleep 99"], timeout=0.05)
