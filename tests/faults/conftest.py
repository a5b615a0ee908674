"""What all faults share: a mark by which QEMUs are known again, and that none is left running."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from support.processes import running, soon


@pytest.fixture
def mark() -> Iterator[str]:
    """A name for QEMU that no other has; the test fails if one is still there under it."""
    mark = f"accelkit-{uuid.uuid4().hex}"
    yield mark
    assert soon(lambda: not running(mark)), f"left running: {running(mark)}"
