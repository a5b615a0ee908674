"""Traces of set -x."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.traces import read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+ kvm -m 1G\nkvm: failed", ["kvm", "-m", "1G"]),
        ("++ true\n++ sudo kvm -name 'a b'", ["kvm", "-name", "a b"]),
        ("+ run.sh:12: kvm -m 1G", ["kvm", "-m", "1G"]),
        ("+(run.sh:12): main(): kvm -m 1G", ["kvm", "-m", "1G"]),
        ("+ kvm -append 'a\nb' -m 1G", ["kvm", "-append", "a\nb", "-m", "1G"]),
        ("+ kvm \\\n+   -m 1G", ["kvm", "-m", "1G"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [list(command.argv) for command in read(Source(text))] == [words]


def test_lines_without_a_plus_are_no_commands() -> None:
    assert read(Source("+ echo qemu\nqemu-kvm -m 1G\n")) == ()


def test_a_word_stands_behind_the_plus() -> None:
    (command,) = read(Source("x\n++ kvm -m 1G"))
    assert command.words[0][1:] == (2, 4)
