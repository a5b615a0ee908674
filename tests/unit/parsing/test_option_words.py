"""The options among the words of a command line."""

from __future__ import annotations

import pytest

from accelkit.parsing.option_words import STRAY, UNKNOWN, options_in


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("", []),
        ("--accel tcg -S", [("accel", "tcg", 0), ("S", None, 2)]),
        ("-name -accel", [("name", "-accel", 0)]),
        ("-m 1G disk.img -snapshot", [("m", "1G", 0), (STRAY, "disk.img", 2), ("snapshot", None, 3)]),
        ("-accel=tcg -", [(UNKNOWN, "-accel=tcg", 0), (UNKNOWN, "-", 1)]),
        ("-S -accel", [("S", None, 0), ("accel", None, 1)]),
    ],
)
def test_options_are_separated_as_qemu_does(line: str, options: list[tuple[str, str | None, int]]) -> None:
    assert list(options_in(line.split())) == options
