"""What the reader of a shell's text tells beside the words."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources import commands


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            "qemu-kvm -m 1 \\\n -M q35\n -accel kvm \\\n -smp 2",
            [('the shell ends the command at line 2, so QEMU never gets the lines after it; add " \\" at the end of line 2', 2, 8)],
        ),
        (
            "qemu-kvm -m 1\n–accel kvm",
            [('the shell ends the command at line 1, so QEMU never gets the lines after it; add " \\" at the end of line 1', 1, 14)],
        ),
        (
            "qemu-kvm -m 1 \\\n  # acceleration\n  -accel kvm",
            [("the comment at line 2 ends the command, so QEMU never gets the lines after it; move the comment above the command", 2, 3)],
        ),
        (
            "qemu-kvm -m 1 \\\n -smp 2 # two \\\n -accel kvm",
            [('the comment at line 2 ends the command, so QEMU never gets the lines after it; move the comment above the command, and end line 2 with " \\"', 2, 9)],
        ),
        (
            "qemu-kvm -m 1 \\\n\n -accel kvm",
            [("line 2 is empty and ends the command, so QEMU never gets the lines after it; remove line 2", 2, 1)],
        ),
        (
            "qemu-kvm -m 1 \\ \n -accel kvm",
            [("the \\ at the end of line 1 has a blank behind it, so it joins no line: QEMU gets the blank as a word and never gets the lines after it; remove the blank behind the \\", 1, 15)],
        ),
        (
            "qemu-kvm -m 1 \\ ",
            [("the \\ at the end of line 1 has a blank behind it, so it joins no line: QEMU gets the blank as a word; remove the blank behind the \\", 1, 15)],
        ),
        (
            "qemu-kvm –accel kvm",
            [("–accel begins with a typographic dash (U+2013), so QEMU takes it for a disk image; write -accel", 1, 10)],
        ),
        (
            "qemu-kvm -accel “kvm”",
            [("“kvm” has a typographic quote (U+201C), which QEMU gets as a part of the word; write \" or '", 1, 17)],
        ),
        (
            "qemu-kvm -accel\xa0kvm -m 1",
            [("-accel\xa0kvm has a blank (U+00A0) that divides no words; write a plain blank", 1, 10)],
        ),
        (
            "qemu-kvm -m \u200b1",
            [("\\u200b1 has a character that cannot be seen (U+200B); remove it", 1, 13)],
        ),
        (
            "qemu-kvm -append 'a b",
            [("this quote is not closed, so a shell waits for more lines; close it", 1, 18)],
        ),
        (
            "A=kvm qemu-kvm -accel $A",
            [("the shell puts in $A before it sets A for this command; set A on a line before", 1, 1)],
        ),
    ],
)  # fmt: skip
def test_notes(text: str, notes: list[tuple[str, int, int]]) -> None:
    (command,) = commands(text)
    assert [tuple(note[:3]) for note in command.notes] == notes


@pytest.mark.parametrize(
    "text",
    [
        "qemu-kvm -m 1 \\\n -accel kvm",
        "qemu-kvm -m 1 # one\nls",
        "qemu-kvm -m 1\n-bash: qemu-kvm: command not found",
        "qemu-kvm -m 1\n--- a/file",
        "qemu-kvm -m 1; # x\n",
        "qemu-kvm -name 'Bob’s “vm”' -append \"– x\xa0y\"",
        "qemu-kvm -name Bob’s",
        "A=kvm qemu-kvm -m 1",
        "-M virt\n-accel hvf",
    ],
)
def test_nothing_to_note(text: str) -> None:
    (command,) = commands(text)
    assert command.notes == ()
