"""Blocks between fences."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources import commands
from accelkit.parsing.sources.fences import blocks
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no fence", ["no fence"]),
        ("a\n```\nb\n```\nc\n~~~ini\nd\n```\n~~~\n", ["a\nc\n", "b\n", "d\n```\n"]),
        ("````\n```\na\n```\n````\nb", ["b", "```\na\n```\n"]),
        ("1. a\n   ```sh\n   b\n     c\n   ```\n", ["1. a\n", "b\n  c\n"]),
        ("> ```\n> b\n> ```\n", ["", "b\n"]),
        ("- ```\n  b\n  ```\n", ["", "  b\n"]),
        ("```\nb", ["", "b"]),
        ("b\n```", ["b\n", ""]),
        ("echo ```a``` b", ["echo ```a``` b"]),
    ],
)
def test_each_block_is_a_text_of_its_own(text: str, found: list[str]) -> None:
    assert [block.text for block in blocks(Source(text))] == found


def test_commands_of_all_blocks_are_found_each_as_its_own_dialect_and_at_its_place() -> None:
    text = (
        "Run `x`:\n\n```sh\n$ qemu-system-x86_64 -accel kvm \\\n  -m 1G\n```\n\nor:\n\n"
        "  ```ini\n  [Service]\n  ExecStart=/usr/bin/qemu-kvm -smp 2\n  ```\n\n~~~\n-accel tcg\n~~~\n"
        "```xml\n<domain type='kvm'></domain>\n```\n\nsudo qemu-kvm -m 3\n"
    )
    found = commands(text)
    assert [(command.dialect, command.argv) for command in found] == [
        ("shell", ("qemu-system-x86_64", "-accel", "kvm", "-m", "1G")),
        ("systemd", ("/usr/bin/qemu-kvm", "-smp", "2")),
        ("shell", ("-accel", "tcg")),
        ("domain", ("-accel", "kvm")),
        ("shell", ("qemu-kvm", "-m", "3")),
    ]
    assert [command.words[0][1:] for command in found] == [(4, 3), (12, 13), (16, 1), (19, 1), (22, 6)]
    assert found[0].words[-1] == ("1G", 5, 6)


def test_a_shells_script_keeps_what_looks_like_a_fence() -> None:
    (command,) = commands("#!/bin/sh\ncat <<E\n```\nE\nqemu-kvm -m 1\n")
    assert command.argv == ("qemu-kvm", "-m", "1")
