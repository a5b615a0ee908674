"""cmd.exe: variables, escapes, blocks."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.cmd import read
from accelkit.parsing.sources.places import Source


def argvs(text: str) -> list[tuple[str, ...]]:
    return [command.argv for command in read(Source(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("set A=whpx\nqemu-system-arm -accel %A% ^\n -m 1G", "-accel whpx -m 1G"),
        ('set "A=-accel whpx"\nqemu-system-arm %A%', "-accel whpx"),
        ("set A=-m 1G\nset A=%A% -smp 2\nqemu-system-arm %a%", "-m 1G -smp 2"),
        ("@echo off\nset /p A=which? \nqemu-system-arm -m %A%", "-m %A%"),
        ("@echo off\nqemu-system-arm -append a^^b^&c -m 1G & echo", "-append a^b&c -m 1G"),
        ("@echo off\nqemu-system-arm -m 1G 2>nul >>a.txt -smp 2", "-m 1G -smp 2"),
        ("@echo off\n@qemu-system-arm -m 1G || pause", "-m 1G"),
        ("@echo off\nrem qemu-system-x86_64 -m 9G\nqemu-system-arm -m 1G", "-m 1G"),
        ("@echo off\nqemu-system-arm -m !MEM! -k %1", "-m !MEM! -k %1"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert argvs(text) == [("qemu-system-arm", *words.split())]


def test_what_a_block_sets_is_not_known_behind_it() -> None:
    (command,) = read(Source("set A=kvm\nif x==x (\nset A=tcg\n)\nqemu-system-arm -accel %A%\n"))
    assert command.argv[2] == "%A%"
    assert command.variables == ("%A%",)


def test_a_value_stands_where_it_is_set() -> None:
    (command,) = read(Source("set A=whpx\nqemu-system-arm -accel %A%"))
    assert command.words[2][1:] == (1, 7)


def test_variables_that_grow_and_grow_stay_variables() -> None:
    text = "set A=0123456789\n" + "set A=%A%%A%\n" * 40 + "qemu-system-arm -m %A%"
    assert sum(len(word) for words in argvs(text) for word in words) < 20_000


def test_a_lone_exe_is_cmds_unless_another_shell_shows_itself() -> None:
    assert argvs("qemu-system-arm.exe -name 'a b'") == [("qemu-system-arm.exe", "-name", "'a", "b'")]
    assert argvs("qemu-system-arm.exe \\\n -m 1G") == []
