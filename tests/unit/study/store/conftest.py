"""The path that the tests of a store share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's store is, in a folder of its own."""
    return tmp_path / "tcg.sqlite"
