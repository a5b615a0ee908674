"""Programs that are not QEMU, asked for their accelerators."""

from __future__ import annotations

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.capture import capture


def test_the_error_has_the_message_of_what_is_not_a_qemu() -> None:
    with pytest.raises(QemuError, match=r"does not start: no such machine$"):
        capture(["sh", "-c", "echo no such machine; exit 1"])
    with pytest.raises(QemuError, match=r"^/nonexistent: no such program$"):
        capture(["/nonexistent"])
    with pytest.raises(QemuError, match=r"no answer within 0.05 s; it printed nothing; is it a QEMU\?$"):
        capture(["sh", "-c", "sleep 99"], timeout=0.05)
