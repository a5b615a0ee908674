"""What batch files do, as statements."""

from __future__ import annotations

import pytest

from accelkit.lint.batch import batch_statements
from accelkit.lint.flow import follow
from accelkit.lint.script import (
    Apart,
    Assign,
    Choice,
    End,
    Forget,
    Function,
    Given,
    Jump,
    Label,
    Loop,
    Run,
    Statement,
    all_of,
    text_of,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set A=1", [Assign]),
        ('set "A=1"', [Assign]),
        ("set A=", [Forget]),
        ("set /a A=1+2", [Forget]),
        ("set /p A=which", [Forget]),
        ("qemu -m 1G", [Run]),
        ("@qemu -m 1G", [Run]),
        ('"%QEMU%" -m 1G', [Run]),
        ("call qemu -m 1G", [Run]),
        ("call :l x", [Run]),
        ("call :l x\n:l\nqemu", [Function, Run, Label, Run]),
        ("qemu & qemu", [Run, Run]),
        ("(qemu\nqemu)", [Run, Run]),
        ("qemu | more", [Apart, Apart]),
        ("qemu > log 2>&1", [Run]),
        ("a && qemu", [Run, Choice]),
        ("if exist x (set A=1) else set A=2", [Choice]),
        ("for %%i in (a b) do qemu %%i", [Loop]),
        ("goto x", [Jump]),
        ("goto :eof", [End]),
        (":x", [Label]),
        ("exit /b 1", [End]),
        ("rem qemu", []),
        (":: qemu", []),
        ("echo off", [Run]),
    ],
)
def test_a_statement_is_what_cmd_makes_of_it(text: str, expected: list[type[Statement]]) -> None:
    assert [type(statement) for statement in batch_statements(text + "\n")] == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("qemu -m 1G ^\n  -smp 2", "qemu -m 1G -smp 2"),
        ("qemu -m 1G^\n  -smp 2", "qemu -m 1G -smp 2"),
        ("set A=-m 1G ^\n  -smp 2\nqemu %A%", "qemu -m 1G -smp 2"),
        ('set "A=a b"\nqemu "%A%"', "qemu a b"),
        ("set A=x& rem\nqemu %A%", "qemu x"),
        ("qemu %~1 %* %1 %NO% !NO! %A:~0,2% %~dp0x", "qemu %~1 %* %1 %NO% !NO! %A:~0,2% %~dp0x"),
        ("set A=1\nqemu !a!", "qemu 1"),
        ("qemu -hda a^&b", "qemu -hda a&b"),
        ('set A=1\nif "%A%"=="1" (set B=x) else set B=y\nqemu %B%', "qemu x"),
        ('set A=1\nif not "%A%"=="1" (set B=x) else set B=y\nqemu %B%', "qemu y"),
        ("set A=1\nif %A% EQU 1 set B=x\nqemu %B%", "qemu x"),
        ("for /f %%i in (x) do qemu %%i", "qemu %%i"),
    ],
)  # fmt: skip
def test_the_words_are_those_that_the_program_gets(text: str, line: str) -> None:
    assert [" ".join(map(text_of, way.words)) for way in follow(batch_statements(text + "\n"))[-1].ways] == [
        line
    ]


def test_if_and_not_are_told_apart_by_their_labels() -> None:
    (choice,) = batch_statements("if not exist x (set A=1) else (set A=2)\n")
    assert isinstance(choice, Choice)
    assert [branch.label for branch in choice.branches] == ["if not exist x", "unless not exist x"]


def test_places_survive_the_joining_of_lines() -> None:
    words = follow(batch_statements("rem\nqemu -m 1G ^\n  -smp 2 ^\n -hda é x\n"))[0].ways[0].words
    assert [(word[0].line, word[0].column) for word in words] == [
        (2, 1), (2, 6), (2, 9), (3, 3), (3, 8), (4, 2), (4, 7), (4, 9),
    ]  # fmt: skip


def test_many_labels_and_long_lists_are_read() -> None:
    assert batch_statements("".join(f"call :l{n}\n:l{n}\nqemu\n" for n in range(2000)))
    assert len(list(all_of(batch_statements("a & " * 3000 + "qemu\n")))) == 3001
    assert not any(isinstance(s, Given) for s in batch_statements(")))\n"))


@pytest.mark.parametrize("operator", ["|", "&"])
def test_a_line_of_any_number_of_commands_is_read_to_its_end(operator: str) -> None:
    script = batch_statements(f" {operator} ".join(["a"] * 3000 + ["qemu-kvm -m 1G"]))
    assert sum(isinstance(s, Run) for s in all_of(script)) == 3001
