"""The parts of a text that are texts of their own."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources import commands
from accelkit.parsing.sources.parts import is_script, part_commands, parts
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kvm -m 1G", ["kvm -m 1G"]),
        ("\ufeffa\r\n```\r\nb\r\n```\r\n", ["a\n", "b\n"]),
        (
            "a <domain type='kvm'/> b <domain type='qemu'/>",
            ["<domain type='kvm'/>", "<domain type='qemu'/>", "a  b "],
        ),
        ("```diff\n--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n```\n", ["", "", "b\n"]),
        ("#!/bin/sh\n```\n<domain type='kvm'/>\n```", ["#!/bin/sh\n```\n<domain type='kvm'/>\n```"]),
    ],
)
def test_parts(text: str, found: list[str]) -> None:
    assert [part.text for part in parts(text)] == found


def test_what_no_dialect_takes_is_a_shells() -> None:
    assert part_commands(Source("kvm -name 'my vm'"))[0].dialect == "shell"
    assert part_commands(Source("[Service]\nExecStart=/usr/bin/kvm -m 1G"))[0].dialect == "systemd"


def test_a_domain_and_what_was_started_by_hand_are_both_found() -> None:
    text = "<domain type='kvm'>\n</domain>\n\nand by hand:\n$ qemu-kvm -m 1G\n"
    assert [(command.dialect, command.words[0]) for command in commands(text)] == [
        ("domain", ("-accel", 1, 1)),
        ("shell", ("qemu-kvm", 5, 3)),
    ]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("#!/bin/dash", True),
        ("#!/usr/bin/env -S bash -e\n", True),
        ("#!/usr/bin/python3", False),
        (" #!/bin/sh", False),
    ],
)
def test_a_script_names_its_shell_in_the_first_line(text: str, script: bool) -> None:
    assert is_script(text) == script


@pytest.mark.parametrize(
    "body",
    [
        "cat > vm.service <<EOF\n[Service]\nExecStart=/usr/bin/qemu-system-arm -m 2\nEOF\n",
        "if [ \"$1\" = '' ]; then\n  echo ''\nfi\n",
        'python3 - <<EOF\nargv = ["qemu-kvm", "-m", "2"]\nEOF\n',
        'echo "Running: qemu-kvm"\n',
    ],
)
def test_a_script_that_holds_other_texts_is_a_shells(body: str) -> None:
    (command,) = commands(f"#!/bin/sh\n{body}exec qemu-kvm -m 1\n")
    assert (command.dialect, command.argv) == ("shell", ("qemu-kvm", "-m", "1"))
