"""Proxmox: args of a VM, kvm: 0, snapshots."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.proxmox import read


def test_args_follow_what_kvm_says_wherever_it_stands() -> None:
    (command,) = read(Source("args: -smp 2\ncores: 4\nkvm: 0\n"))
    assert command.argv == ("/usr/bin/kvm", "-machine", "accel=tcg", "-smp", "2")
    assert [word[1:] for word in command.words] == [(1, 1), (3, 1), (3, 1), (1, 7), (1, 12)]


def test_a_snapshot_has_settings_of_its_own() -> None:
    commands = read(Source("args: -S\n\n[before]\nkvm: 0\nargs: -s\n"))
    assert [command.argv[1:] for command in commands] == [("-S",), ("-machine", "accel=tcg", "-s")]


def test_other_values_are_none_of_qemus() -> None:
    assert read(Source("args: foo\nkvm: 0\n")) == ()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ('-a "b c" d\\ e $X ; f # g | h', ["-a", "b c", "d e", "$X", ";", "f", "#", "g", "|", "h"]),
        ('-n "a\\"b\\n" \'c\\d\'', ["-n", 'a"bn', "c\\d"]),
        ("-n x'y z'\"\" ''", ["-n", "xy z", ""]),
        ("-n 'a\\'", []),
        ('-n "a', []),
    ],
)
def test_args_are_divided_as_perl_divides_them(args: str, words: list[str]) -> None:
    (command,) = read(Source(f"args: {args}\n"))
    assert list(command.argv[1:]) == words
    assert [note.text for note in command.notes] == [
        "this quote is not closed, so Proxmox gives QEMU no word of args; close it"
    ][: not words]
    assert command.variables == ()


@pytest.mark.parametrize(
    ("settings", "before"),
    [
        ("arch: aarch64", "/usr/bin/qemu-system-aarch64 -machine accel=tcg"),
        ("arch: aarch64\nkvm: 1", "/usr/bin/qemu-system-aarch64"),
        ("arch: x86_64", "/usr/bin/kvm"),
        ("arch: x86_64\nkvm: 0", "/usr/bin/kvm -machine accel=tcg"),
    ],
)
def test_another_architecture_has_its_program_and_no_kvm(settings: str, before: str) -> None:
    (command,) = read(Source(f"args: -S\n{settings}\n"))
    assert " ".join(command.argv) == f"{before} -S"
    assert command.target == ("aarch64" if "aarch64" in before else None)
