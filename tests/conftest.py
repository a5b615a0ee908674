"""What tests of several files ask for."""

from __future__ import annotations

import pytest
from oracle import summary
from support.tools import tool

# Here, because with xdist the process that prints the summary loads no conftest.py of a folder below.
pytest_terminal_summary = summary.pytest_terminal_summary


@pytest.fixture
def qemu() -> str:
    """The path of the QEMU on PATH."""
    return tool("qemu-system-x86_64")
