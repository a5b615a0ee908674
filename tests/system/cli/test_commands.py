"""Programs that are not QEMU are reported in one line."""

from __future__ import annotations

import re

import pytest
from support.cli import ask


@pytest.mark.parametrize(
    "words", [["probe"], ["check", "tcg", "--qemu"], ["run", "tcg", "--qemu"], ["demo", "--qemu"]]
)
@pytest.mark.parametrize(
    "binary",
    ["/bin/true", "/bin/cat", "/nonexistent/qemu", "", "'", "/etc/passwd", "a\0b", "env", "sh -c 'exit 3'"],
)
def test_a_program_that_is_not_qemu_is_reported_in_one_line(words: list[str], binary: str) -> None:
    status, out, err = ask(*words, binary)
    assert status == 2
    assert re.fullmatch(r"accelkit: .+\n", err)
    assert "[QEMU" not in out
