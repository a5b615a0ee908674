"""Benchmarks run when they are asked for: ``pytest tests/bench -m bench -s``, or with ``ACCELKIT_BENCH=1``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "bench" in config.option.markexpr or os.environ.get("ACCELKIT_BENCH") == "1":
        return
    here = Path(__file__).parent
    mine = [item for item in items if item.path.is_relative_to(here) and item.get_closest_marker("bench")]
    items[:] = [item for item in items if item not in mine]
    config.hook.pytest_deselected(items=mine)
