"""render and shell: a line for a shell is quoted."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    first_of,
    fold,
    kvm,
    option,
    shadow_mem,
    shell,
    tcg,
)


@pytest.mark.parametrize(
    ("x", "line"),
    [
        (kvm() | shadow_mem(-1), "-accel kvm,kvm-shadow-mem=-1"),
        (first_of(kvm(), tcg()), "-accel kvm -accel tcg"),
        (tcg() | option("x", "a b'c"), "-accel 'tcg,x=a b'\"'\"'c'"),
        (fold(tcg() | option("x", "$HOME;")), "-accel 'tcg,x=$HOME;'"),
    ],
)
def test_a_shell_line_is_safe_to_paste(x: Any, line: str) -> None:
    assert shell(x) == line
