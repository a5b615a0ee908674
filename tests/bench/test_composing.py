"""The figures of ``composing``, part by part: ``pytest tests/bench -m bench -s``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from composing import PARTS, ROUNDS


@pytest.mark.bench
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_what_is_measured_beside_its_peer_does_the_same_work(part: Callable[[int], None]) -> None:
    part(ROUNDS)  # asserts so itself, before it measures
