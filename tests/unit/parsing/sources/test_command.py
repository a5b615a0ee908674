"""Command: what its words say about the program."""

from __future__ import annotations

from accelkit.parsing.sources.command import Command, Word


def test_the_first_word_is_the_program_unless_it_is_an_option() -> None:
    assert Command((Word("qemu-kvm", 1, 1),), "shell").program == "qemu-kvm"
    assert Command((Word("-m", 1, 1), Word("1G", 1, 4)), "shell").program == ""
    assert Command((), "shell").program == ""
