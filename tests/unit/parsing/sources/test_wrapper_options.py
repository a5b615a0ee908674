"""The table of wrappers: its names and letters are ones that a shell's text can have."""

from __future__ import annotations

from accelkit.parsing.sources.wrapper_options import CONTAINER, SSH, WRAPPERS
from accelkit.parsing.sources.wrappers import split


def test_options_are_written_as_a_command_line_has_them() -> None:
    for wrapper in (*WRAPPERS.values(), CONTAINER, SSH):
        assert all(letter.isalnum() for letter in wrapper.short)
        assert all(name.startswith("--") and name == name.lower() for name in wrapper.long)
        assert 0 <= wrapper.operands <= 1


def test_switches_of_docker_are_no_options_with_a_value() -> None:
    assert not {"--rm", "--privileged", "--init", "--interactive", "--tty", "--detach"} & CONTAINER.long
    assert not set("itdP") & set(CONTAINER.short)


def test_an_option_whose_value_may_be_left_out_takes_no_word() -> None:
    for line in ("unshare -i -m qemu-kvm -m 1G", "nsenter -t 1 -r -w qemu-kvm -m 1G"):
        words = line.split()
        assert split(words).command == (words.index("qemu-kvm"), len(words) - 2, len(words) - 1)
