"""What tests of several files ask for."""

from __future__ import annotations

import pytest
from support.cli import tool


@pytest.fixture
def qemu() -> str:
    """The path of the QEMU on PATH; none is a failure in CI and a skip elsewhere."""
    return tool("qemu-system-x86_64")
