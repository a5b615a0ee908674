"""evaluate refuses megabytes of text."""

from __future__ import annotations

import time
from typing import Any

import pytest

from accelkit import (
    Fallback,
    Recipe,
    Space,
)
from accelkit.errors import AccelkitError
from accelkit.parsing.notation import evaluate


def tried(text: str) -> Recipe[Any] | Fallback | Space[Any] | AccelkitError:
    """What ``text`` is, or the error that says why it is nothing."""
    try:
        return evaluate(text)
    except AccelkitError as refusal:
        return refusal


@pytest.mark.parametrize(
    "text",
    [
        "tcg() | tb_size(each(" + ", ".join(["*".join(["9" * 4000] * 60)] * 100) + "))",
        "tcg() | tb_size(" + "*".join(["9" * 4000] * 2) + ")",
        "tcg() | tb_size(" + "*".join(["1"] * 200_000) + ")",
        " | ".join(["tcg()"] + ["thread(single)"] * 100_000),
        "tcg() | tb_size(" + "(" * 100_000 + "1" + ")" * 100_000 + ")",
        "tcg() | tb_size(each(" + ", ".join(map(str, range(100_000))) + ", 1))",
        "tcg() | tb_size(each(" + "9" * 4000 + ", 1))",
        "x" * 1_000_000 + "()",
        "x" * 1_000_000 + "(",
        "tcg(" + "x" * 1_000_000 + "=1)",
        "tcg() | device('" + "x" * 1_000_000 + "')",
    ],
    ids=lambda text: text[:40],
)
def test_megabytes_are_refused_within_seconds_and_in_few_words(text: str) -> None:
    began = time.perf_counter()
    refusal = tried(text)
    assert isinstance(refusal, AccelkitError)
    assert len(str(refusal)) < 1000
    assert time.perf_counter() - began < 10  # of which a busy host takes most
