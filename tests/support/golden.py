"""Golden files: what a program printed when somebody read it. ACCELKIT_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def compare_with_golden(name: str, text: str) -> None:
    """``text`` against the golden file, or into it: read the diff then."""
    path = GOLDEN / name
    if os.environ.get("ACCELKIT_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
