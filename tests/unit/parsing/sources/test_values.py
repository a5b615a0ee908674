"""Variables of a shell's text: which are known where a command stands."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.shell import shell_commands


def arguments(text: str) -> list[str]:
    """The words behind the program of the last command."""
    return list(shell_commands(text)[-1].argv[1:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A=kvm\nqemu-kvm -accel $A", ["-accel", "kvm"]),
        ("A=kvm\nqemu-kvm -accel ${A},x=${A:-b}", ["-accel", "kvm,x=kvm"]),
        ("export A='a  b'\nqemu-kvm -m $A \"$A\" x$A", ["-m", "a", "b", "a  b", "xa", "b"]),
        ('A=\nqemu-kvm -m $A "$A" ${A:-c} ${A-d}', ["-m", "", "c"]),
        ("A=1\nA=\"$A 2\"\nA+=' 3'\nqemu-kvm -m $A", ["-m", "1", "2", "3"]),
        ("D=$1\nA=file=$D\nqemu-kvm -drive $A", ["-drive", "file=$D"]),
        ("f() {\nlocal A=1\nqemu-kvm -m $A\n}", ["-m", "1"]),
        ('f() {\nlocal a=(-m)\na+=(1)\na+=(2)\nqemu-kvm "${a[@]}"\n}', ["-m", "1", "2"]),
        ("for i in 1 2; do A=1; A+=2; qemu-kvm -m $A; A+=3; done", ["-m", "12"]),
        ("A=1\nif x; then\nqemu-kvm -m $A\nfi", ["-m", "1"]),
        ("a=(-m 1 '2 3')\nqemu-kvm \"${a[@]}\" -x", ["-m", "1", "2 3", "-x"]),
        ("a=(-m '2 3')\nqemu-kvm ${a[@]}", ["-m", "2", "3"]),
        ('a=()\na+=(-m)\na+=(1)\nb=("${a[@]}" 2)\nqemu-kvm "${b[@]}"', ["-m", "1", "2"]),
        ('a=(-m 1)\nqemu-kvm ${a[@]+"${a[@]}"}', ["-m", "1"]),
        ('set -- -m 1\nset -- "$@" 2\nqemu-kvm "$@"', ["-m", "1", "2"]),
        ("Q='qemu-kvm -m 1'\n$Q -x", ["-m", "1", "-x"]),
        ("A=1; B=$(qemu-kvm -m $A)", ["-m", "1"]),
    ],
)
def test_what_the_text_says_for_certain_is_known(text: str, words: list[str]) -> None:
    assert arguments(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "qemu-kvm -m $A",
        "if x; then A=1; fi\nqemu-kvm -m $A",
        "A=1\nif x; then A=2; fi\nqemu-kvm -m $A",
        "x && A=1\nqemu-kvm -m $A",
        "A=1 | x\nqemu-kvm -m $A",
        "(A=1)\nqemu-kvm -m $A",
        "f() { A=1; }\nf\nqemu-kvm -m $A",
        "for A in 1 2; do qemu-kvm -m $A; done",
        "A=1\nread A\nqemu-kvm -m $A",
        "A=1\nunset A\nqemu-kvm -m $A",
        "A=1\n. ./conf\nqemu-kvm -m $A",
        "A=1\nf() { qemu-kvm -m $A; }\nA=2",
        "A=1\nfor i in 1 2; do A+=2; qemu-kvm -m $A; done",
        "A=1 qemu-kvm -m $A",
        "A=$1\nqemu-kvm -m $A",
        "qemu-kvm -m $A\nA=1",
        "IFS=,\nA=1\nqemu-kvm -m $A",
        "A=1\nbash -c 'qemu-kvm -m $A'",
    ],
)
def test_what_is_not_certain_stays_a_variable(text: str) -> None:
    (command,) = shell_commands(text)
    assert command.argv[1:3] == ("-m", "$A") or command.argv[2:3] == ("$A",), command
    assert "$A" in command.variables


@pytest.mark.parametrize(
    "text",
    [
        'if x; then a+=(1); fi\nqemu-kvm "${a[@]}"',
        'f() { qemu-kvm "$@"; }',
        '. x\na+=(1)\nqemu-kvm "${a[@]}"',
    ],
)
def test_lists_that_are_not_certain_stay_variables(text: str) -> None:
    (command,) = shell_commands(text)
    assert command.argv[1:] == command.variables


def test_words_of_a_variable_stand_where_it_was_set() -> None:
    (command,) = shell_commands("a=( -accel\n  'kvm' )\nB=' -m  1'\nqemu-kvm \"${a[@]}\" $B x$B")
    assert [word[:] for word in command.words] == [
        ("qemu-kvm", 4, 1), ("-accel", 1, 5), ("kvm", 2, 3), ("-m", 3, 5), ("1", 3, 9), ("x", 4, 23), ("-m", 3, 5), ("1", 3, 9)
    ]  # fmt: skip


def test_variables_that_double_do_not_fill_the_memory() -> None:
    text = "A=qemu-kvm\n" + "A=$A$A\n" * 100 + "$A -m 1"
    assert shell_commands(text) == ()


def test_the_program_may_be_a_variable_of_the_text() -> None:
    (command,) = shell_commands('EMULATOR=${1:-qemu-system-s390x}\n"$EMULATOR" -m 1')
    assert (command.program, command.target) == ("${1:-qemu-system-s390x}", "s390x")
