"""What tests of several files ask for."""

from __future__ import annotations

import pytest
from support.tools import tool


@pytest.fixture
def qemu() -> str:
    """The path of the QEMU on PATH."""
    return tool("qemu-system-x86_64")
