"""The mark by which these tests recognise their QEMUs; none may be left running."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from support.processes import guards, running, soon


@pytest.fixture
def mark() -> Iterator[str]:
    """A unique name for a test's QEMUs; the test fails if one of them is still running at its end."""
    mark = f"accelkit-{uuid.uuid4().hex}"
    yield mark
    assert soon(lambda: not running(mark) and not guards(mark)), f"left running: {running(mark)}"
